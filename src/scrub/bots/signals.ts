/** What speaks for a program that nobody asked in, each with its points. Everything here is cheap, and none of it is proof. */
import type { Kind } from "../../bots/kinds.ts";
import type { Fields } from "../../http/fields.ts";
import type { Sited, Weight } from "../../visit.ts";
import { claimsOf, contradictions, type Claims } from "./claims.ts";
import type { Named } from "./name.ts";

/** A visit whose bot has a name. */
export type NamedVisit = Sited & Named;

interface Signal extends Weight {
  readonly holds: (visit: NamedVisit, claims: Claims) => boolean;
}

/** Points for being of a kind, whatever else: who says what it is has nothing to hide. */
const ofKinds: Readonly<Record<Kind, number>> = {
  person: 0,
  feed: 5,
  preview: 5,
  search: 10,
  "ai-search": 10,
  "ai-agent": 10,
  monitor: 10,
  "ai-training": 20,
  tool: 30,
  unknown: 40,
  scanner: 90,
};

const headless: ReadonlySet<string> = new Set(["headlesschrome", "phantomjs", "slimerjs", "puppeteer", "playwright"]);

/** Of whoever it is. */
const ofAll: readonly Signal[] = [
  { name: "no-agent", points: 20, holds: ({ fields }) => !fields.get("user-agent") },
  { name: "headless", points: 20, holds: ({ bot }) => headless.has(bot) },
  { name: "platform-sure", points: 60, holds: ({ client: { botScore = 99 } }) => botScore === 1 },
  { name: "platform-likely", points: 40, holds: ({ client: { botScore = 99 } }) => botScore > 1 && botScore < 30 },
];

/**
 * Of what says that it is a browser: what browsers always send is missing, or belies what it says. For one field, what belies
 * weighs at least as much as what is missing, so that none is better sent wrong than not at all.
 */
const ofBrowsers: readonly Signal[] = [
  { name: "no-accept", points: 15, holds: ({ fields }) => !fields.get("accept") },
  { name: "no-encoding", points: 10, holds: ({ fields }) => !fields.get("accept-encoding") },
  { name: "no-language", points: 20, holds: ({ fields }) => !fields.get("accept-language") },
  { name: "odd-language", points: 25, holds: ({ fields }) => odd(fields.get("accept-language"), languages) },
  { name: "odd-accept", points: 25, holds: ({ fields }) => isDocument(fields) && !asksForPages(fields) },
  { name: "no-fetch-metadata", points: 25, holds: (visit, claims) => lacksMetadata(visit, claims) },
  { name: "odd-fetch-metadata", points: 30, holds: ({ fields }, claims) => hasOddMetadata(fields, claims) },
  { name: "no-hints", points: 15, holds: (visit, claims) => lacksHints(visit, claims) },
  { name: "foreign-hints", points: 40, holds: ({ fields }, { engine }) => hasNoHints(engine) && hasHints(fields) },
  { name: "headless-hints", points: 60, holds: ({ fields }) => !!fields.get("sec-ch-ua")?.includes("Headless") },
  { name: "other-version", points: 30, holds: on("chromium", contradictions.version) },
  { name: "other-platform", points: 30, holds: on("chromium", contradictions.platform) },
  { name: "other-mobile", points: 20, holds: on("chromium", contradictions.mobile) },
  { name: "old-http", points: 15, holds: ({ client }, claims) => isModern(claims) && oldHttp.has(client.http ?? "") },
  { name: "old-tls", points: 25, holds: ({ client }, claims) => isModern(claims) && oldTls.has(client.tls ?? "") },
];

/** All that speak against the visit, the kind first. */
export function signalsOf(visit: NamedVisit): readonly Weight[] {
  const { kind } = visit;
  const weights: Weight[] = ofKinds[kind] === 0 ? [] : [{ name: kind, points: ofKinds[kind] }];
  const claims = claimsOf(visit.fields.get("user-agent") ?? "");
  const heard = kind === "person" ? both : ofAll;
  for (const signal of heard) if (signal.holds(visit, claims)) weights.push(signal);
  return weights;
}

const both = [...ofAll, ...ofBrowsers];

/** Begins with the tag of a language; programs send "*". */
const languages = /^[a-z]{1,8}(?![a-z])/i;

function odd(value: string | undefined, form: RegExp): boolean {
  return !!value && !form.test(value);
}

function isDocument(fields: Fields): boolean {
  return fields.get("sec-fetch-mode") === "navigate" && fields.get("sec-fetch-dest") === "document";
}

function asksForPages(fields: Fields): boolean {
  return /text\/html/i.test(fields.get("accept") ?? "text/html");
}

/** The first versions that send Fetch Metadata, or are young enough to speak today's protocols, by engine. */
const since: Readonly<Record<Claims["engine"], number>> = { chromium: 80, firefox: 90, safari: 17, other: Infinity };

function isModern({ engine, major, isView }: Claims): boolean {
  return major >= since[engine] && !isView;
}

/** They are sent over https alone (Fetch Metadata §3), and not by all with a handshake of WebSocket. */
function lacksMetadata({ fields, url }: NamedVisit, claims: Claims): boolean {
  if (url.protocol !== "https:" || !isModern(claims) || fields.has("upgrade")) return false;
  return !fields.get("sec-fetch-user") && metadata.every((name) => !fields.get(name));
}

const metadata = ["sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"] as const;
const modes: ReadonlySet<string> = new Set(["cors", "navigate", "no-cors", "same-origin", "websocket", "webtransport"]);
const sites: ReadonlySet<string> = new Set(["cross-site", "same-origin", "same-site", "none"]);

/** Some of them without the others, values that there are none, or a page that nobody navigates to. */
function hasOddMetadata(fields: Fields, { engine, major }: Claims): boolean {
  const [site, mode, dest] = metadata.map((name) => fields.get(name));
  const user = fields.get("sec-fetch-user");
  if (!site && !mode && !dest) return !!user;
  // Chromium had the others from version 76 on, and this one from 80.
  const isWhole = !!dest || (engine === "chromium" && major < since.chromium);
  if (!site || !mode || !isWhole || !sites.has(site) || !modes.has(mode)) return true;
  return (dest === "document" && mode !== "navigate") || (user !== undefined && user !== "?1");
}

/** Chromium sends them over https, but not with what it asks before a request. */
function lacksHints({ fields, url, method }: NamedVisit, { engine, major, isView }: Claims): boolean {
  if (engine !== "chromium" || major < 90 || isView || url.protocol !== "https:") return false;
  return method !== "OPTIONS" && !fields.has("upgrade") && !fields.get("sec-ch-ua");
}

function hasHints(fields: Fields): boolean {
  return !!(fields.get("sec-ch-ua") || fields.get("sec-ch-ua-platform") || fields.get("sec-ch-ua-mobile"));
}

/** Neither of them has client hints. */
function hasNoHints(engine: Claims["engine"]): boolean {
  return engine === "firefox" || engine === "safari";
}

const oldHttp: ReadonlySet<string> = new Set(["HTTP/0.9", "HTTP/1.0", "HTTP/1.1"]);
const oldTls: ReadonlySet<string> = new Set(["SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"]);

function on(engine: Claims["engine"], contradicts: (fields: Fields, claims: Claims) => boolean): Signal["holds"] {
  return ({ fields }, claims) => claims.engine === engine && contradicts(fields, claims);
}
