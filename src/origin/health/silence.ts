/**
 * Noticing that an origin has fallen silent, long before the time of those is up who wait for it: the fewer are sent there
 * meanwhile, the fewer must be tried again. Pure, over a state that is handed in.
 */
import type { OriginState, Unheard } from "../../origin-state.ts";
import type { At } from "./condition.ts";

/** Milliseconds of silence that every origin may take: a packet that was lost comes again in less. */
const shortest = 250;

/** As many times as long as its answers take lately. */
const times = 4;

/**
 * Milliseconds for one that never answered, where others of the site's don't take longer: after the first, another is asked. Where
 * nobody ever answered, all may be slow alike: it has failed after the second.
 */
const unknown = { patience: 1_000, failure: 10_000 };

/**
 * Some pages take far longer than most. Of so many requests that were sent one after the other not all are for such: when none of
 * them is answered, what the origin says to older ones doesn't count, and nobody needs the patience that one request would have.
 */
const crowd = { least: 5, shortest: 500 };

/**
 * Somebody asks it, and waits.
 * @param expected milliseconds that the site's answers take lately, as far as that is known.
 * @returns the number of the request.
 */
export function waits(unheard: Unheard, now: number, expected?: number): number {
  if (unheard.count++ === 0) unheard.since = now;
  unheard.expected = expected;
  unheard.sent++;
  if (unheard.sent - unheard.heard === crowd.least) unheard.crowdedAt = now;
  return unheard.sent;
}

/** Who waited does so no more. */
export function waitsNoMore(unheard: Unheard): void {
  unheard.count--;
}

/** It answered, whomever. @param number the request's, where it was counted among those who wait. */
export function heard(unheard: Unheard, now: number, number = 0): void {
  unheard.since = now;
  if (number <= unheard.heard) return;
  unheard.heard = number;
  unheard.crowdedAt = now;
}

/** Milliseconds in which those who wait have heard nothing; 0 when nobody waits. */
export function silence({ count, since }: Unheard, now: number): number {
  return count === 0 ? 0 : Math.max(0, now - since);
}

type Known = Pick<OriginState, "peak" | "unheard">;

/** Milliseconds of silence that are longer than any answer of the origin should take. @param expected as {@link waits} has it. */
export function patienceWith({ peak, unheard }: Known, expected: number | undefined = unheard.expected): number {
  if (peak.mean !== undefined) return Math.max(shortest, times * peak.mean);
  return Math.max(unknown.patience, times * (expected ?? 0));
}

/** Milliseconds of silence after which a request to the origin has failed. */
export function failureAfter(state: Known, expected: number | undefined = state.unheard.expected): number {
  const isKnown = (state.peak.mean ?? expected) !== undefined;
  return isKnown ? patienceWith(state, expected) : unknown.failure;
}

/** The part of that patience that a visit has with an origin that is silent already, or has failed: as long as an answer takes. */
export const patienceInDoubt = 1 / times;

/** Milliseconds that a crowd waits; undefined where nothing is known of the origin. */
export function crowdPatience({ typical }: Pick<OriginState, "typical">): number | undefined {
  return typical && Math.max(crowd.shortest, times * typical);
}

/** When a crowd has waited for too long: milliseconds since the epoch; undefined while there is none. */
export function crowdLostAt(state: Pick<OriginState, "typical" | "unheard">): number | undefined {
  const { count, sent, heard, crowdedAt } = state.unheard;
  const patience = Math.min(count, sent - heard) < crowd.least ? undefined : crowdPatience(state);
  return patience && crowdedAt + patience;
}

/**
 * Whether all that it was asked lately came to nothing, or waits for longer than any answer should take.
 * @param most so many in a row may.
 */
export function isFailing(state: Known & Pick<OriginState, "inVain">, most: number, now: number): boolean {
  const { unheard, inVain } = state;
  if (inVain >= most) return true;
  return inVain + unheard.count >= most && silence(unheard, now) > failureAfter(state);
}

/**
 * Whether as many have failed or wait as failures would eject it, and none of those who wait has heard anything for too long.
 * @param after so many milliseconds are.
 */
export function isSilent(
  state: Pick<OriginState, "unheard" | "peak" | "typical" | "condition">,
  { now, eject }: At,
  after: number = patienceWith(state),
): boolean {
  const { unheard, condition } = state;
  if (!eject || unheard.count === 0 || unheard.count + condition.inRow < eject.failures) return false;
  return silence(unheard, now) > after || now > (crowdLostAt(state) ?? now);
}
