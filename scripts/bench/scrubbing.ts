/** What scrubbing takes of an ordinary visit: a person's, who is let in. Step by step, in workerd. */
import { join } from "node:path";
import { bundle } from "../build.ts";
import { BenchError } from "./bench-error.ts";
import { stop, type Server } from "./children.ts";
import type { Worker } from "./contestant.ts";
import { judge, spreadOf, type Spread, type Verdict } from "./figures.ts";
import { readSched } from "./kernel.ts";
import { align, renderVerdict } from "./report.ts";
import { steps } from "./scrub-steps.ts";
import type { Section } from "./section.ts";
import { startWorkerd } from "./workerd.ts";
import type { Workshop } from "./workshop.ts";

/** Microseconds of CPU a visit. */
export interface Scrubbed {
  readonly step: string;
  readonly spread: Spread;
  readonly verdict?: Verdict;
}

/** Of the median, with all of it on. */
const target = 100;

const title = "scrubbing an ordinary visit";

/** What is timed, beside the clock. */
export const worker: Worker = {
  name: "scrubbing",
  build: async () => (await bundle(join(import.meta.dirname, "scrub-worker.ts"), { minify: true })).code,
  bindings: () => ({}),
};

export const scrubbing: Section = {
  titles: [title],
  run: async (_, { rounds, workshop, progress }) => {
    const spreads = await timeSteps(workshop, rounds, (name) => progress(`${title}: ${name}`));
    const rows = spreads.map((spread, index) => toScrubbed(index, spread));
    return { tables: [renderScrubbed(rows)], failures: [], figures: { scrubbing: rows } };
  },
};

/** Visits of a round, each of another client, and rounds before those that count, in which code is compiled. */
const [timed, warming] = [3_000, 3];

/** Of each step, with all before it. */
async function timeSteps(workshop: Workshop, rounds: number, tell: (name: string) => void): Promise<Spread[]> {
  const server = await startWorkerd(await workshop.furnish(worker));
  const spreads: Spread[] = [];
  for (const [index, { name }] of steps.entries()) {
    tell(name);
    const times: number[] = [];
    for (let round = 0; round < warming + rounds; round++) times.push(await timeRound(server, index + 1));
    spreads.push(spreadOf(times.slice(warming)));
  }
  await stop(server.child);
  return spreads;
}

/** Microseconds of CPU a visit: others on the machine make it no longer. */
async function timeRound({ url, child }: Server, count: number): Promise<number> {
  await ask(`${url}/prepare/${count}/${timed}`);
  const before = readSched(child.pid!).ran;
  await ask(`${url}/scrub`);
  return (readSched(child.pid!).ran - before) / timed;
}

async function ask(url: string): Promise<void> {
  const { ok, status } = await fetch(url);
  if (!ok) throw new BenchError(`scrubbing couldn't be timed: status ${status}`);
}

export function toScrubbed(index: number, spread: Spread): Scrubbed {
  const isAll = index === steps.length - 1;
  return { step: steps[index]!.name, spread, ...(isAll && { verdict: judge(spread.middle, target) }) };
}

/** One table. */
export function renderScrubbed(rows: readonly Scrubbed[]): string {
  const headings = ["", "CPU µs/visit", "lowest–highest", "more", "target"];
  const lines = rows.map(({ step, spread: { middle, lowest, highest }, verdict }, index) => [
    step,
    middle.toFixed(1),
    `${lowest.toFixed(1)}–${highest.toFixed(1)}`,
    index === 0 ? "" : (middle - rows[index - 1]!.spread.middle).toFixed(1),
    verdict ? renderVerdict(verdict, `${verdict.atMost} µs`) : "",
  ]);
  return `what scrubbing takes an ordinary visit\n${align([headings, ...lines])}`;
}
