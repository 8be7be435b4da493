/** What the counts come to. */
import type { Verdict } from "../bench/figures.ts";
import type { Run, RunOptions } from "./run.ts";
import { quantile, sliceCount, type Slices, type Tally } from "./tally.ts";
import type { Kind, Trouble } from "./trouble.ts";

export interface Figures {
  readonly options: RunOptions;
  readonly whole: Phase;
  /** The time without troubles, when locations have got to know their origins. */
  readonly calm: Phase;
  /** One after the other. */
  readonly phases: readonly Phase[];
  readonly troubles: readonly Recovery[];
  /** Milliseconds in which that share had its first byte: by the policy, and at best. */
  readonly quantiles: readonly { readonly share: number; readonly took: number; readonly best: number }[];
  readonly loads: Loads;
  /** The target: the mean against the best possible. */
  readonly verdicts: { readonly whole: Verdict; readonly calm: Verdict };
}

/** A part of the run; shares are from 0 to 1. */
export interface Phase {
  readonly name: string;
  /** Seconds since the beginning. */
  readonly from: number;
  readonly until: number;
  readonly visits: number;
  readonly hitRatio: number;
  /** Milliseconds to the first byte of visits for which origins were asked: in the mean, and at best. */
  readonly mean: number;
  readonly best: number;
  readonly ratio: number;
  readonly failed: number;
  readonly stale: number;
  /** Tries beyond the first, as a share of all. */
  readonly again: number;
}

export interface Recovery {
  readonly kind: Kind;
  readonly origins: number;
  /** Visits that got no answer while it lasted. */
  readonly failed: number;
  /** Seconds after which its origins got less than a twentieth of their usual tries; undefined when they never did. */
  readonly leftAloneAfter: number | undefined;
  /** Seconds after its end until they got nine tenths of their usual share again. */
  readonly backAfter: number | undefined;
}

/** How busy origins were, as a share of what they can do: the middle one, the busiest, and the busiest of any minute. */
export interface Loads {
  readonly middle: number;
  readonly busiest: number;
  readonly peak: number;
  /** Of each, the busiest first. */
  readonly each: readonly number[];
}

/** The mean is to be within 5 % of the best. */
const target = 1.05;

export function toFigures({ options, planet, troubles, tally }: Run): Figures {
  const phases = phasesOf(troubles, tally);
  const isCalm = phases.filter(({ name }) => name === "calm");
  const whole = phaseOf("whole", [[0, sliceCount]], tally);
  const calm = phaseOf(
    "calm",
    isCalm.map(({ range }) => range),
    tally,
  );
  return {
    options,
    whole,
    calm,
    phases: phases.map(({ name, range }) => phaseOf(name, [range], tally)),
    troubles: troubles.map((trouble, index) => recoveryOf(trouble, tally.troubled[index]!, tally)),
    quantiles: [0.5, 0.9, 0.99, 0.999].map((share) => ({
      share,
      took: quantile(tally.spread.took, share),
      best: quantile(tally.spread.best, share),
    })),
    loads: loadsOf(
      planet.origins.map(({ workers }) => workers),
      tally,
    ),
    verdicts: { whole: judge(whole.ratio), calm: judge(calm.ratio) },
  };
}

type Range = readonly [from: number, until: number];

interface NamedRange {
  readonly name: string;
  /** Of slices. */
  readonly range: Range;
}

/** Learning, then each trouble by its name, with calm between them. */
function phasesOf(troubles: readonly Trouble[], { at }: Tally): readonly NamedRange[] {
  const learnt = sliceCount / 12;
  const phases: NamedRange[] = [{ name: "learning", range: [0, learnt] }];
  let end = learnt;
  for (const { kind, from, until } of troubles) {
    phases.push({ name: "calm", range: [end, at(from)] }, { name: kind, range: [at(from), at(until)] });
    end = at(until);
  }
  return [...phases, { name: "calm", range: [end, sliceCount] }];
}

function phaseOf(name: string, ranges: readonly Range[], { slices, slice }: Tally): Phase {
  const sum = (counts: Float64Array): number =>
    ranges.reduce((total, [from, until]) => total + sumOf(counts.subarray(from, until)), 0);
  const { visits, hits, fetches, took, best, stale, failed, tries, again } = totals(slices, sum);
  return {
    name,
    from: (ranges[0]![0] * slice) / 1000,
    until: (ranges.at(-1)![1] * slice) / 1000,
    visits,
    hitRatio: hits / visits,
    mean: took / fetches,
    best: best / fetches,
    ratio: took / best,
    failed,
    stale,
    again: again / tries,
  };
}

function totals(slices: Slices, sum: (counts: Float64Array) => number): Readonly<Record<keyof Slices, number>> {
  const entries = Object.entries(slices).map(([name, counts]) => [name, sum(counts as Float64Array)]);
  return Object.fromEntries(entries) as Record<keyof Slices, number>;
}

/** By which it is seen that origins are left alone, and that they are back. */
const alone = 0.05;
const back = 0.9;

/** Slices before a trouble in which there was none: from these it is seen what is usual. */
const calmBefore = sliceCount / 10;

/** As many slices are looked at together: fewer tries are a matter of chance. */
const together = sliceCount / 60;

function recoveryOf({ kind, from, until, origins }: Trouble, tries: Float64Array, tally: Tally): Recovery {
  const { slices, slice } = tally;
  const [first, end] = [tally.at(from), tally.at(until)];
  const share = (from: number, until: number): number =>
    sumOf(tries.subarray(from, until)) / sumOf(slices.tries.subarray(from, until));
  const usual = share(first - calmBefore, first);
  const seconds = (from: number, until: number, holds: (times: number) => boolean): number | undefined => {
    for (let at = from; at + together <= until; at++) {
      if (holds(share(at, at + together) / usual)) return ((at - from) * slice) / 1000;
    }
    return undefined;
  };
  return {
    kind,
    origins: origins.size,
    failed: sumOf(slices.failed.subarray(first, end)),
    leftAloneAfter: seconds(first, end, (times) => times < alone),
    backAfter: seconds(end, sliceCount, (times) => times >= back),
  };
}

/** A mean against the best: exactly, however it is printed. */
export function judge(value: number): Verdict {
  return { value, atMost: target, met: value <= target };
}

function loadsOf(workers: readonly number[], { work, slice }: Tally): Loads {
  const aMinute = Math.max(1, Math.round(60_000 / slice));
  const busy = (origin: number, from: number, until: number): number => {
    const row = work.subarray(origin * sliceCount + from, origin * sliceCount + until);
    return sumOf(row) / (workers[origin]! * slice * row.length);
  };
  const each = workers.map((_, origin) => busy(origin, 0, sliceCount)).toSorted((one, other) => other - one);
  const minutes = Array.from({ length: Math.floor(sliceCount / aMinute) }, (_, minute) => minute * aMinute);
  const peaks = workers.flatMap((_, origin) => minutes.map((from) => busy(origin, from, from + aMinute)));
  return {
    middle: each[Math.floor(each.length / 2)]!,
    busiest: each[0]!,
    peak: peaks.reduce((most, peak) => Math.max(most, peak), 0),
    each,
  };
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
