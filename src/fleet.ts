/**
 * What an isolate has learnt of its origins by asking them. Plain data: `origin/` reads and changes it, a port keeps it from
 * one visit to the next, and a simulation makes as many fleets as it likes.
 */
import type { Origin } from "./config/upstream.ts";
import type { Tree } from "./geo/tree.ts";
import { finderOf } from "./http/words.ts";

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
}

/** What may be spent: visits save for it, and savings fade. */
export interface Budget {
  saved: number;
  /** When that was what was saved: milliseconds since the epoch. */
  at: number;
}

/** Those of a pool that have one priority, laid out so that thousands can be gone through in microseconds. */
export interface TierState {
  /** Without the drained ones. Never empty. */
  readonly origins: readonly Origin[];
  /** Those whose place is known, by their indices; undefined until they are looked for. */
  tree: Tree | undefined;
  /** The indices of all others. */
  readonly unplaced: readonly number[];
  /** Of each, its weight and those of all before it. */
  readonly weights: Float64Array;
  /** All weigh the same. */
  readonly isEven: boolean;
  /** By weight; undefined until somebody hashes. */
  hashed: readonly Hashed[] | undefined;
  /** Of those that were asked for; to look thousands up by their names takes longer. */
  readonly states: (OriginState | undefined)[];
  readonly outs: Outs;
  /** Visits that were given an origin in turn, or that could have got to know one; undefined before the first. */
  turn: number | undefined;
  /** The origin that was the nearest last. */
  leader: Origin | undefined;
  /** The index of one that is none of the nearest, and is known to be well: where to go when a whole region is in trouble. */
  refuge: number | undefined;
  /** The indices of those that were drawn last, to find one. */
  drawn: readonly number[];
}

/** Origins of one weight. */
export interface Hashed {
  readonly weight: number;
  readonly indices: Uint32Array;
  /** Of each one's name. */
  readonly hashes: Int32Array;
}

/** Who was found to be out, and is so whatever visit comes. Times are milliseconds since the epoch; 0: that isn't known. */
export interface Outs {
  /** {@link Fleet.ejections} then: it holds until that changes. */
  ejections: number;
  /** Of each origin, until when. */
  readonly origins: Float64Array;
  /** Of each node of the tree, until when all in it are; empty until there is one. */
  nodes: Float64Array;
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

function unknown(): Latency {
  return { mean: undefined, at: 0 };
}

/** No visit yet. */
export function newSiteState(): SiteState {
  const empty = (): Budget => ({ saved: 0, at: 0 });
  return { retries: empty(), earned: empty(), hedges: empty(), pace: unknown(), waiting: 0 };
}

/** The pool's origins by priority, those to be asked first in front, each in the order of the config. */
export function newTiers(pool: readonly Origin[]): readonly TierState[] {
  const byPriority = Map.groupBy(
    pool.filter(({ drain }) => !drain),
    ({ priority }) => priority,
  );
  return [...byPriority].toSorted(([one], [other]) => one - other).map(([, origins]) => newTier(origins));
}

function newTier(origins: readonly Origin[]): TierState {
  let sum = 0;
  return {
    origins,
    tree: undefined,
    unplaced: [...origins.keys()].filter((index) => origins[index]!.at === undefined),
    weights: Float64Array.from(origins, ({ weight }) => (sum += weight)),
    isEven: origins.every(({ weight }) => weight === origins[0]!.weight),
    hashed: undefined,
    states: Array.from({ length: origins.length }),
    outs: { ejections: 0, origins: new Float64Array(origins.length), nodes: new Float64Array() },
    turn: undefined,
    leader: undefined,
    refuge: undefined,
    drawn: [],
  };
}

/** Where the origins of a pool are. */
export interface Addresses {
  /** Host and port → base paths of the origins there, the longest first, so that the closest one counts. */
  readonly bases: ReadonlyMap<string, readonly string[]>;
  /** The base path of each, by its name. */
  readonly baseOf: ReadonlyMap<string, string>;
  /** Whether one of those hosts is in the text, by itself or in an address. */
  readonly isNamedIn: (text: string) => boolean;
}

/** Laid out so that looking for one takes no longer for thousands. */
export function newAddresses(pool: readonly Origin[]): Addresses {
  const byHost = Map.groupBy(pool, ({ url }) => url.host);
  const basesOf = (origins: readonly Origin[]): readonly string[] =>
    [...new Set(origins.map(({ base }) => base))].toSorted((one, other) => other.length - one.length);
  return {
    bases: new Map([...byHost].map(([host, origins]) => [host, basesOf(origins)])),
    baseOf: new Map(pool.map(({ name, base }) => [name, base])),
    isNamedIn: finderOf([...byHost.keys()]),
  };
}
