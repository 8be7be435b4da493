/** How much the times to the first byte of an origin vary: a histogram of buckets that grow with the time, and fade. */
import type { Spread } from "../origin-state.ts";

/** Each bucket reaches so much further than the one before it: a quantile is right to within that. */
const growth = 1.2;

/** From 1 ms to about a minute. */
const buckets = 61;

/** Milliseconds in which counts lose two thirds of their weight. */
const fading = 60_000;

/** Milliseconds after which counts are made to fade: to do it for each would cost more than counting. */
const pace = 5_000;

/** Fewer counts say nothing of what is rare. */
const fewest = 20;

export function newSpread(now: number): Spread {
  return { counts: new Float64Array(buckets), at: now };
}

/** An answer came after `ms`. */
export function count(spread: Spread, ms: number, now: number): void {
  fade(spread, now);
  spread.counts[bucketOf(ms)]! += 1;
}

/** The time in which that share of answers came, in milliseconds; undefined when too few did lately. */
export function quantile(spread: Spread, share: number, now: number): number | undefined {
  fade(spread, now);
  const total = spread.counts.reduce((sum, each) => sum + each, 0);
  if (total < fewest) return undefined;
  let sum = 0;
  const bucket = spread.counts.findIndex((each) => (sum += each) >= share * total);
  return growth ** bucket;
}

/** The one that reaches just as far, or further. */
function bucketOf(ms: number): number {
  const bucket = Math.ceil(Math.log(Math.max(1, ms)) / Math.log(growth));
  return Math.min(buckets - 1, bucket);
}

function fade(spread: Spread, now: number): void {
  const passed = now - spread.at;
  if (passed < pace) return;
  const left = Math.exp(-passed / fading);
  spread.counts.forEach((each, bucket) => void (spread.counts[bucket] = each * left));
  spread.at = now;
}
