/**
 * What an isolate has learnt of its origins by asking them. Plain data: `origin/` reads and changes it, a port keeps it from
 * one visit to the next, and a simulation makes as many fleets as it likes.
 */
import type { Origin } from "./config/upstream.ts";
import { unknown, type Latency, type OriginState } from "./origin-state.ts";
import type { Addresses, TierState } from "./pool.ts";

/** Bounded by what the config names: what a newer config no longer has is forgotten. */
export interface Fleet {
  /** What tells this isolate from others, once somebody wanted to know. */
  id: string | undefined;
  /** Of the origin of that name; a new one's when nothing is known of it yet. */
  readonly origin: (name: string) => OriginState;
  /** Of the site of that name. */
  readonly site: (name: string) => SiteState;
  /** When it was last asked how origins do under probes: milliseconds since the epoch. */
  lookedAt: number;
  /** The names of those that are ejected, so that a choice among thousands needn't look for them. */
  readonly ejected: Set<string>;
  /** How often an ejection began, ended, or was made longer or shorter. */
  ejections: number;
  /** Of each pool, which is known by its identity: who is asked though ejected. */
  readonly spared: WeakMap<readonly Origin[], Spared>;
  /** Of the pool, which is known by its identity; see {@link newTiers}. */
  readonly tiers: (pool: readonly Origin[]) => readonly TierState[];
  /** Of the pool, known in the same way; see {@link newAddresses}. */
  readonly addresses: (pool: readonly Origin[]) => Addresses;
}

/** What was worked out once of a pool, most of which is ejected. */
export interface Spared {
  readonly names: ReadonlySet<string>;
  /** {@link Fleet.ejections} then. */
  readonly ejections: number;
  /** When the next of the ejected may be tried, from which on others are spared: milliseconds since the epoch. */
  readonly until: number;
}

/** Of one site: what its visits share. */
export interface SiteState {
  /** For tries beyond the first. */
  readonly retries: Budget;
  /** The part of them that visits have saved, without the reserve. */
  readonly earned: Budget;
  /** For second requests beside a first that takes its time. */
  readonly hedges: Budget;
  /** Time to the first byte, whichever origin gives it: a moving average that jumps to a peak and calms down slowly. */
  readonly pace: Latency;
  /** Visits that wait for an origin's answer, or for the rest of one that broke off. */
  waiting: number;
  /** As many waited at once lately; that fades as savings do. */
  readonly crowd: Budget;
}

/** What may be spent: visits save for it, and savings fade. */
export interface Budget {
  saved: number;
  /** When that was what was saved: milliseconds since the epoch. */
  at: number;
}

/** No visit yet. */
export function newSiteState(): SiteState {
  const empty = (): Budget => ({ saved: 0, at: 0 });
  return { retries: empty(), earned: empty(), hedges: empty(), pace: unknown(), waiting: 0, crowd: empty() };
}
