/** Edges with origins to choose among, of which something is known or nothing, and visits from all over the world. */
import { loadConfig } from "../../src/config/config.ts";
import type { Balance, Origin } from "../../src/config/upstream.ts";
import { zones } from "../../src/origin-state.ts";
import type { Position } from "../../src/geo/position.ts";
import { askerOf, rank } from "../../src/origin/choose/choose.ts";
import { judge } from "../../src/origin/health/judge.ts";
import { measured } from "../../src/origin/latency.ts";
import { Trail } from "../../src/trail.ts";
import type { Planned } from "../../src/visit.ts";
import { createChance } from "../simulate/chance.ts";
import { createPlace, type Place } from "../simulate/place.ts";
import { BenchError } from "./bench-error.ts";

/** Milliseconds since the epoch; it stands still, as the platform's clock does while nobody is waited for. */
const now = 1.8e12;

type Learn = (origin: Origin, place: Place, random: () => number) => void;

/** Up by its probes, and its answers took from 20 to 220 ms, wherever they were for. */
const answers: Learn = ({ name }, { edge }, random) => {
  const state = edge.fleet.origin(name);
  for (let zone = 0; zone < zones; zone++) measured(state, 20 + 200 * random(), { zone, now });
  state.probed = { isUp: true, since: now, at: now, contrary: 0, why: "200" };
};

/** So often in a row that it is ejected. */
const fails: Learn = ({ name }, { edge }) => {
  const { failures } = edge.config.settings.eject!;
  for (let times = 0; times < failures; times++) judge("failed", { name, askedAt: now, trail: new Trail() }, edge);
};

/** What is known of the origins, by its name in the table. */
export const knowledge = {
  "nothing measured": () => undefined,
  "all measured": answers,
  "all measured, nine of ten ejected": (origin, place, random) => {
    answers(origin, place, random);
    if (Number(origin.name) % 10 !== 0) fails(origin, place, random);
  },
} as const satisfies Readonly<Record<string, Learn>>;

export type Knowledge = keyof typeof knowledge;

/** An edge in front of so many origins, anywhere on Earth and of three weights, all of which are probed. */
export function createChooser(count: number, known: Knowledge): Place {
  const { uniform } = createChance(1, count);
  const origins = Array.from({ length: count }, (_, index) => ({
    name: String(index),
    url: "https://origin.example",
    at: anywhere(uniform),
    weight: 1 + (index % 3),
    health: { path: "/health" },
  }));
  const loaded = loadConfig({ ORIGINS: origins, SITES: [{ hosts: ["*"], origins: origins.map(({ name }) => name) }] });
  if (loaded.kind === "problems") throw new BenchError(JSON.stringify(loaded.problems.slice(0, 3)));
  const { config } = loaded;
  const place = createPlace({ code: "FRA", at: [50, 8.5], share: 1 }, { config, now: () => now, random: uniform });
  for (const origin of config.origins) knowledge[known](origin, place, uniform);
  return place;
}

/** Visits of as many clients, anywhere on Earth. */
export function visitsTo({ visit }: Place, balance: Balance, count: number): readonly Planned[] {
  const { uniform } = createChance(2, count);
  return Array.from({ length: count }, (_, index) => {
    const [latitude, longitude] = anywhere(uniform);
    return { ...visit, balance, client: { ip: `198.51.100.${index % 256}`, latitude, longitude } };
  });
}

function anywhere(random: () => number): Position {
  return [180 * random() - 90, 360 * random() - 180];
}

/** Puts the origins in order, as is done for every visit that the cache can't answer. */
export function chooseFor(visit: Planned, { edge }: Place): readonly Origin[] {
  return rank(edge.fleet.tiers(visit.pool), visit.balance, askerOf(visit, edge, new Map())).map(({ origin }) => origin);
}
