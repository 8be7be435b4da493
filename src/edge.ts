/** Edge = compiled config + ports: all that a room may use besides the visit. */
import type { Analytics } from "./analytics.ts";
import type { Config } from "./config/model.ts";
import type { SigningAlgorithm } from "./config/upstream.ts";
import type { Fleet } from "./fleet.ts";
import type { Shield } from "./hop.ts";
import type { ByteRange, RangeSpec } from "./http/range.ts";
import type { Lookups } from "./lookups.ts";
import type { Banning, Counters, Rates } from "./rates.ts";
import type { Reason } from "./reasons.ts";
import type { Tally } from "./tally.ts";
import type { Watch } from "./watch.ts";

export interface Edge {
  readonly config: Config;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** 128 bits that nobody can foresee, as base64 (RFC 4648 §4). */
  readonly token: () => string;
  /** Acts after so many milliseconds, unless what it returns is called before. */
  readonly after: (ms: number, act: () => void) => () => void;
  /**
   * Asks an origin, over the Internet or by the fetcher binding of that name. Redirects are never followed, and the body
   * comes as the origin encoded it.
   */
  readonly fetch: (target: string | Request, init: RequestInit, via?: string) => Promise<Response>;
  readonly store: Store;
  /** What was purged. */
  readonly marks: Marks;
  /** A secret of the operator's, by the name of its binding; undefined when there is none, or it is empty. */
  readonly secret: (name: string) => string | undefined;
  /**
   * HMAC-SHA-256 of the text by the secret of that name, as base64url (RFC 4648 §5); undefined when there is no such secret.
   */
  readonly mac: (secret: string, text: string) => Promise<string | undefined>;
  /** The signature of the text by a secret's key, made anew each time; undefined when there is no such secret. Rejects when it is no key. */
  readonly sign: (by: SigningKey, text: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The rate limit of that binding; undefined when there is no such binding. */
  readonly limiter: (binding: string) => RateLimiter | undefined;
  /** What this isolate knows of its counts. */
  readonly rates: Rates;
  /** The way to those who count for all locations; undefined when none is bound. */
  readonly counters: Counters | undefined;
  /** The way to the one who bans: for all locations, or where none is bound for this isolate. */
  readonly banning: Banning;
  /** Counts what visits do in experiments. */
  readonly analytics: Analytics;
  /** What this isolate remembers: `make`'s result under `key` while there is room. `make` must be pure. */
  readonly remember: (key: string, make: () => string) => string;
  /**
   * Whether this isolate is told of the text for the first time: what may be used once only, such as a nonce. It is remembered
   * until then (milliseconds since the epoch), while there is room.
   */
  readonly firstTime: (text: string, until: number) => boolean;
  /** What this isolate knows of the use of a stored answer, by its own key; the caller's to change. It may be forgotten at any time. */
  readonly usage: (key: string) => Usage;
  /** Lets work go on after the answer has left. What it rejects with is logged. */
  readonly defer: (work: Promise<unknown>) => void;
  /** The same, unless work under that key is still going on in this isolate. */
  readonly deferOnce: (key: string, work: () => Promise<unknown>) => void;
  /** What is under way in this isolate, for those who need the same. */
  readonly flights: Flights;
  /** What this isolate was told by others. */
  readonly lookups: Lookups;
  /** What this isolate has learnt of what pages load. */
  readonly hints: Lookups;
  /** What rules did here, and would have done. */
  readonly tally: Tally;
  /** What this isolate has learnt of its origins. */
  readonly fleet: Fleet;
  /** The way to the shields; undefined when none is bound. */
  readonly shield: Shield | undefined;
  /** The way to those who probe the origins; undefined when none is bound, or no origin is to be probed. */
  readonly watch: Watch | undefined;
  /** Writes one line to the access log. */
  readonly log: (line: string) => void;
}

/**
 * Where answers are kept. It knows nothing of HTTP: freshness, variants and validators are in `head`, whose form is the
 * cache room's own. Every implementation passes the suite in `test/contract/store.ts`.
 */
export interface Store {
  /**
   * The entry under that key. Rejects, or resolves to undefined, when it can't be read: both count as a miss.
   * @param wanted what of its body is going to be read. A store that can't give just that gives all of it.
   */
  readonly match: (key: string, wanted?: Wanted) => Promise<Stored | undefined>;
  /** The same where nothing need be waited for; undefined when it must be matched. Absent where that is always so. */
  readonly atHand?: (key: string) => Stored | undefined;
  /**
   * Whether there was nothing a moment ago, when its head was looked for. Another isolate may have put something since. Absent
   * where that isn't remembered.
   */
  readonly wasMissing?: (key: string) => boolean;
  /**
   * Replaces the entry. Resolves when it can be matched. A body that fails leaves no entry (the old one may be gone); one
   * that must not end early comes as a stream that fails when it does, such as a FixedLengthStream, by which the platform
   * also knows its length.
   */
  readonly put: (key: string, entry: Storable) => Promise<void>;
  /** Resolves to whether there was one. */
  readonly delete: (key: string) => Promise<boolean>;
}

/** One range of a body, or nothing of it: the head alone. */
export type Wanted = RangeSpec | "head";

/** What a {@link Store} keeps under a key. */
export interface Storable {
  /** ASCII, at most 64 KB. */
  readonly head: string;
  /** A stream of one's own, or bytes that others have too: nobody may write to them. */
  readonly body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null;
  /** Bytes of the body, where they are known: by it a store can tell a short body before it has read it. */
  readonly length?: number | undefined;
  /**
   * Resolves when all of the body was read, rejects when it broke off; absent where only reading it tells. With it, the platform
   * may read a native stream by itself, and no script has to watch over the bytes.
   */
  readonly given?: Promise<void> | undefined;
}

export interface Stored extends Storable {
  /** Bytes of the whole body, where the store knows. */
  readonly length: number | undefined;
  /** What of the whole `body` is: the range that was wanted, or nothing of it; absent when it is all. */
  readonly extent?: ByteRange | "head" | undefined;
  /** The tier that had it, for the trail; absent when it is the platform's own, or there are no tiers. */
  readonly tier?: "memory";
  /** What was made of the head, for the next time, where the store gives the same entry again. */
  decoded?: unknown;
}

/** How a stored answer is used. */
export interface Usage {
  /** Names the bytes that it is about: of others nothing is known. "" at first. */
  generation: string;
  /** How often they were served. */
  hits: number;
  /** A form of them was served last: the bytes themselves are likely not to be read. */
  isCoded: boolean;
  /** What is known of their forms, by coding. */
  readonly forms: Map<string, FormUsage>;
}

/** Times in milliseconds since the epoch. */
export interface FormUsage {
  /** There was none in the store; until then that counts. */
  missingUntil: number;
  /** None is made before. */
  restsUntil: number;
}

/** One purge: what an origin was asked for by then, and that it covers, is purged. */
export interface Mark {
  /** What `name` names. */
  readonly scope:
    | "url" // scheme, host, path and query
    | "prefix" // scheme, host and path: it covers that path, and all below it
    | "tag" // a tag of `Cache-Tag` or `Surrogate-Key`, in lower case
    | "group" // scheme and host, a space, and a cache group (RFC 9875)
    | "site" // a site of the config
    | "all"; // everything: the name is empty
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What it covers counts as stale, else as missing. */
  readonly soft: boolean;
}

/** A stored answer, as marks see it. */
export interface Subject {
  /** When the origin was asked for it: milliseconds since the epoch. */
  readonly askedAt: number;
  readonly site: string;
  /** Where it is: as visited, and as the origin is asked for it. */
  readonly locations: () => readonly Location[];
  /** In lower case; "any" when there are more than are kept. */
  readonly tags: () => readonly string[] | "any";
  /** As a mark names them. */
  readonly groups: () => readonly string[];
  /** The URL that it is the answer of, as {@link Marks.change} names it. */
  readonly url: () => string;
}

export interface Location {
  /** Visited scheme, host and port. */
  readonly origin: string;
  /** In its normal form. */
  readonly path: string;
  /** Whether that query, with its "?" or empty, leads to the same stored answer. */
  readonly isSameQuery: (query: string) => boolean;
}

/**
 * What was purged, as this isolate knows it. No mark is ever forgotten: where there are too many, the oldest become one on
 * everything. Every implementation passes the suite in `test/contract/marks.ts`.
 */
export interface Marks {
  /** A hard mark that covers the answer, else a soft one; at once, from memory. */
  readonly covering: (subject: Subject) => Mark | undefined;
  /** To be waited for before {@link Marks.covering} is asked; undefined when what is known is young enough. Never rejects. */
  readonly current: () => Promise<void> | undefined;
  /**
   * What these URLs lead to has changed by `at`: hard marks that hold in this isolate alone, at once. There may be any number of
   * them, and one in thousands of other URLs may be covered with each.
   */
  readonly change: (urls: readonly string[], at: number) => void;
  /** Resolves when the marks hold here and are on their way to all other locations. Rejects when they may not arrive. */
  readonly add: (marks: readonly Mark[]) => Promise<void>;
  /** Milliseconds after which they hold everywhere; undefined when they never leave this isolate. */
  readonly everywhereWithin: number | undefined;
}

/** Work that several visits may wait for, by key. */
export interface Flights {
  /** The work under that key; undefined when none is under way, or nobody could share it lately. */
  readonly under: (key: string) => Flight | undefined;
  /** Whether what came of it a moment ago was for one visit only. */
  readonly isUnshared: (key: string) => boolean;
  /** Announces work of that visit under the key. What it returns is to be called once, with what came of it. */
  readonly begin: (key: string, visit: string) => (landing: Landing) => void;
  /** Whether anybody waits for work of that visit. */
  readonly isAwaited: (visit: string) => boolean;
}

/** Work under way. */
export interface Flight {
  /** What comes of it. */
  readonly landing: Promise<Landing>;
  /** Somebody waits for it, until what this returns is called; it may be called twice. */
  readonly join: () => () => void;
}

/** What came of it, in plain data: bodies and answers belong to one request only. */
export type Landing =
  /** The answer can be had from the store. */
  | { readonly kind: "stored" }
  /** It is for one visit only: every other must ask by itself. */
  | { readonly kind: "unshared" }
  /** No origin answered, or one did with this status, by which it said that it failed. */
  | { readonly kind: "failed"; readonly because: Reason; readonly status?: number };

/** A secret, by the name of its binding, and what it is a key for. */
export interface SigningKey {
  readonly secret: string;
  readonly algorithm: SigningAlgorithm;
}

/** Counts against a limit that is set in the binding. */
export interface RateLimiter {
  /** Resolves to whether this one more under `key` is within the limit. */
  readonly take: (key: string) => Promise<boolean>;
}
