/** When origins weren't well, and what befell them, or visits, when they were. Pure. */
import type { Placed, Seen } from "./findings.ts";
import { paced, type Result } from "./load.ts";
import { isIdempotent } from "./objects.ts";

/** A time in which an origin wasn't well, as it came about: milliseconds from the start of the load. */
export interface Outage {
  readonly origin: string;
  readonly from: number;
  readonly until: number;
}

/**
 * Whether nothing could have saved a visit that failed: one that can't be repeated, or an answer of a length that nobody said,
 * whose connection was lost in the middle while an origin wasn't well. What misses then nobody can ask for.
 */
export function isPastSaving({ kind, wrong, broke, due, ms, ...visit }: Result, outages: readonly Outage[]): boolean {
  if (wrong === undefined) return false;
  if (!isIdempotent(kind)) return true;
  return broke && kind.isChunked && isIn(outages, due, due + ms + paced({ kind, ...visit }));
}

function isIn(outages: readonly Outage[], from: number, until: number): boolean {
  return outages.some((outage) => outage.from <= until && outage.until >= from);
}

/** An origin that was well when a visit began, and until it was ejected with it. */
export interface Wrongly {
  /** Where, and when. */
  readonly place: string;
  readonly time: number;
  readonly origin: string;
  /** What was asked for, and what was decided on the way to an origin; unknown and empty when no line of the log tells. */
  readonly path: string | undefined;
  readonly decisions: readonly string[];
}

/** @param processOf the name of what stands behind an origin: outages are of that. */
export function wronglyEjected({ told, outages }: Seen, processOf: (name: string) => string): readonly Wrongly[] {
  const lines = linesOf(told);
  return told.flatMap(({ id, place, time, began, ejected }) => {
    const visit = lines.get(keyOf({ id, place })) ?? [];
    const first = Math.min(began, ...visit.map((line) => line.began));
    const decisions = visit.flatMap((line) => line.decisions);
    const path = visit.find((line) => line.path !== undefined)?.path;
    return ejected
      .filter(
        (name) =>
          !isIn(
            outages.filter(({ origin }) => origin === processOf(name)),
            first,
            time,
          ),
      )
      .map((origin) => ({ place, time, origin, path, decisions }));
  });
}

/** All lines of a visit: its own, and those that came later. */
export function linesOf(told: readonly Placed[]): ReadonlyMap<string, readonly Placed[]> {
  return Map.groupBy(told, keyOf);
}

export function keyOf({ id, place }: Pick<Placed, "id" | "place">): string {
  return `${place}/${id}`;
}
