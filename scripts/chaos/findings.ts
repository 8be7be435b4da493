/** What a run comes to. Pure. */
import { latenessOf, quantile, sorted, type Lateness } from "../load/quantile.ts";
import { percent } from "../load/table.ts";
import { examplesOf, wrongsOf, type Example } from "./failures.ts";
import type { Result } from "./load.ts";
import type { Told } from "./log.ts";
import { isIdempotent } from "./objects.ts";
import type { Phase } from "./program.ts";

/** All that was seen. Times are milliseconds from the start of the load. */
export interface Seen {
  readonly phases: readonly Phase[];
  readonly results: readonly Result[];
  /** What the access logs told, and at which place. */
  readonly told: readonly Placed[];
  /** How many requests each origin had seen when a phase began, when its origins were mended, and at the end. */
  readonly counts: readonly Count[];
  readonly repeated: Repeated;
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

export interface Finding {
  /** What happened, such as "frankfurt killed". */
  readonly name: string;
  readonly visits: number;
  /** Failed visits: those that could have been repeated, and others. */
  readonly failed: number;
  readonly failedOnce: number;
  /** Milliseconds: the median, and what 99 of 100 don't exceed. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds, at each place where it came to that, the first one first: until it was ejected, and from its mending until it was back. */
  readonly ejected: readonly number[];
  readonly returned: readonly number[];
  /** Requests to origins beyond the first ones of visits, and those. */
  readonly extra: number;
  readonly needed: number;
  /** What the origins that were well were asked a second in the outage, in times of what all were in the calm. */
  readonly load: number | undefined;
}

export interface Findings {
  readonly whole: Finding;
  readonly phases: readonly Finding[];
  /** What was wrong, and how often; the most frequent first. */
  readonly wrong: readonly (readonly [says: string, times: number])[];
  /** Some of the visits that failed and could be repeated, and why: what their trails told of the way to an origin. */
  readonly examples: readonly Example[];
  readonly repeated: Repeated;
  readonly late: Lateness;
  /** What was missed, in sentences; none when the run holds what it is to hold. */
  readonly missed: readonly string[];
}

/** Extra tries, as a share of those that were needed. */
export const mostExtra = 0.1;

export function findingsOf(seen: Seen): Findings {
  const phases = seen.phases.map((phase) => findingOf(seen, phase));
  const last = seen.phases.at(-1)!;
  const whole = { ...findingOf(seen, { faults: [], from: 0, mended: last.until, until: last.until }), name: "all" };
  const { repeated } = seen;
  return {
    whole,
    phases,
    wrong: wrongsOf(seen.results),
    examples: examplesOf(seen),
    repeated,
    late: latenessOf(seen.results),
    missed: missedOf(whole, repeated.POST),
  };
}

function missedOf({ failed, extra, needed }: Finding, repeated: number): readonly string[] {
  return [
    ...(failed > 0 ? [`${failed} visits failed that could have been repeated; none is to`] : []),
    ...(extra > mostExtra * needed
      ? [`extra tries are ${percent(extra / needed)}; at most ${percent(mostExtra)} are to be`]
      : []),
    ...(repeated > 0 ? [`${repeated} POSTs were done twice; none is to be`] : []),
  ];
}

function findingOf(seen: Seen, phase: Phase): Finding {
  const { faults, from, mended, until } = phase;
  const results = seen.results.filter(({ due }) => due >= from && due < until);
  const told = seen.told.filter(({ began }) => began >= from && began < until);
  const failed = results.filter(({ wrong }) => wrong !== undefined);
  const times = sorted(results.map(({ ms }) => ms));
  return {
    name: faults.map(({ origin, fault }) => `${origin} ${fault}`).join(", ") || "calm",
    visits: results.length,
    failed: failed.filter(({ kind }) => isIdempotent(kind)).length,
    failedOnce: failed.filter(({ kind }) => !isIdempotent(kind)).length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    ejected: sorted(faults.flatMap(({ origin }) => changes(seen.told, ["ejected", origin], [from, mended]))),
    returned: sorted(faults.flatMap(({ origin }) => changes(seen.told, ["returned", origin], [mended, until]))),
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
  const well = all.filter((name) => faults.every(({ origin }) => origin !== name));
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
