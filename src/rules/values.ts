/** Which values a fact can have, as far as that is known when a config is loaded. */
import { kinds } from "../bots/kinds.ts";
import { countryPosition } from "../geo/countries.ts";
import { plainAddress } from "../http/ip-form.ts";
import { normalPath } from "../http/path.ts";

/** Which part of the value a text is compared with. */
export type Where = "whole" | "start" | "end" | "part";

/** The form of a text. */
export interface TextForm {
  /** In words that follow "which is". */
  readonly what: string;
  readonly can: (text: string, where: Where) => boolean;
  /** What was most likely meant by a text that can't be one. */
  readonly right?: (text: string, where: Where) => string | undefined;
  /** All that it can be, where these are few. */
  readonly words?: readonly string[];
}

/** The first and the last that a number can be. */
export type NumberForm = readonly [least: number, most: number];

/** Fact → its form; of those that aren't here every text and number can be. */
export const textForms: Readonly<Record<string, TextForm>> = {
  "request.method": {
    what: "a method in upper case",
    can: (text) => text === text.toUpperCase(),
    right: (text) => text.toUpperCase(),
  },
  "request.scheme": oneOf(["http", "https"], { "http:": "http", "https:": "https", "https://": "https" }),
  "request.host": {
    what: "a host in lower case, without a port or a dot at its end",
    can: (text, where) => hostForms[where].test(text),
    right: hostIn,
  },
  "request.path": {
    what: 'a path in its normal form: it begins with "/", has no query, and escapes what it must and nothing else, in upper case',
    can: (text, where) => normalIn(text, where) === text && !(where === "whole" && dotSegment.test(text)),
    right: normalIn,
  },
  "client.ip": {
    what: "an address in its one form, such as 192.0.2.1 or 2001:db8::1 (about a prefix ask inNet())",
    can: (text, where) => (where === "whole" ? plainAddress(text) === text : /^[\da-f.:]*$/.test(text)),
    right: (text, where) => (where === "whole" ? plainAddress(text) : text.toLowerCase()),
  },
  "client.group": {
    what: "an address or an IPv6 network in its one form, such as 192.0.2.1 or 2001:db8:0:1::/64",
    can: (text) => /^[\da-f.:/]*$/.test(text),
    right: (text) => text.toLowerCase(),
  },
  "client.country": {
    what: 'a code of ISO 3166-1 in upper case, such as "DE", or "T1"',
    can: (text, where) => (where === "whole" ? isCountry(text) : /^[A-Z\d]{0,2}$/.test(text)),
    right: (text) => countryOtherwise[text.toUpperCase()] ?? text.toUpperCase(),
  },
  "client.continent": oneOf(["AF", "AN", "AS", "EU", "NA", "OC", "SA", ""], {
    africa: "AF",
    antarctica: "AN",
    asia: "AS",
    europe: "EU",
    "north america": "NA",
    oceania: "OC",
    "south america": "SA",
  }),
  "client.bot": {
    what: 'a name in lower case without spaces, such as "gptbot"',
    can: (text) => /^[^A-Z\s]*$/.test(text),
    right: (text) => text.toLowerCase().replace(/\s+/g, "-"),
  },
  "client.kind": oneOf(kinds),
  "client.device": oneOf(["phone", "tablet", "tv", "desktop"], { mobile: "phone", smartphone: "phone", pc: "desktop" }),
};

export const numberForms: Readonly<Record<string, NumberForm>> = {
  "request.contentLength": [-1, Infinity],
  "client.asn": [0, 2 ** 32 - 1],
  "client.score": [0, 100],
  "client.latitude": [-90, 90],
  "client.longitude": [-180, 180],
  "response.status": [100, 599],
};

/** @param otherwise in lower case: what some call them. */
function oneOf(words: readonly string[], otherwise: Readonly<Record<string, string>> = {}): TextForm {
  const plain = (text: string): string => text.toLowerCase().replace(/[_ ]/g, "-");
  return {
    what: `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`,
    can: (text, where) => words.some((word) => compare[where](word, text)),
    right: (text) => otherwise[text.toLowerCase()] ?? words.find((word) => plain(word) === plain(text)),
    words,
  };
}

const compare: Readonly<Record<Where, (word: string, text: string) => boolean>> = {
  whole: (word, text) => word === text,
  start: (word, text) => word.startsWith(text),
  end: (word, text) => word.endsWith(text),
  part: (word, text) => word.includes(text),
};

/** Names and IPv4 addresses, or IPv6 addresses in brackets. */
const hostForms: Readonly<Record<Where, RegExp>> = {
  whole: /^(?:[a-z\d!$&'()+,;=_~-]+(?:\.[a-z\d!$&'()+,;=_~-]+)*|\[[\da-f:]+\])$/,
  start: /^(?:[a-z\d!$&'()*+,;=_~.-]*|\[[\da-f:]*\]?)$/,
  end: /^(?:[a-z\d!$&'()*+,;=_~.-]*[a-z\d!$&'()*+,;=_~-]|[\da-f:]*\]|)$/,
  part: /^(?:[a-z\d!$&'()*+,;=_~.-]*|\[?[\da-f:]*\]?)$/,
};

/** The host that a browser would ask for. */
function hostIn(text: string, where: Where): string | undefined {
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`);
  return where === "whole" ? url?.hostname.replace(/\.+$/, "") : text.toLowerCase().replace(/:\d+$|\.+$/, "");
}

const dotSegment = /\/\.\.?(?:\/|$)/;

/** In normal form; of a part of a path as it would be there. */
function normalIn(text: string, where: Where): string {
  const [path = ""] = text.toWellFormed().split(/[?#]/, 1);
  const begins = where === "whole" || where === "start";
  const isRooted = path.startsWith("/") || (where === "start" && path === "");
  const rooted = begins && !isRooted ? `/${path}` : path;
  // A part may end within an escape.
  const [cut = ""] = where === "start" || where === "part" ? (/%[\dA-F]?$/.exec(rooted) ?? []) : [];
  const whole = rooted.slice(0, rooted.length - cut.length);
  return normalPath(whole.replace(/[^!-~]|["<>^`{}]/gu, encodeURIComponent)) + cut;
}

/** Also what the platform says of networks that it can't place. */
function isCountry(code: string): boolean {
  return ["", "T1", "XX"].includes(code) || countryPosition(code) !== undefined;
}

/** Codes that are in use, and aren't those of ISO 3166-1. */
const countryOtherwise: Readonly<Record<string, string>> = { UK: "GB", EL: "GR", TOR: "T1" };
