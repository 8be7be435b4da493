/** What a limit takes of a visit's CPU, by who counts and by how many clients there are. In this process: it asks nobody. */
import type { Answer } from "../../src/answer.ts";
import { toLimit } from "../../src/config/limit.ts";
import type { RateLimit } from "../../src/config/rates.ts";
import type { Edge } from "../../src/edge.ts";
import { Fields } from "../../src/http/fields.ts";
import { createRates } from "../../src/platform/memory/rates.ts";
import { takeToken } from "../../src/scrub/rates/rate.ts";
import { Trail } from "../../src/trail.ts";
import type { Clean } from "../../src/visit.ts";
import { timeBatches } from "./batches.ts";
import { judge, spreadOf, type Spread, type Verdict } from "./figures.ts";
import { align, renderVerdict } from "./report.ts";
import type { Section } from "./section.ts";

/** Microseconds a visit. */
interface Limits {
  readonly scope: RateLimit["scope"];
  readonly clients: number;
  readonly spread: Spread;
  readonly verdict: Verdict;
}

const target = 10;

const scopes = ["isolate", "global"] as const satisfies readonly RateLimit["scope"][];
/** Of a million, most are forgotten again. */
const crowds = [1, 10_000, 1_000_000];
const titleOf = (scope: string, clients: number): string =>
  `limits: ${scope}, clients: ${clients.toLocaleString("en-US")}`;

export const limits: Section = {
  titles: scopes.flatMap((scope) => crowds.map((clients) => titleOf(scope, clients))),
  run: async (isWanted, { rounds, progress }) => {
    const rows: Limits[] = [];
    for (const scope of scopes) {
      for (const clients of crowds.filter((each) => isWanted(titleOf(scope, each)))) {
        progress(titleOf(scope, clients));
        const spread = timeEach(scope, clients, rounds);
        rows.push({ scope, clients, spread, verdict: judge(spread.middle, target) });
      }
    }
    return { tables: [render(rows)], failures: [], figures: { limits: rows } };
  },
};

/** Visits that only let the code be compiled and the memory fill up, those of a round, and those that are timed together. */
const [warming, timed, batch] = [200_000, 20_000, 200];

/** A stride that comes to every client in turn, in an order of no pattern. */
const stride = 7_919;

function timeEach(scope: RateLimit["scope"], clients: number, rounds: number): Spread {
  const visit = visitor(scope);
  let number = 0;
  const next = (): boolean => visit(`192.0.2.${(number = (number + stride) % clients)}`);
  const ask = (count: number) => timeBatches(Array.from({ length: count }), batch, next);
  ask(warming);
  return spreadOf(Array.from({ length: rounds }, () => ask(timed).each / 1000));
}

/** One isolate: takes the token and tells how the limit stands, as for a visit that is let in or refused. */
function visitor(scope: RateLimit["scope"]): (client: string) => boolean {
  let client = "";
  let now = 1.8e12;
  const written = {
    rate: { count: 100, period: 60_000 },
    count: "all",
    then: "block",
    scope,
    per: () => client,
  } as const;
  const limit = toLimit(written, { name: "api", monitor: false }) as RateLimit;
  // Whoever counts for all never comes to an answer here: what is timed is what a visit takes.
  const counters = { count: async () => [] };
  const ports: Partial<Edge> = { now: () => now, rates: createRates(), counters, defer: () => undefined };
  const visit: Pick<Clean, "dues" | "trail"> = { dues: [], trail: new Trail() };
  return (from) => {
    client = from;
    now += 1;
    const wait = takeToken(visit as Clean, limit, ports as Edge);
    const answer: Answer = { status: 200, fields: new Fields(), body: null };
    for (const due of visit.dues.splice(0)) due(answer);
    return wait === undefined;
  };
}

function render(rows: readonly Limits[]): string {
  const headings = ["scope", "clients", "µs a visit", "lowest–highest", "target"];
  const lines = rows.map(({ scope, clients, spread: { middle, lowest, highest }, verdict }) => [
    scope,
    clients.toLocaleString("en-US"),
    middle.toFixed(2),
    `${lowest.toFixed(2)}–${highest.toFixed(2)}`,
    renderVerdict(verdict, `${verdict.atMost} µs`),
  ]);
  return `CPU of a visit under a rate, in the isolate\n${align([headings, ...lines])}`;
}
