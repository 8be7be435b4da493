/** Edge = compiled config + ports: all that a room may use besides the visit. */
import type { Config } from "./config/model.ts";
import type { Reason } from "./reasons.ts";

export interface Edge {
  readonly config: Config;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Asks an origin. Redirects are never followed, and the body comes as the origin encoded it. */
  readonly fetch: (target: string | Request, init: RequestInit) => Promise<Response>;
  readonly store: Store;
  /** The rate limit of that binding; undefined when there is no such binding. */
  readonly limiter: (binding: string) => RateLimiter | undefined;
  /** What this isolate remembers: `make`'s result under `key` while there is room. `make` must be pure. */
  readonly remember: (key: string, make: () => string) => string;
  /** Lets work go on after the answer has left. What it rejects with is logged. */
  readonly defer: (work: Promise<unknown>) => void;
  /** The same, unless work under that key is still going on in this isolate. */
  readonly deferOnce: (key: string, work: () => Promise<unknown>) => void;
  /** What is under way in this isolate, for those who need the same. */
  readonly flights: Flights;
  /** Writes one line to the access log. */
  readonly log: (line: string) => void;
}

/**
 * Where answers are kept. It knows nothing of HTTP: freshness, variants and validators are in `head`, whose form is the
 * cache room's own. Every implementation passes the suite in `test/contract/store.ts`.
 */
export interface Store {
  /** The entry under that key. Rejects, or resolves to undefined, when it can't be read: both count as a miss. */
  readonly match: (key: string) => Promise<Stored | undefined>;
  /**
   * Replaces the entry. Resolves when it can be matched. A body that fails leaves no entry (the old one may be gone); one
   * that must not end early comes as a stream that fails when it does, such as a FixedLengthStream, by which the platform
   * also knows its length.
   */
  readonly put: (key: string, entry: Storable) => Promise<void>;
  /** Resolves to whether there was one. */
  readonly delete: (key: string) => Promise<boolean>;
}

/** What a {@link Store} keeps under a key. */
export interface Storable {
  /** ASCII, at most 64 KB. */
  readonly head: string;
  /** A stream of one's own, or bytes that others have too: nobody may write to them. */
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null;
  /** Bytes of the body, where they are known: by it a store can tell a short body before it has read it. */
  readonly length?: number | undefined;
}

export interface Stored extends Storable {
  /** Bytes of the body, where the store knows. */
  readonly length: number | undefined;
  /** The tier that had it, for the trail; absent when it is the platform's own, or there are no tiers. */
  readonly tier?: "memory";
}

/** Work that several visits may wait for, by key. */
export interface Flights {
  /** What comes of the work under that key; undefined when none is under way, or nobody could share it lately. */
  readonly under: (key: string) => Promise<Landing> | undefined;
  /** Whether what came of it a moment ago was for one visit only. */
  readonly isUnshared: (key: string) => boolean;
  /** Announces work under the key. What it returns is to be called once, with what came of it. */
  readonly begin: (key: string) => (landing: Landing) => void;
}

/** What came of it, in plain data: bodies and answers belong to one request only. */
export type Landing =
  /** The answer can be had from the store. */
  | { readonly kind: "stored" }
  /** It is for one visit only: every other must ask by itself. */
  | { readonly kind: "unshared" }
  /** No origin answered. */
  | { readonly kind: "failed"; readonly because: Reason };

/** Counts against a limit that is set in the binding. */
export interface RateLimiter {
  /** Resolves to whether this one more under `key` is within the limit. */
  readonly take: (key: string) => Promise<boolean>;
}
