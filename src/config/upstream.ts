/** How the origins of a site are chosen and asked, as the config says it. Types, and the names of policies; times in milliseconds. */
import type { Position } from "../geo/position.ts";
import type { Text } from "./model.ts";

/** By what the origins that are well are ordered. `docs/ORIGINS.md` tells each. */
export const policyNames = [
  "nearest",
  "fastest",
  "round-robin",
  "weighted",
  "least-connections",
  "least-traffic",
  "two-choices",
  "hash",
  "first",
] as const;

export type PolicyName = (typeof policyNames)[number];

/** A policy, or hashing with its own key; `"hash"` alone is by the client's address. */
export type Balance = PolicyName | { readonly by: "hash"; readonly key: Text };

/** How the origins of a site are asked, and asked again. */
export interface Asking {
  readonly timeouts: Timeouts;
  readonly retry: Retry;
  /** Bodies that break off or stall are continued from another origin. */
  readonly resume: boolean;
  readonly overload: Overload;
  readonly hedge: Hedge | undefined;
}

/** When an origin takes long, the next is asked too. */
export interface Hedge {
  /** After so many milliseconds, or when 95 of 100 answers would have come. */
  readonly after: "p95" | number;
  /** Second requests, as a share of recent visits: from 0 to 1. */
  readonly budget: number;
}

/** How long origins may take. */
export interface Timeouts {
  /** To the header of an answer, each try. */
  readonly header: number;
  /** Between bytes of an answer's body; undefined: only where it can be continued, and then a minute. */
  readonly idle: number | undefined;
  /** From the first try to the last byte of the answer; Infinity: as long as it takes. */
  readonly whole: number;
}

export interface Retry {
  /** How often origins are asked for one visit at most. */
  readonly tries: number;
  /** Tries beyond the first, as a share of recent visits: from 0 to 1. */
  readonly budget: number;
  /** Bytes of a request's body that are kept to be sent again. */
  readonly body: number;
  /** The longest pause before an origin is asked again. */
  readonly backoff: number;
  /** Milliseconds that an origin may be silent until the next is asked too, or as its answers have it; Infinity: for ever. */
  readonly patience: "adaptive" | number;
}

/** What is done when origins take no more. */
export interface Overload {
  /** What is stored may stand in, though the origin doesn't say so. */
  readonly stale: boolean;
  readonly brownout: Brownout | undefined;
}

/** From how full on, from 0 to 1, visits are given up. What is undefined is never done. */
export interface Brownout {
  /** Those for which the cache has an answer, if a stale one. */
  readonly stale: number | undefined;
  /** Those of these bots. */
  readonly shed: { readonly at: number; readonly bots: ReadonlySet<string> } | undefined;
  /** All that need an origin. */
  readonly refuse: number | undefined;
}

/** When an origin is taken out of use, and how it comes back. */
export interface Eject {
  /** As many failures in a row. */
  readonly failures: number;
  /** Failures among what it was asked in the window: from 0 to 1. */
  readonly rate: number;
  readonly window: number;
  /** How long it is out for the first time; each time in a row adds as much. */
  readonly base: number;
  /** The longest that it is out at a time. */
  readonly most: number;
  /** The largest part of a pool that may be out, from 0 to 1. */
  readonly share: number;
  /** How long it takes one that returned to get all its visits. */
  readonly slowStart: number;
  /** Of answers that count as failures. */
  readonly statuses: ReadonlySet<number>;
}

/** How an origin is asked whether it is well. */
export interface HealthCheck {
  /** Path and query, below the origin's URL. */
  readonly path: string;
  /** From one probe to the next. */
  readonly interval: number;
  /** To the end of what is looked for. */
  readonly timeout: number;
  /** Those that are good; undefined: from 200 to 299. */
  readonly statuses: ReadonlySet<number> | undefined;
  /** A text that the beginning of the body must have in it. */
  readonly body: string | undefined;
  /** Good probes in a row that make it up again. */
  readonly rise: number;
  /** Bad probes in a row that make it down. */
  readonly fall: number;
}

export interface Origin {
  readonly name: string;
  /** Scheme, host and port, without a path. */
  readonly url: URL;
  /** Path put before every target; "" or "/…" without a slash at its end. */
  readonly base: string;
  /** Latitude and longitude in degrees; undefined when the config says nothing of its place. */
  readonly at: Position | undefined;
  /** Its share beside the weights of the others, from 1 to 1000. */
  readonly weight: number;
  /** 0 goes first; others are backups for when all of a lower number are out. */
  readonly priority: number;
  /** Where its content may lie, such as "EU"; undefined is nowhere that a site can be kept to. */
  readonly region: string | undefined;
  /** As many requests at once as an isolate sends it; "adaptive": as many as its times show that it takes well. */
  readonly maxConnections: number | "adaptive" | undefined;
  /** Who waits when it takes no more, and for how long. */
  readonly queue: { readonly length: number; readonly wait: number };
  /** Gets no new clients. */
  readonly drain: boolean;
  /** Undefined where it isn't probed. */
  readonly health: HealthCheck | undefined;
  /** The fetcher binding by which it is asked; undefined: over the Internet. */
  readonly via: string | undefined;
  /** A field that only the edge can send, and the binding of the secret that is its value. The name is in lower case. */
  readonly header: { readonly name: string; readonly secret: string } | undefined;
  readonly sign: Signing | undefined;
  /** Its answers are followed to their end: a policy or a limit goes by what is under way. */
  readonly followed: boolean;
}

/** How requests to an origin are signed (RFC 9421). */
export interface Signing {
  /** The binding of the secret that is the key. */
  readonly key: string;
  readonly algorithm: SigningAlgorithm;
  /** By what the origin knows the key. */
  readonly keyid: string;
  /** What is covered: derived components, and fields in lower case where the request has them. */
  readonly components: readonly string[];
  /** How long a signature is good. */
  readonly expires: number;
  /** Whether each has a text that no other has. */
  readonly nonce: boolean;
}

export type SigningAlgorithm = "hmac-sha256" | "ed25519";

/** A client comes back to the origin that it had. */
export interface Sticky {
  /** From the first answer on. */
  readonly for: number;
  /** The name of the cookie. */
  readonly cookie: string;
}

/** Visits are dealt out by weight, each client always the same way. */
export interface Split {
  /** What tells one client from another; where it comes to "", its address. */
  readonly per: Text;
  /** At least two. */
  readonly arms: readonly Arm[];
}

/** Copies of requests go to other origins, whose answers nobody gets. */
export interface Mirror {
  /** Never empty. */
  readonly to: readonly Origin[];
  /** Of visits: from 0 to 1. */
  readonly share: number;
  /** To the header of each answer. */
  readonly timeout: number;
}

/** One way that a visit may go. */
export interface Arm {
  /** In the trail. */
  readonly name: string;
  readonly weight: number;
  /** Never empty; undefined for those that the visit would have had anyway. */
  readonly origins: readonly Origin[] | undefined;
}
