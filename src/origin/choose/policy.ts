/** What the policies have in common: what they are told, and what they say. */
import type { Origin } from "../../config/upstream.ts";
import type { OriginState } from "../../origin-state.ts";
import type { TierState } from "../../pool.ts";
import type { Client } from "../../visit.ts";

/**
 * Orders the origins of a tier, the best first, none twice: as many as are wanted, or all that are admitted. Pure but for
 * what it keeps in the tier's state.
 */
export type Policy = (tier: TierState, asker: Asker) => readonly Ranked[];

/** What a policy may know. */
export interface Asker {
  readonly client: Client;
  /** What is hashed. */
  readonly key: () => string;
  /** The visit does no harm if the origin turns out slow, or is asked in vain. */
  readonly mayExplore: boolean;
  /** How many origins may be asked for the visit. */
  readonly wanted: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly state: (origin: Origin) => OriginState;
  /** Whether the origin takes this visit: a full one doesn't, and one that has just returned takes some. May differ from call to call. */
  readonly admits: (origin: Origin, state: OriginState) => boolean;
  /** Until when it is out of use for certain, unless {@link Fleet.ejections} changes: milliseconds since the epoch; 0 when that isn't known. */
  readonly outUntil: (origin: Origin, state: OriginState) => number;
  /** {@link Fleet.ejections} */
  readonly ejections: number;
  /** Whether it is out of use: rather than it, one is asked that takes no more at the moment. */
  readonly isOut: (origin: Origin) => boolean;
}

/** An origin in its place, and what put it there. */
export interface Ranked {
  readonly origin: Origin;
  /** The lower, the earlier; absent where the policy goes by none. */
  readonly score?: number;
  /** What the score comes from, for the trail. */
  readonly parts?: Readonly<Record<string, number>>;
}

/** The best first: lower scores before higher ones, what is equal as it came. */
export function byScore(one: Ranked, other: Ranked): number {
  return one.score! - other.score!;
}
