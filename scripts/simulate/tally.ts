/** What is counted, in slices of time, so that it can be seen how things go. */
import type { Planet } from "./planet.ts";
import type { Trouble } from "./trouble.ts";

/** Of visits, by when they began. */
export interface Slices {
  readonly visits: Float64Array;
  readonly hits: Float64Array;
  /** Visits for which origins were asked and one answered. */
  readonly fetches: Float64Array;
  /** Milliseconds that these waited for the first byte, and that they would have at best. */
  readonly took: Float64Array;
  readonly best: Float64Array;
  /** Visits that got a stale answer because no origin gave one, and those that got none. */
  readonly stale: Float64Array;
  readonly failed: Float64Array;
  /** Times that origins were asked, for visits and for refreshing what is stored. */
  readonly tries: Float64Array;
  /** Of these, those beyond the first. */
  readonly again: Float64Array;
}

export interface Tally {
  readonly slices: Slices;
  /** Milliseconds of a slice. */
  readonly slice: number;
  /** Which one a time is in. */
  readonly at: (time: number) => number;
  /** Of each trouble, by slices: times that its origins were asked. */
  readonly troubled: readonly Float64Array[];
  /** Origin by origin, of each slice: milliseconds of work. */
  readonly work: Float64Array;
  /** By location, milliseconds. */
  readonly places: { readonly fetches: Float64Array; readonly took: Float64Array; readonly best: Float64Array };
  /** How often what was waited, in buckets that grow; see {@link quantile}. */
  readonly spread: { readonly took: Float64Array; readonly best: Float64Array };
}

/** As many slices has a run. */
export const sliceCount = 360;

export function createTally(planet: Planet, troubles: readonly Trouble[], length: number): Tally {
  const { locations, origins } = planet;
  const slices = (): Float64Array => new Float64Array(sliceCount);
  const places = (): Float64Array => new Float64Array(locations.length);
  return {
    slices: {
      visits: slices(),
      hits: slices(),
      fetches: slices(),
      took: slices(),
      best: slices(),
      stale: slices(),
      failed: slices(),
      tries: slices(),
      again: slices(),
    },
    slice: length / sliceCount,
    // A time between two slices is in the later one, whatever becomes of its last digits.
    at: (time) => Math.min(sliceCount - 1, Math.floor((time / length) * sliceCount + 1e-9)),
    troubled: troubles.map(slices),
    work: new Float64Array(origins.length * sliceCount),
    places: { fetches: places(), took: places(), best: places() },
    spread: { took: new Float64Array(buckets), best: new Float64Array(buckets) },
  };
}

/** A visit got its first byte from an origin. */
export interface Fetched {
  readonly startedAt: number;
  readonly location: number;
  readonly took: number;
  readonly best: number;
}

export function countFetch({ slices, places, spread, at }: Tally, { startedAt, location, took, best }: Fetched): void {
  const slice = at(startedAt);
  slices.fetches[slice]!++;
  slices.took[slice]! += took;
  slices.best[slice]! += best;
  places.fetches[location]!++;
  places.took[location]! += took;
  places.best[location]! += best;
  spread.took[bucketOf(took)]!++;
  spread.best[bucketOf(best)]!++;
}

/** Each bucket reaches so much further than the one before. */
const growth = 1.02;
const buckets = 700;

function bucketOf(ms: number): number {
  return Math.min(buckets - 1, Math.max(0, Math.ceil(Math.log(ms) / Math.log(growth))));
}

/** The time within which that share came, in milliseconds, to within 2 %. NaN when none came. */
export function quantile(counts: Float64Array, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  const bucket = counts.findIndex((count) => (sum += count) >= share * total);
  return total > 0 ? growth ** bucket : Number.NaN;
}
