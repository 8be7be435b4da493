/** What scrubbing takes of an ordinary visit: a person's, who is let in. Step by step, in this process: it asks nobody. */
import { loadConfig } from "../../src/config/config.ts";
import type { Edge } from "../../src/edge.ts";
import { parseAddress } from "../../src/http/address.ts";
import { Fields } from "../../src/http/fields.ts";
import { createFirstTime } from "../../src/platform/memory/first-time.ts";
import { createLookups } from "../../src/platform/memory/lookups.ts";
import { createMac } from "../../src/platform/memory/mac.ts";
import { createMemo } from "../../src/platform/memory/memo.ts";
import { createSigner } from "../../src/platform/memory/signer.ts";
import { scrub } from "../../src/scrub/scrub.ts";
import { Trail } from "../../src/trail.ts";
import type { Sited } from "../../src/visit.ts";
import { browserFields } from "../load/browser.ts";
import { BenchError } from "./bench-error.ts";
import { judge, median, spreadOf, type Spread, type Verdict } from "./figures.ts";
import { align, renderVerdict } from "./report.ts";
import { now, secrets, steps, type Shown, type Step } from "./scrub-steps.ts";
import type { Section } from "./section.ts";

/** Microseconds of CPU a visit. */
export interface Scrubbed {
  readonly step: string;
  readonly spread: Spread;
  readonly verdict?: Verdict;
}

/** Of the median, with all of it on. */
const target = 100;

const title = "scrubbing an ordinary visit";

export const scrubbing: Section = {
  titles: [title],
  run: async (_, { rounds, progress }) => {
    const rows: Scrubbed[] = [];
    for (const [index, { name }] of steps.entries()) {
      progress(`${title}: ${name}`);
      const spread = await timeScrubbing(steps.slice(0, index + 1), rounds);
      rows.push(toScrubbed(name, spread, index === steps.length - 1));
    }
    return { tables: [renderScrubbed(rows)], failures: [], figures: { scrubbing: rows } };
  },
};

export function toScrubbed(step: string, spread: Spread, isAll: boolean): Scrubbed {
  return { step, spread, ...(isAll && { verdict: judge(spread.middle, target, 1) }) };
}

/** An edge with these steps on, as far as scrubbing needs one. */
export function edgeWith(on: readonly Step[]): Edge {
  const loaded = loadConfig({
    ORIGINS: [{ name: "origin", url: "https://origin.example" }],
    SITES: [{ hosts: ["*"], origins: ["origin"] }],
    RULES: on.flatMap(({ rules = [] }) => rules),
    LISTS: Object.assign({}, ...on.map(({ lists }) => lists)),
    SETTINGS: Object.assign({}, ...on.map(({ settings }) => settings)),
  });
  if (loaded.kind === "problems") throw new BenchError(JSON.stringify(loaded.problems.slice(0, 3)));
  const clock = (): number => now;
  const secret = (name: string): string | undefined => secrets[name];
  const sign = createSigner(secret);
  const ports: Partial<Edge> = {
    ...{ config: loaded.config, now: clock, random: Math.random, secret, sign, mac: createMac(sign) },
    limiter: () => ({ take: async () => true }),
    remember: createMemo<string>(2_000),
    firstTime: createFirstTime(clock),
    lookups: createLookups({ now: clock, defer: () => undefined }),
  };
  return ports as Edge;
}

/** So many visits, each of a client of its own, that show what the steps ask for. */
export async function visitsTo(edge: Edge, on: readonly Step[], count: number): Promise<readonly Sited[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => visitOf(index, on, edge)));
}

async function visitOf(index: number, on: readonly Step[], edge: Edge): Promise<Sited> {
  const cookie = `session=${index}; theme=dark; consent=1`;
  let shown: Shown = {
    url: `https://www.example.com/articles/page-${index}.html?utm_source=mail&page=${index}`,
    fields: { host: "www.example.com", ...browserFields, cookie },
  };
  const visit = sited(index, shown, edge);
  for (const { show } of on) if (show) shown = await show(shown, visit, edge);
  return sited(index, shown, edge);
}

function sited(index: number, { url, fields }: Shown, { config }: Edge): Sited {
  return {
    id: String(index),
    method: "GET",
    url: parseAddress(url)!,
    fields: Fields.of(fields),
    // All that is read of it, and cheaper than Node's own Request tells it.
    request: { url } as Request,
    client: { ip: `198.51.${index >> 8}.${index % 256}`, country: "DE", continent: "EU", asn: 64600 },
    startedAt: now,
    trail: new Trail(),
    site: config.sites.any!,
  };
}

/** Visits of a round, all of them other clients', and those that are timed together. */
const [timed, batch] = [3_000, 50];

/** A round more than counts: in the first one, code is compiled. */
async function timeScrubbing(on: readonly Step[], rounds: number): Promise<Spread> {
  const edge = edgeWith(on);
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) times.push(await timeRound(await visitsTo(edge, on, timed), edge));
  return spreadOf(times.slice(1));
}

/** Microseconds of CPU, in whatever thread, a visit: what signs and verifies has threads of its own in this runtime. */
async function timeRound(visits: readonly Sited[], edge: Edge): Promise<number> {
  const taken: number[] = [];
  for (let start = 0; start < visits.length; start += batch) {
    const part = visits.slice(start, start + batch);
    const before = process.cpuUsage();
    for (const visit of part) {
      const { kind } = await scrub(visit, edge);
      if (kind !== "go") throw new BenchError("an ordinary visit was refused");
    }
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / part.length);
  }
  return median(taken);
}

/** One table. */
export function renderScrubbed(rows: readonly Scrubbed[]): string {
  const headings = ["", "µs of CPU", "lowest–highest", "more", "target"];
  const lines = rows.map(({ step, spread: { middle, lowest, highest }, verdict }, index) => [
    step,
    middle.toFixed(1),
    `${lowest.toFixed(1)}–${highest.toFixed(1)}`,
    index === 0 ? "" : (middle - rows[index - 1]!.spread.middle).toFixed(1),
    verdict ? renderVerdict(verdict, `${verdict.atMost} µs`) : "",
  ]);
  return `what scrubbing takes an ordinary visit\n${align([headings, ...lines])}`;
}
