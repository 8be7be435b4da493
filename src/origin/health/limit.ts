/**
 * How many requests at once an origin takes, found by how its times change: when they grow with what is under way, there is
 * too much of it. Pure, over a state that is handed in. (The idea is that of the gradient of TCP Vegas.)
 */
import type { FoundLimit } from "../../origin-state.ts";

/** The limit stays within these. */
const [least, most] = [4, 1_000];

/** As many times as slow as usual is still as usual. */
const tolerance = 1.5;

/** The least that is left of the limit by one answer, before smoothing; and how much of a change one answer makes. */
const [steepest, smoothing] = [0.5, 0.1];

/** What is left of it when the origin fails. */
const afterFailure = 0.9;

/** The weight of a time beside those before it, where it tells how long the origin takes without a load. */
const newest = 1 / 10;

/** An answer's header came after `ms` milliseconds, while so many requests were under way. */
export function timed(found: FoundLimit, { ms, inFlight }: Timed): void {
  // A clock that stood still has measured nothing.
  if (ms <= 0) return;
  const { limit, usual = ms } = found;
  // With little under way, a longer time is the origin's own; under a load it is the load's, and must not pass for usual.
  const isUnloaded = inFlight < limit / 2 || limit < 2 * least;
  found.usual = ms < usual || isUnloaded ? usual + (ms - usual) * newest : usual;
  const gradient = Math.min(1, Math.max(steepest, (tolerance * found.usual) / ms));
  const next = limit * gradient + Math.sqrt(limit);
  // Where less is asked than may be, nothing shows that more could be.
  if (next > limit && inFlight < limit / 2) return;
  found.limit = within(limit + (next - limit) * smoothing);
}

interface Timed {
  readonly ms: number;
  readonly inFlight: number;
}

/** It gave no answer, or one that says that it can't. */
export function failedAt(found: FoundLimit): void {
  found.limit = within(found.limit * afterFailure);
}

function within(limit: number): number {
  return Math.min(most, Math.max(least, limit));
}
