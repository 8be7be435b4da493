/**
 * What an isolate has learnt of its origins by asking them. Plain data: `origin/` reads and changes it, a port keeps it from
 * one visit to the next, and a simulation makes as many fleets as it likes.
 */

/** Bounded by what the config names: what a newer config no longer has is forgotten. */
export interface Fleet {
  /** Of the origin of that name; a new one's when nothing is known of it yet. */
  readonly origin: (name: string) => OriginState;
  /** Of the site of that name. */
  readonly site: (name: string) => SiteState;
}

/** Of one origin. */
export interface OriginState {
  /** Requests that were sent to it and whose answer hasn't come to its end. */
  inFlight: number;
  readonly latency: Latency;
  readonly traffic: Traffic;
}

/** Milliseconds from asking to the first byte of the answer, as a moving average that jumps to a peak and calms down slowly. */
export interface Latency {
  /** Undefined until it has answered once. */
  mean: number | undefined;
  /** When that was: milliseconds since the epoch. */
  at: number;
}

/** Bytes of answers lately: a sum that fades with time. */
export interface Traffic {
  sum: number;
  /** When the sum was that: milliseconds since the epoch. */
  at: number;
}

/** Of one site: what its visits share. */
export interface SiteState {
  /** Visits that were given an origin in turn so far. */
  turn: number;
  /** For tries beyond the first. */
  readonly retries: Budget;
}

/** What may be spent: visits save for it, and savings fade. */
export interface Budget {
  saved: number;
  /** When that was what was saved: milliseconds since the epoch. */
  at: number;
}

/** Nothing is known of it. */
export function newOriginState(): OriginState {
  return { inFlight: 0, latency: { mean: undefined, at: 0 }, traffic: { sum: 0, at: 0 } };
}

/** No visit yet. */
export function newSiteState(): SiteState {
  return { turn: 0, retries: { saved: 0, at: 0 } };
}
