/** What passes between those who count visits, and what an isolate knows of its counts: plain data. */
import type { Quota } from "./gcra.ts";

/** The way to those who count for all locations, each for its share of the keys. */
export interface Counters {
  /**
   * Takes what was spent; resolves to how each key stands then, in their order: milliseconds until its bucket is full again.
   * @throws when there is nobody, or nothing is said in time.
   */
  readonly count: (shard: number, spendings: readonly Spending[]) => Promise<readonly number[]>;
}

/** As many there are. One key is always with the same one. */
export const shards = 32;

/** As many spendings go in one call at most. */
export const mostSpendings = 100;

/** Tokens that were let go in one place. */
export interface Spending {
  /** At most 200 characters. */
  readonly key: string;
  readonly quota: Quota;
  /** 0: how it stands is all that is asked. Below 0: so many that were told before were given back. */
  readonly spent: number;
  /** Milliseconds until they would all have come back, if nothing else was spent; absent when they were spent just now. */
  readonly ahead?: number;
}

/** What this isolate knows of its counts. Bounded; the rooms read and change it. Times are milliseconds since the epoch. */
export interface Rates {
  /** Of the key; a new one when nothing is known of it. Of too many keys those are forgotten that are asked for least. */
  readonly tally: (key: string) => Tally;
  /** One for each shard. */
  readonly reports: readonly Reporting[];
  /** By key, each with when it began: visits that are under way. Bounded by what is under way. */
  readonly underWay: Map<string, Set<{ readonly since: number }>>;
  /** Visits that wait for their turn. */
  delayed: number;
  readonly bans: Bans;
}

/** Of one key, under one limit. */
export interface Tally {
  /** By {@link Quota}: as the shard said it, with what was spent here since. */
  tat: number;
  /** Spent here, of which the shard doesn't know yet; and what the TAT would be if that were all. */
  spent: number;
  spentTat: number;
  /** Spent here, of which the shard is being told; likewise. */
  sent: number;
  sentTat: number;
  /** When the shard said how it stands. */
  heardAt: number;
}

/** What one shard is to be told. */
export interface Reporting {
  readonly pending: Map<string, { readonly tally: Tally; readonly quota: Quota }>;
  /** When it was asked and has not answered yet; undefined when nobody asks. */
  askedAt: number | undefined;
  /** Until when it is left alone, because it said nothing; undefined when it answers, as far as is known. */
  restsUntil: number | undefined;
}

/** The way to the one who bans. */
export interface Banning {
  /** Tells what clients did, and learns who is banned since. @throws when there is nobody, or nothing is said in time. */
  readonly look: (told: Misdeeds) => Promise<News>;
}

export interface Misdeeds {
  readonly policy: BanPolicy;
  /** Client → how often. At most {@link mostOffenders}. */
  readonly offences: readonly (readonly [group: string, count: number])[];
  /** {@link News.seen} of the last time; 0 at first. */
  readonly since: number;
}

/** As many clients are told of in one call at most. */
export const mostOffenders = 1_000;

/** When somebody is banned, and for how long. */
export interface BanPolicy {
  /** Misdeeds that are let pass. */
  readonly quota: Quota;
  /** Milliseconds: of the first ban, of which each further one takes twice the time; and of the longest. */
  readonly first: number;
  readonly most: number;
}

/** Clocks differ: times are milliseconds from when it is said. */
export interface News {
  readonly bans: readonly (readonly [group: string, lasts: number])[];
  readonly seen: number;
}

/** What this isolate knows of bans. Times are milliseconds since the epoch. */
export interface Bans {
  /** Client → until when. */
  readonly banned: Map<string, number>;
  /** Client → how often, of which the one who bans doesn't know yet. */
  readonly offences: Map<string, number>;
  /** Whether one of them has done so much that it is to be told soon. */
  isUrgent: boolean;
  lookedAt: number;
  /** Whether one looks now, since {@link Bans.lookedAt}. */
  isLooking: boolean;
  seen: number;
}
