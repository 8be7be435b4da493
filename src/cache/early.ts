/**
 * Refreshing what is asked for often before it expires, so that it never expires for everyone at once. By chance, and so
 * without any word between isolates or locations (XFetch: Vattani, Chierichetti, Lowenstein, "Optimal Probabilistic Cache
 * Stampede Prevention", 2015).
 */
import type { StoredAnswer } from "./entry.ts";
import { freshnessLeft } from "./reuse.ts";

/** The share of its time here, at the end, in which an answer may be refreshed: however many ask, the origin rests before. */
const lastShare = 0.1;

/** What the decision follows from, besides the answer. */
export interface Odds {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How eagerly: a factor of the time the origin takes; 0: never. */
  readonly eagerness: number;
  /** From 0 up to 1, each as likely as the others. */
  readonly random: () => number;
}

/**
 * Whether a visit to a fresh answer is the one that refreshes it. With `left` milliseconds to go that has a chance of
 * e^(-left / (took × eagerness)): an origin that takes longer is asked earlier, so that it is done in time.
 */
export function isDueEarly(stored: StoredAnswer, { now, eagerness, random }: Odds): boolean {
  const left = freshnessLeft(stored, now);
  const { askedAt, took } = stored;
  const freshHere = left + now - (askedAt + took);
  if (left > freshHere * lastShare) return false;
  return took * eagerness * -Math.log(1 - random()) >= left;
}
