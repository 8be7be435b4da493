/** What this isolate was told by others, and asks for anew when it gets old: key sets, directories, names of addresses. */

/** Bounded; what was asked for longest ago is forgotten first. Nothing here rejects: who can't be asked has said nothing. */
export interface Lookups {
  /**
   * What is known under the key, at once; undefined while nothing is. Where it is missing or no longer fresh it is asked for in
   * the background, once at a time, and after a failure not before `again` has passed.
   */
  readonly known: <T>(key: string, lookup: Lookup<T>) => T | undefined;
  /** The same, but where nothing is known the answer is waited for: those who come meanwhile wait for the same one. */
  readonly wait: <T>(key: string, lookup: Lookup<T>) => Promise<T | undefined>;
  /**
   * Waits for a newer one though what is known is fresh, unless it was asked for less than `again` ago: for when it turned out to
   * lack something, such as a key that was made since.
   */
  readonly renew: <T>(key: string, lookup: Lookup<T>) => Promise<T | undefined>;
}

/** How something is found out. All times in milliseconds. */
export interface Lookup<T> {
  /** What it resolves to is kept: plain data of bounded size, never what belongs to one request. It must end by itself. */
  readonly ask: () => Promise<Found<T>>;
  /** Past being fresh it is used for so long while it is asked for anew, also in vain. */
  readonly stale: number;
  /** From one question to the next at least. */
  readonly again: number;
}

export interface Found<T> {
  readonly value: T;
  /** Milliseconds. */
  readonly fresh: number;
}
