/**
 * A visit: one request on its journey, with what is known of its client. Each room adds what it found and hands on a
 * richer type, so that no room can be entered before the ones it depends on.
 */
import type { Answer } from "./answer.ts";
import type { Kind } from "./bots/kinds.ts";
import type { AnswerEdits, CachePolicy, HeaderEdits, Preload, Rule, Site } from "./config/model.ts";
import type { Compressing } from "./config/compress.ts";
import type { CookieChange } from "./config/cookies.ts";
import type { ImageOptions } from "./config/image.ts";
import type { SecurityField } from "./config/security.ts";
import type { Dictionary } from "./config/dictionary.ts";
import type { Reads } from "./config/reads.ts";
import type { Shape } from "./config/shape.ts";
import type { Balance, Mirror, Origin } from "./config/upstream.ts";
import type { VisitedAddress } from "./http/address.ts";
import type { Fields } from "./http/fields.ts";
import type { Trail } from "./trail.ts";

/** What the platform says of the one who asks. Absent means unknown; nothing here comes from what the client claims. */
export interface Client {
  /** IPv4, or IPv6 in the form of RFC 5952; an IPv4-mapped address is the IPv4 one. "" when the platform gave none. */
  readonly ip: string;
  /** ISO 3166-1 alpha-2 code, or the platform's "T1" for Tor. */
  readonly country?: string | undefined;
  /** Two letters: AF, AN, AS, EU, NA, OC, SA. */
  readonly continent?: string | undefined;
  readonly city?: string | undefined;
  /** IANA name, such as "Europe/Berlin". */
  readonly timezone?: string | undefined;
  /** Autonomous system number. */
  readonly asn?: number | undefined;
  /** Degrees. */
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  /** The location of the edge that took the request, as an IATA airport code. */
  readonly location?: string | undefined;
  /** Negotiated TLS version, such as "TLSv1.3"; absent on a plain connection. */
  readonly tls?: string | undefined;
  /** "HTTP/1.1", "HTTP/2", "HTTP/3". */
  readonly http?: string | undefined;
  /** The platform's own opinion, where the plan has one: from 1, surely a program, to 99, surely a person. */
  readonly botScore?: number | undefined;
  /** What it drew for its TLS connection (RFC 8446 §4.1.2), which no other has. */
  readonly connection?: string | undefined;
  /** The certificate that it presented. */
  readonly certificate?: ClientCertificate | undefined;
}

/** As the platform saw it in the handshake (RFC 8446 §4.4.2). */
export interface ClientCertificate {
  /** By an authority that the operator named to the platform; in time, and not revoked. */
  readonly isVerified: boolean;
  /** SHA-256, hexadecimal in lower case. */
  readonly fingerprint: string;
}

/** As it arrived. */
export interface Visit {
  /** Unique to the visit; in the log and on error pages, so that one leads to the other. */
  readonly id: string;
  readonly method: string;
  readonly url: VisitedAddress;
  /** The request's header fields. Read-only to every room: what the origin gets is built anew. */
  readonly fields: Fields;
  /** The request itself, for its body, its signal and protocol upgrades. */
  readonly request: Request;
  readonly client: Client;
  /** What its page's scripts are marked with, where a rule wants that; known after the store. */
  readonly nonce?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly trail: Trail;
  /** Asked for by the edge itself, to be put into a page; absent when a client asked. */
  readonly included?: Included;
}

/** A fragment of a page, which may have fragments of its own. */
export interface Included {
  /** 1 for a fragment of what the client asked for. */
  readonly depth: number;
  /** Takes one of the fragments that all of the page may have: its number, or undefined when none is left. */
  readonly take: () => number | undefined;
}

/** Belongs to a site. */
export interface Sited extends Visit {
  readonly site: Site;
}

/** Its client has a kind: this is what rules are asked about. */
export interface Identified extends Sited {
  /** Bot name from the User-Agent, such as "gptbot", or as it was shown by proof; "" for what looks like a person. */
  readonly bot: string;
  /** What such a bot is for; "person" for what looks like a browser. */
  readonly kind: Kind;
  readonly proof: Proof;
  readonly score: Score;
}

/** How much speaks for a program that nobody asked in: weights that add up. What nobody asks for is never worked out. */
export interface Score {
  /** From 0 to 100, given how far the client has proved who it is. */
  readonly total: (proof: Proof) => number;
  /** What it is made of. */
  readonly weights: (proof: Proof) => readonly Weight[];
  /** A rule's own weight. */
  readonly add: (weight: Weight) => void;
  /** Whether anybody has asked for it. */
  readonly wasAsked: () => boolean;
}

/** One thing that speaks for a program. */
export interface Weight {
  /** A token, such as "no-language". */
  readonly name: string;
  readonly points: number;
}

/** What was found out of who it is, as a shield is told it. */
export type Who = Pick<Identified, "bot" | "kind" | "proof">;

/** How far what a client says of itself is known to be true. */
export type Proof =
  | "none" // it says nothing that could be proved
  | "claimed" // it may be anybody
  | "verified" // it is who it says
  | "impostor"; // it isn't

/** Let in: within limits, refused by no rule. */
export interface Clean extends Identified {
  /** The rules that apply, in order. Each later room acts on its own part of them. */
  readonly rules: readonly Rule[];
  /** What scrubbing will do with the answer, whichever it is; each once, in this order. */
  readonly dues: ((answer: Answer) => Answer)[];
  /** What its client was counted for in experiments, by a cookie which its fields are without; undefined when it had no good one. */
  readonly counted?: Counted;
  /**
   * Marks of the variants that its client sees as a tester, where their experiments are; undefined when it is none. What testers
   * do counts in no experiment.
   */
  readonly testing?: ReadonlySet<string>;
}

/** A client that was counted in experiments, as only the edge can have said it. */
export interface Counted {
  /** Tells it from others: 32 bits, drawn by chance. */
  readonly number: string;
  /** Of the variants that it was counted for, and of the goals that it reached. */
  readonly marks: ReadonlySet<string>;
}

/** Sees what it is dealt of experiments; the rules of its variants follow those that apply. */
export interface Enrolled extends Clean {
  /** The experiments that it takes part in, in their order. */
  readonly experiments: readonly Assignment[];
  /** What tells its client from others, by the cookie that keeps it in its variants; undefined when it brought no good one. */
  readonly known?: string | undefined;
  /** Lines of Set-Cookie for its client, whatever the answer is. */
  readonly setCookies?: readonly string[];
}

/** What a visit sees of an experiment. */
export interface Assignment {
  /** Names, as the config has them. */
  readonly experiment: string;
  readonly variant: string;
  /**
   * By what: the hash of what tells clients apart, the cookie that keeps it, a tester's link, which counts for nothing, or the guard
   * that has rolled back what it was dealt, which doesn't count either.
   */
  readonly how: "hash" | "cookie" | "forced" | "guard";
  /** What its stored answers are kept apart by; undefined where no variant changes what is stored. */
  readonly key?: string | undefined;
}

/** Knows where it goes. */
export interface Routed extends Enrolled {
  /** Path and query to ask the origin for, beginning with "/": the visited ones unless a rule rewrote them. */
  readonly target: string;
  /** The origins that may serve it; never empty. */
  readonly pool: readonly Origin[];
  readonly balance: Balance;
  /** Who gets copies of what is asked. */
  readonly mirror?: Mirror | undefined;
  /** The cookies one of which stands for the origin that the client had; the visit's fields are without them. */
  readonly tickets?: readonly string[] | undefined;
  /** The `Cookie` field as it was before rules changed it: a shield's rules change it by themselves. */
  readonly visitedCookies?: string | undefined;
  /** How an image is asked of the platform, and whether the client's `Accept` had a part in that. */
  readonly image?: { readonly options: ImageOptions; readonly isNegotiated: boolean } | undefined;
  /** What the rules say of caching, over the site's and the defaults. */
  readonly caching: CachePolicy;
  /** Edits of the request's fields on their way to the origin, in order. */
  readonly requestEdits: readonly HeaderEdits[];
  /** What the rules do to bodies, in order. */
  readonly shapes: readonly Shape[];
  /** Names what is made of answers before they are stored; absent where they stay as the origin has them. */
  readonly edition?: string | undefined;
  readonly finishing: Finishing;
}

/** What the rules say of the answer on its way to this client. */
export interface Finishing {
  /** The answer may be a dictionary, and be compressed with one. */
  readonly dictionary?: Dictionary | undefined;
  /** In order. */
  readonly edits: readonly AnswerEdits[];
  /** By which status answers have which other, in order. */
  readonly statuses?: readonly Readonly<Record<string, number>>[];
  /** Changes of `Set-Cookie`, in order. */
  readonly cookies?: readonly CookieChange[];
  /** Added where the origin has none. */
  readonly security?: readonly SecurityField[];
  /** Tell what the page loads. */
  readonly preload?: Preload | undefined;
  readonly compress: Compressing;
  /** What it depends on which rules change the answer. */
  readonly varying?: readonly Varying[];
}

/** What one rule's condition depends on, and what it changes: answers that its shapes are for, or any. */
export interface Varying extends Reads {
  readonly of: "any" | readonly Shape[];
}

/** Why the cache stays out of a visit. */
export type BypassReason =
  | "method" // neither GET nor HEAD (RFC 9111 §2)
  | "rule" // a rule or the site says `bypass`
  | "upgrade" // the client asks for a WebSocket; other protocols are not offered, and asking for them means nothing
  | "body"; // a GET or HEAD with content, whose meaning HTTP leaves open (RFC 9110 §9.3.1)

/** What the cache will do for the visit. */
export type Plan =
  | { readonly kind: "lookup"; readonly key: string }
  | { readonly kind: "bypass"; readonly because: BypassReason };

/** Ready to be served. */
export interface Planned extends Routed {
  readonly plan: Plan;
}

/** What a room gives back: the visit goes on, richer, or is answered here. */
export type Step<V extends Visit> =
  | { readonly kind: "go"; readonly visit: V }
  | { readonly kind: "answer"; readonly answer: Answer };

/** The visit goes on to the next room. */
export function go<V extends Visit>(visit: V): Step<V> {
  return { kind: "go", visit };
}

/** The visit is answered here. */
export function answered(answer: Answer): Step<never> {
  return { kind: "answer", answer };
}
