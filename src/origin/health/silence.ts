/**
 * Noticing that an origin has fallen silent, long before the time of those is up who wait for it: the fewer are sent there
 * meanwhile, the fewer must be tried again. Pure, over a state that is handed in.
 */
import type { OriginState, Unheard } from "../../fleet.ts";
import type { At } from "./condition.ts";

/** Milliseconds of silence that every origin may take: a packet that was lost comes again in less. */
const shortest = 250;

/** As many times as long as its answers take lately. */
const times = 4;

/** Milliseconds for one that never answered. */
const unknown = 1_000;

/** Somebody asks it, and waits. */
export function waits(unheard: Unheard, now: number): void {
  if (unheard.count++ === 0) unheard.since = now;
}

/** Who waited does so no more. */
export function waitsNoMore(unheard: Unheard): void {
  unheard.count--;
}

/** It answered, whomever. */
export function heard(unheard: Unheard, now: number): void {
  unheard.since = now;
}

/** Milliseconds in which those who wait have heard nothing; 0 when nobody waits. */
export function silence({ count, since }: Unheard, now: number): number {
  return count === 0 ? 0 : Math.max(0, now - since);
}

/** Milliseconds of silence that are longer than any answer of the origin should take. */
export function patienceWith({ peak }: Pick<OriginState, "peak">): number {
  return peak.mean === undefined ? unknown : Math.max(shortest, times * peak.mean);
}

/** The part of that patience that a visit has with an origin that is silent already, or has failed: as long as an answer takes. */
export const patienceInDoubt = 1 / times;

/**
 * Whether all that it was asked lately came to nothing, or waits for longer than any answer should take.
 * @param most so many in a row may.
 */
export function isFailing(state: Pick<OriginState, "unheard" | "peak" | "inVain">, most: number, now: number): boolean {
  const { unheard, inVain } = state;
  if (inVain >= most) return true;
  return inVain + unheard.count >= most && silence(unheard, now) > patienceWith(state);
}

/** Whether as many have failed or wait as failures would eject it, and none of those who wait has heard anything for too long. */
export function isSilent(state: Pick<OriginState, "unheard" | "peak" | "condition">, { now, eject }: At): boolean {
  const { unheard, condition } = state;
  if (!eject || unheard.count === 0 || unheard.count + condition.inRow < eject.failures) return false;
  return silence(unheard, now) > patienceWith(state);
}
