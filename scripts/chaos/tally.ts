/** How visits went. Pure. */
import { quantile, sorted } from "../load/quantile.ts";
import type { Result } from "./load.ts";
import { isIdempotent, seldomHost, type Kind } from "./objects.ts";
import { isPastSaving, type Outage } from "./outages.ts";

export interface Tally {
  readonly name: string;
  readonly visits: number;
  /** Failed visits: those that could have been saved; those that can't be repeated; and answers of a length that nobody said. */
  readonly failed: number;
  readonly failedOnce: number;
  readonly brokeOff: number;
  /** Milliseconds: the median, and what 99 of 100 don't exceed. */
  readonly p50: number;
  readonly p99: number;
}

export function tallyOf(name: string, results: readonly Result[], outages: readonly Outage[]): Tally {
  const failed = results.filter(({ wrong }) => wrong !== undefined);
  const lost = failed.filter((result) => isPastSaving(result, outages));
  const once = lost.filter(({ kind }) => !isIdempotent(kind));
  const times = sorted(results.map(({ ms }) => ms));
  return {
    name,
    visits: results.length,
    failed: failed.length - lost.length,
    failedOnce: once.length,
    brokeOff: lost.length - once.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

/** What paths are told apart by; each is of the first that it fits. */
const sorts: readonly (readonly [name: string, fits: (kind: Kind) => boolean])[] = [
  ["slow, of origins seldom asked", ({ host }) => host === seldomHost],
  ["slow", ({ work }) => work > 0],
  ["chunked", ({ isChunked }) => isChunked],
  ["all others", () => true],
];

/** By the sort of the path that was asked for. */
export function tallyByPath(results: readonly Result[], outages: readonly Outage[]): readonly Tally[] {
  const sortOf = (kind: Kind): string => sorts.find(([, fits]) => fits(kind))![0];
  return sorts.map(([name]) =>
    tallyOf(
      name,
      results.filter(({ kind }) => sortOf(kind) === name),
      outages,
    ),
  );
}
