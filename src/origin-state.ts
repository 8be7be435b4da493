/** What an isolate has learnt of one origin by asking it. Plain data: `origin/` reads and changes it. */

/** Of one origin. */
export interface OriginState {
  /** Requests under way: to their answer's header, and to its end where the origin is `followed`. */
  inFlight: number;
  /** Copies under way, of requests to others. */
  copies: number;
  /** Time to the first byte as it usually is, by the part of the world that the client is in. */
  readonly usual: readonly Latency[];
  /** The same time, wherever the client is, as a moving average that jumps to a peak and calms down slowly. */
  readonly peak: Latency;
  /** Milliseconds within which four of five answers come, about; undefined while none has. */
  typical: number | undefined;
  readonly traffic: Traffic;
  /** How that time varies, where a site that hedges asks it. */
  spread: Spread | undefined;
  readonly condition: Condition;
  /** Requests in a row that brought nothing good, whatever ejects it. */
  inVain: number;
  /** When the last of them did: milliseconds since the epoch. */
  inVainAt: number;
  readonly gate: Gate;
  readonly unheard: Unheard;
  /** What those say who probe it; undefined while nothing is known. */
  probed: Probed | undefined;
}

/** The way in to an origin that takes only so many requests at once. */
export interface Gate {
  /** Places of those who have waited, and are about to ask. */
  promised: number;
  /** Who came first is in front. */
  readonly waiting: Waiter[];
  /** Used where the config leaves it to be found. */
  readonly found: FoundLimit;
}

/** A request that waits for its place. */
export interface Waiter {
  /** Milliseconds since the epoch. */
  readonly until: number;
  wake: () => void;
}

/** As many requests at once as an origin takes well. */
export interface FoundLimit {
  limit: number;
  /** Milliseconds to the first byte without a load. */
  usual: number | undefined;
}

/** Requests to an origin whose answers' headers aren't there yet. */
export interface Unheard {
  count: number;
  /** When it answered last, or when the first of them was sent after all others were over: milliseconds since the epoch. */
  since: number;
  /** So many were ever sent: the number of the youngest. */
  sent: number;
  /** The number of the youngest that was answered. */
  heard: number;
  /** Since when those that are younger than that are a crowd (`health/silence.ts`): milliseconds since the epoch. */
  crowdedAt: number;
  /** Milliseconds that the site's answers took lately, whoever gave them, when the last was sent: all that is known of one that never answered. */
  expected: number | undefined;
}

/** How an origin does under probes. Times are milliseconds since the epoch. */
export interface Probed {
  readonly isUp: boolean;
  /** Since when. */
  readonly since: number;
  /** When it was probed last. */
  readonly at: number;
  /** Probes in a row that said otherwise. */
  readonly contrary: number;
  /** What the last one saw: a status, or what went wrong. A token. */
  readonly why: string;
}

/** How well an origin is, as its answers and failures show; `origin/health/condition.ts` says what follows from it. */
export interface Condition {
  /** Ever since the isolate began. */
  answers: number;
  failures: number;
  /** Failures since its last answer; one by silence counts as several. */
  inRow: number;
  /** Answers and failures together, and failures, both fading with time. */
  lately: { asked: number; failed: number; at: number };
  /** Undefined while it counts as well. */
  ejection: Ejection | undefined;
  /** How often in a row it was ejected. */
  times: number;
  /** When it came back last: milliseconds since the epoch. */
  returnedAt: number | undefined;
  /** When it was asked for a trial that isn't over. */
  triedAt: number | undefined;
}

/** Times are milliseconds since the epoch. */
export interface Ejection {
  readonly why: WhyEjected;
  /** When it ceased to be well. */
  readonly since: number;
  /** When it was ejected, or ejected again. */
  readonly at: number;
  /** Until when it isn't asked. */
  readonly until: number;
}

export type WhyEjected =
  | "failures" // too many in a row
  | "rate" // too large a share of what it was asked
  | "trial"; // it was tried again, and failed

/** Milliseconds from asking to the first byte of the answer. */
export interface Latency {
  /** Undefined until it has answered once. */
  mean: number | undefined;
  /** When it last did: milliseconds since the epoch. */
  at: number;
}

/** Answers by the time they took, in buckets that grow with it; counts fade. */
export interface Spread {
  readonly counts: Float64Array;
  /** When they last did: milliseconds since the epoch. */
  at: number;
}

/** Bytes of answers lately: a sum that fades with time. */
export interface Traffic {
  sum: number;
  /** When the sum was that: milliseconds since the epoch. */
  at: number;
}

/** The parts of the world that are told apart, one of them "not known". */
export const zones = 4;

/** Requests at once that an origin is taken to bear, before more is known. */
const firstLimit = 20;

/** Nothing is known of it. */
export function newOriginState(): OriginState {
  return {
    inFlight: 0,
    copies: 0,
    usual: Array.from({ length: zones }, unknown),
    peak: unknown(),
    typical: undefined,
    traffic: { sum: 0, at: 0 },
    spread: undefined,
    condition: newCondition(),
    inVain: 0,
    inVainAt: 0,
    gate: { promised: 0, waiting: [], found: { limit: firstLimit, usual: undefined } },
    unheard: { count: 0, since: 0, sent: 0, heard: 0, crowdedAt: 0, expected: undefined },
    probed: undefined,
  };
}

/** Well, as far as is known. */
export function newCondition(): Condition {
  return {
    answers: 0,
    failures: 0,
    inRow: 0,
    lately: { asked: 0, failed: 0, at: 0 },
    ejection: undefined,
    times: 0,
    returnedAt: undefined,
    triedAt: undefined,
  };
}

/** Nothing was measured yet. */
export function unknown(): Latency {
  return { mean: undefined, at: 0 };
}
