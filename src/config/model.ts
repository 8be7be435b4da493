/** The compiled config: complete, checked, and in the form that requests need. Types only. */
import type { Kind } from "../bots/kinds.ts";
import type { BotTable } from "../bots/table.ts";
import type { Region } from "../geo/regions.ts";
import type { RobotsPolicy } from "../http/robots.ts";
import type { Answer } from "../answer.ts";
import type { Identified } from "../visit.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Reading, When } from "./reads.ts";
import type { BanSettings, Limit } from "./rates.ts";
import type { Access } from "./access.ts";
import type { Cors } from "./cors.ts";
import type { CookieEdits } from "./cookies.ts";
import type { Challenging } from "./challenge.ts";
import type { CompressRule, Compression } from "./compress.ts";
import type { Experiment } from "./experiments.ts";
import type { Identity } from "./identities.ts";
import type { Rewrite } from "./rewrite.ts";
import type { SecurityField } from "./security.ts";
import type { ImageRule } from "./image.ts";
import type { Redirects } from "./redirects.ts";
import type { Shape } from "./shape.ts";
import type { Asking, Balance, Eject, Mirror, Origin, Split, Sticky } from "./upstream.ts";

export interface Config {
  /** Changes whenever the config does. */
  readonly version: string;
  readonly settings: Settings;
  readonly sites: SiteIndex;
  readonly origins: readonly Origin[];
  /** In the order they were written, which is the order they apply in. */
  readonly rules: readonly Rule[];
  /** Undefined: none in bulk. */
  readonly redirects?: Redirects;
  /** In the order they were written, in which what they do follows the rules. */
  readonly experiments: readonly Experiment[];
  /** Which bots there are. */
  readonly bots: BotTable;
}

/** All times in milliseconds, all sizes in bytes. */
export interface Settings {
  /** What the edge calls itself in Via, CDN-Loop and Cache-Status. */
  readonly name: string;
  /** Show the trail and the origin's name to the client. */
  readonly trail: boolean;
  /** Believe the visitor headers (`cf-ipcountry` …) of a local client. Never on the platform. */
  readonly localVisitors: boolean;
  /** Which visits get a line in the access log. */
  readonly log: "all" | "errors" | "none";
  readonly limits: Limits;
  /** Bits of an IPv6 address by which clients are counted: those that share them are one. */
  readonly group: number;
  /** Which header fields of requests pass: those of letters, digits and dashes alone, or of any name. */
  readonly fieldNames: "plain" | "any";
  /** Let a POST name another method in its fields. */
  readonly methodOverrides: boolean;
  /** Undefined: nobody is ever banned. */
  readonly bans?: BanSettings;
  readonly verify: Verification;
  readonly challenge: Challenging;
  /** To the answer's header, each try, where a site says nothing else. */
  readonly timeout: number;
  /** How often origins are asked for one visit at most, where a site says nothing else. */
  readonly tries: number;
  /** Undefined: no origin is ever taken out of use for its failures. */
  readonly eject: Eject | undefined;
  /** How often the platform lets one visit ask its cache, or anybody else. */
  readonly subrequests: number;
  /** What an isolate may hold of the cache in its own memory; 0: nothing. */
  readonly memory: number;
  /** The targeted cache control fields that speak to this edge, first the one that goes first. Names in lower case. */
  readonly targets: readonly string[];
  /** The platform resizes images. */
  readonly images?: boolean;
  readonly compress: Compression;
  readonly purge: {
    /** From one look at what was purged elsewhere to the next. */
    readonly refresh: number;
    /** Leave `Cache-Tag` and `Surrogate-Key` in what the client gets. */
    readonly showTags: boolean;
  };
}

/** How bots show that they are who they say. */
export interface Verification {
  readonly signatures: boolean;
  readonly ranges: boolean;
  /** URL of a DNS-over-HTTPS server; undefined: names aren't looked up. */
  readonly resolver?: string;
  /** By the bot's name. */
  readonly identities: ReadonlyMap<string, Identity>;
}

/** How large a request may be: characters of its URL, number of its fields, bytes of each and of all of them. */
export interface Limits {
  readonly url: number;
  readonly fields: number;
  readonly field: number;
  readonly fieldBytes: number;
}

/** Finds the site of a host: an exact name, then the longest wildcard, then "*". */
export interface SiteIndex {
  readonly exact: ReadonlyMap<string, Site>;
  /** Suffix with its dot (".example.com") → site of "*.example.com". */
  readonly wildcard: ReadonlyMap<string, Site>;
  readonly any: Site | undefined;
}

export interface Site {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Never empty. */
  readonly origins: readonly Origin[];
  readonly balance: Balance;
  /** Who comes by http is sent to https. */
  readonly https?: true;
  /** No origin outside them is ever asked; unless set, all may be. */
  readonly regions?: readonly string[];
  readonly sticky?: Sticky;
  /** With which it may be asked, in the order of `Allow`. */
  readonly methods: ReadonlySet<string>;
  /** Which paths it takes: those that servers may read in several ways too, or only what all read alike. */
  readonly paths: "usual" | "strict";
  readonly asking: Asking;
  readonly caching: CachePolicy;
  readonly bots?: Thresholds;
  readonly ai?: AiPolicy;
}

/** What becomes of visits from which score on, each from 1 to 100; the gravest that is reached counts. */
export interface Thresholds {
  readonly log?: number;
  readonly challenge?: number;
  readonly block?: number;
  /** What would become of them is only noted and counted. */
  readonly monitor: boolean;
}

/** Who of those that work for language models is served. */
export interface AiPolicy {
  /** Kinds that are absent are not spoken of: they are served like everybody. */
  readonly access: ReadonlyMap<Kind, AiAccess>;
  /** Undefined: the robots.txt is the origin's alone. */
  readonly robots: (RobotsPolicy & { readonly id: string }) | undefined;
  readonly monitor: boolean;
}

export type AiAccess =
  | { readonly to: "all" | "verified" | "none" }
  /** A currency's code and an amount, such as "USD 0.01"; undefined when it isn't told. */
  | { readonly to: "payers"; readonly price: string | undefined };

/** What a rule, a site, or the defaults say of caching. Times in milliseconds. */
export interface CachePolicy {
  /** Stay out of it. */
  readonly bypass: boolean;
  /** Freshness that replaces what the origin says, for all statuses below 500 or by status; undefined: the origin decides. */
  readonly ttl: number | TtlByStatus | undefined;
  /** Serve stale this long while refreshing, when the origin doesn't say. */
  readonly staleWhileRevalidate: number;
  /** Serve stale this long when the origin fails, when the origin doesn't say. */
  readonly staleIfError: number;
  /** The longest of either that the origin may name. */
  readonly maxStale: number;
  /** How eagerly an answer is refreshed before it expires, as a factor of the time the origin takes; 0: never. */
  readonly early: number;
  /** Larger bodies are passed without being stored. */
  readonly maxBytes: number;
  /** Bytes of a slice, in which what is asked for in ranges is fetched and stored; 0: in none. */
  readonly slice: number;
  /** Ask a shield in that region rather than the origin; true: where the origin is. */
  readonly shield: boolean | Region;
  /** Keep an answer that sets cookies as if it set none, and them with it. */
  readonly storeSetCookie: boolean;
  readonly key: KeyParts;
}

/** Milliseconds by status ("404"), class ("5xx"), and "default" for all others below 500. */
export type TtlByStatus = Readonly<Record<string, number>>;

/** What besides host and path makes two requests different. */
export interface KeyParts {
  /** "all", "none", or only (or all but) the parameters named; a trailing "*" matches the rest of a name. */
  readonly query: "all" | "none" | { readonly only: readonly string[] } | { readonly except: readonly string[] };
  /** The order of parameters makes no difference. */
  readonly sort: boolean;
  /** Names in lower case. */
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
  readonly country: boolean;
  /** The kind of device, by `deviceOf` of `http/device.ts`. */
  readonly device: boolean;
}

/** Links to what a page loads, in fields before it. */
export interface Preload {
  /** How many an answer gets. */
  readonly most: number;
  /** Also to hosts that are only connected to. */
  readonly preconnect: boolean;
}

/** `when` and what then happens. */
export interface Rule {
  readonly name: string;
  /** Whether it applies. Never throws: an expression that fails on a request (a missing key) does not apply. */
  readonly when: When;
  readonly block?: { readonly status: number; readonly body: string | undefined };
  /** Points for the visit's score. */
  readonly score?: number;
  /** What it would do is only noted and counted. */
  readonly monitor?: true;
  readonly limit?: Limit;
  readonly access?: Access;
  readonly challenge?: true;
  readonly redirect?: { readonly status: number; readonly to: Text };
  readonly respond?: Respond;
  readonly rewrite?: Rewrite;
  /** Never empty. */
  readonly origins?: readonly Origin[];
  readonly balance?: Balance;
  readonly split?: Split;
  readonly mirror?: Mirror;
  readonly cache?: Partial<CachePolicy>;
  readonly dictionary?: Dictionary;
  readonly headers?: { readonly request: HeaderEdits; readonly response: AnswerEdits };
  /** By status ("404"), class ("5xx"), and "default" for all but redirects. */
  readonly status?: Readonly<Record<string, number>>;
  readonly cors?: Cors;
  readonly cookies?: CookieEdits;
  /** Empty: none, whatever an earlier rule says. */
  readonly security?: readonly SecurityField[];
  readonly image?: ImageRule;
  /** What is done to bodies, in order. */
  readonly shapes?: readonly Shape[];
  readonly preload?: Preload;
  readonly compress?: CompressRule;
}

/** A text of the config in which `${…}` holds CEL, made for one visit. Never throws: what fails becomes "". */
export interface Text extends Reading {
  (visit: Identified): string;
}

/** The same, made when there is an answer. */
export type AnswerText = (visit: Identified, answer: Pick<Answer, "status" | "fields">) => string;

export interface Respond {
  readonly status: number;
  readonly body: Text;
  /** Names in lower case. */
  readonly headers: HeaderEdits["set"];
}

/** Applied in this order: remove, rename, set, add. Names in lower case. */
export interface HeaderEdits {
  readonly remove: readonly string[];
  readonly rename?: readonly (readonly [from: string, to: string])[];
  readonly set: readonly (readonly [name: string, value: Text])[];
  readonly add: readonly (readonly [name: string, value: Text])[];
}

/** The same of an answer's fields. */
export interface AnswerEdits extends Pick<HeaderEdits, "remove" | "rename"> {
  readonly set: readonly (readonly [name: string, value: AnswerText])[];
  readonly add: readonly (readonly [name: string, value: AnswerText])[];
}
