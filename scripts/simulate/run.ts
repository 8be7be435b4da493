/** One simulation, from its options to what was counted. */
import { loadConfig } from "../../src/config/config.ts";
import type { Config } from "../../src/config/model.ts";
import { createChance } from "./chance.ts";
import { createDemand } from "./demand.ts";
import { createEvents } from "./events.ts";
import { arrive } from "./journey.ts";
import { createNature } from "./nature.ts";
import { createPlace, toPage } from "./place.ts";
import { createPlanet, type Planet } from "./planet.ts";
import { SimulationError } from "./simulation-error.ts";
import { createTally, type Tally } from "./tally.ts";
import { planTroubles, type Trouble } from "./trouble.ts";
import { createAgenda, type World } from "./world.ts";

export interface RunOptions {
  readonly seed: number;
  readonly visits: number;
  /** How long it takes on the planet. */
  readonly minutes: number;
  readonly locations: number;
  readonly origins: number;
  readonly policy: string;
  /** What the config says of the site besides, such as its timeouts. */
  readonly site: Readonly<Record<string, unknown>>;
}

/** What came of it. */
export interface Run {
  readonly options: RunOptions;
  readonly planet: Planet;
  readonly troubles: readonly Trouble[];
  readonly tally: Tally;
}

/** When it begins: milliseconds since the epoch. */
const dawn = Date.UTC(2026, 2, 1);

/** As many of the visits ask origins, as the operators think. */
const plannedMisses = 0.5;

/**
 * @param progress hears of the share that is done, a hundred times.
 * @throws SimulationError when the config refuses the options, such as an unknown policy.
 */
export function run(options: RunOptions, progress: (share: number) => void): Run {
  const { seed, visits, minutes } = options;
  const length = minutes * 60_000;
  const rate = visits / length;
  const planet = createPlanet({ ...options, planned: rate * 1000 * plannedMisses });
  const troubles = planTroubles(planet, length, seed);
  const tally = createTally(planet, troubles, length);
  const demand = createDemand({ seed, locations: planet.locations, rate });
  const world = createWorld({ planet, troubles, tally, objects: demand.objects }, options);
  for (let count = 0, share = 0; count < visits; count++) {
    const coming = demand.next();
    while (world.agenda.next() <= coming.at) world.agenda.act();
    world.clock.now = coming.at;
    arrive(coming, world);
    if (count >= (share * visits) / 100) progress(share++ / 100);
  }
  while (Number.isFinite(world.agenda.next())) world.agenda.act();
  return { options, planet, troubles, tally };
}

function createWorld(given: Given, options: RunOptions): World {
  const { planet, troubles, objects } = given;
  const clock = { now: 0 };
  // Whole milliseconds, as the platform's clock has them.
  const now = (): number => dawn + Math.floor(clock.now);
  const setting = { config: configOf(planet, options), now, random: createChance(options.seed, 4).uniform };
  const places = planet.locations.map((location) => createPlace(location, setting));
  const kinds = new Map([...new Set(objects)].map((kind) => [kind, toPage(kind, places[0]!)] as const));
  return {
    ...given,
    clock,
    places,
    agenda: createAgenda(createEvents(), clock),
    nature: createNature({ planet, troubles }),
    keys: objects.map((_, object) => `https://www.example.com/${object}`),
    pages: objects.map((kind) => kinds.get(kind)!),
    indices: new Map(planet.origins.map(({ name }, index) => [name, index])),
  };
}

interface Given extends Pick<World, "planet" | "troubles" | "tally"> {
  readonly objects: ReturnType<typeof createDemand>["objects"];
}

/** One site with all origins, all else as it is unless said otherwise. */
function configOf({ origins }: Planet, { policy, site }: RunOptions): Config {
  const loaded = loadConfig({
    ORIGINS: origins.map(({ name, at }) => ({ name, at, url: `https://${name}.origin.example` })),
    SITES: [{ hosts: ["*"], balance: policy, ...site }],
  });
  if (loaded.kind === "config") return loaded.config;
  throw new SimulationError(loaded.problems.map(({ at, says }) => `${at}: ${says}`).join("\n"));
}
