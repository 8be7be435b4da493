/** What a run comes to. Pure. */
import { latenessOf, sorted, type Lateness } from "../load/quantile.ts";
import { percent } from "../load/table.ts";
import { examplesOf, wrongsOf, type Example } from "./failures.ts";
import type { Result } from "./load.ts";
import type { Told } from "./log.ts";
import { wronglyEjected, type Outage, type Wrongly } from "./outages.ts";
import { isWellWhile } from "./origins.ts";
import type { Phase } from "./program.ts";
import type { Taken } from "./taken.ts";
import { tallyByPath, tallyOf, type Tally } from "./tally.ts";

/** All that was seen. Times are milliseconds from the start of the load. */
export interface Seen {
  readonly phases: readonly Phase[];
  readonly results: readonly Result[];
  /** What the access logs told, and at which place. */
  readonly told: readonly Placed[];
  /** How many requests each origin had seen when a phase began, when its origins were mended, and at the end. */
  readonly counts: readonly Count[];
  readonly repeated: Repeated;
  readonly outages: readonly Outage[];
  /** Places at origins that weren't given back in the end. */
  readonly taken: readonly Taken[];
}

/** How many visits of that method origins did more than once. */
export type Repeated = Readonly<Record<"POST" | "PUT", number>>;

export interface Placed extends Told {
  readonly place: string;
}

export interface Count {
  readonly at: number;
  /** By the origin's name. */
  readonly asked: Readonly<Record<string, number>>;
}

/** By the name of what happened, such as "frankfurt killed". */
export interface Finding extends Tally {
  /** Milliseconds, at each place where it came to that, the first one first: until it was ejected, and from its mending until it was back. */
  readonly ejected: readonly number[];
  readonly returned: readonly number[];
  /** How often an origin was ejected that was well. */
  readonly ejectedWell: number;
  /** Requests to origins beyond the first ones of visits, and those. */
  readonly extra: number;
  readonly needed: number;
  /** What the origins that were well, if slow, were asked a second in that time, in times of what all were in the calm. */
  readonly load: number | undefined;
}

export interface Findings {
  readonly whole: Finding;
  readonly phases: readonly Finding[];
  readonly paths: readonly Tally[];
  /** What was wrong, and how often; the most frequent first. */
  readonly wrong: readonly (readonly [says: string, times: number])[];
  /** The visits that failed and could have been saved, and why: what their trails told of the way to an origin. */
  readonly examples: readonly Example[];
  readonly wrongly: readonly Wrongly[];
  readonly taken: readonly Taken[];
  readonly repeated: Repeated;
  readonly late: Lateness;
  /** What was missed, in sentences; none when the run holds what it is to hold. */
  readonly missed: readonly string[];
}

/** Extra tries, as a share of those that were needed. */
export const mostExtra = 0.1;

/** @param processOf the name of what stands behind an origin: outages are of that. */
export function findingsOf(seen: Seen, processOf: (name: string) => string): Findings {
  const { results, outages, repeated, taken } = seen;
  const known = { ...seen, wrongly: wronglyEjected(seen, processOf) };
  const last = seen.phases.at(-1)!;
  const whole = { ...findingOf(known, { faults: [], from: 0, mended: last.until, until: Infinity }), name: "all" };
  return {
    whole,
    phases: seen.phases.map((phase) => findingOf(known, phase)),
    paths: tallyByPath(results, outages),
    wrong: wrongsOf(results),
    examples: examplesOf(seen),
    wrongly: known.wrongly,
    taken,
    repeated,
    late: latenessOf(results),
    missed: missedOf(whole, seen),
  };
}

function missedOf({ failed, extra, needed, ejectedWell }: Finding, { repeated, taken }: Seen): readonly string[] {
  const places = sum(taken.map(({ inFlight, waiting }) => Math.abs(inFlight) + waiting));
  return [
    ...(failed > 0 ? [`${failed} visits failed that could have been saved; none is to`] : []),
    ...(extra > mostExtra * needed
      ? [`extra tries are ${percent(extra / needed)}; at most ${percent(mostExtra)} are to be`]
      : []),
    ...(repeated.POST > 0 ? [`${repeated.POST} POSTs were done twice; none is to be`] : []),
    ...(ejectedWell > 0 ? [`origins that were well were ejected ${ejectedWell} times; none is to be`] : []),
    ...(places > 0 ? [`${places} places at origins were never given back; all are to be`] : []),
  ];
}

interface Known extends Seen {
  readonly wrongly: readonly Wrongly[];
}

function findingOf(seen: Known, phase: Phase): Finding {
  const { faults, from, mended, until } = phase;
  const name = faults.map(({ origin, fault }) => `${origin} ${fault}`).join(", ") || "calm";
  const results = seen.results.filter(({ due }) => due >= from && due < until);
  const told = seen.told.filter(({ began }) => began >= from && began < until);
  return {
    ...tallyOf(name, results, seen.outages),
    ejected: sorted(faults.flatMap(({ origin }) => changes(seen.told, ["ejected", origin], [from, mended]))),
    returned: sorted(faults.flatMap(({ origin }) => changes(seen.told, ["returned", origin], [mended, until]))),
    ejectedWell: seen.wrongly.filter(({ time }) => time >= from && time < until).length,
    extra: sum(told.map(({ extra }) => extra)),
    needed: sum(told.map(({ first }) => first)),
    load: faults.length === 0 ? undefined : loadOf(seen, phase),
  };
}

/** Milliseconds from the beginning of a time to the first change in it, at each place that has one. */
function changes(told: readonly Placed[], [how, origin]: Change, [from, until]: Span): number[] {
  const within = told.filter((each) => each.time >= from && each.time < until && each[how].includes(origin));
  const first = new Map<string, number>();
  for (const { place, time } of within) first.set(place, Math.min(time - from, first.get(place) ?? Infinity));
  return [...first.values()];
}

type Change = readonly [how: "ejected" | "returned", origin: string];
type Span = readonly [from: number, until: number];

function loadOf({ phases, counts }: Seen, { faults, from, mended }: Phase): number {
  const [calm] = phases;
  const all = Object.keys(counts[0]!.asked);
  const out = new Set(faults.filter(({ fault }) => !isWellWhile(fault)).map(({ origin }) => origin));
  const well = all.filter((name) => !out.has(name));
  // Caches fill in its first half.
  const usual = askedBetween(counts, all, [(calm!.from + calm!.until) / 2, calm!.until]);
  return askedBetween(counts, well, [from, mended]) / usual;
}

/** A second. */
function askedBetween(counts: readonly Count[], names: readonly string[], [from, until]: Span): number {
  const nearest = (time: number): Count =>
    counts.toSorted((one, other) => Math.abs(one.at - time) - Math.abs(other.at - time))[0]!;
  const [one, other] = [nearest(from), nearest(until)];
  const asked = sum(names.map((name) => other.asked[name]! - one.asked[name]!));
  return asked / ((other.at - one.at) / 1000);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
