/**
 * Paths (RFC 3986 §3.3), as a lenient server behind us might read them. The URL parser has already resolved the plain
 * dot segments and their `%2e` spellings of a visited path; what it leaves alone can still climb once an origin decodes
 * it again, takes "\" for "/", or drops what follows ";" in a segment.
 */
import { decodeAscii } from "./percent.ts";

/** What is wrong with a path: ASCII in a spelling that hides it, a control character, or a ".." segment. */
export type PathFlaw = "encoding" | "control" | "traversal";

/** Nothing can be wrong with a path that has none of these. */
const suspicious = /[^!-$&-~]|\.\./;

/** A segment that is ".." up to its end, to its parameters, or to spaces at its end. "." is no climb: it names the same place. */
const climb = /(?:^|[/\\])\.\. *(?:[/\\;]|$)/;

/**
 * ASCII in more bytes than UTF-8 allows (RFC 3629 §3), or any character as `%u002e`, which no standard knows but some
 * servers read.
 */
const hidden =
  /%(?:c[01]%[89ab]|e0%[89]|f0%8|f8%8[0-7](?:%[89ab][\da-f]){3}|fc%8[0-3](?:%[89ab][\da-f]){4}|u[\da-f]{4})/i;

/**
 * The flaw of a path, or undefined for one that every server reads alike, as far as climbing goes. An encoded slash or
 * backslash, an empty segment and encoded bytes of any kind, UTF-8 or not, are no flaws. `path` may be percent-encoded or not.
 */
export function pathFlaw(path: string): PathFlaw | undefined {
  if (!suspicious.test(path)) return undefined;
  const plain = decodeAscii(encodeOthers(path));
  if (hidden.test(plain)) return "encoding";
  if (hasControl(plain)) return "control";
  return climb.test(plain) ? "traversal" : undefined;
}

/** What is no ASCII as its escapes, which is how a server gets it. */
function encodeOthers(text: string): string {
  return text.replace(/[^\0-\x7f]+/g, (others) => encodeURIComponent(others.toWellFormed()));
}

/** The path of a URL as it was written, before any parser resolved its dot segments. */
export function writtenPath(url: string): string {
  const authority = url.indexOf("//") + 2;
  const start = url.slice(authority).search(/[/?#\\]/) + authority;
  const end = url.slice(start).search(/[?#]/);
  return start < authority ? "/" : url.slice(start, end === -1 ? undefined : start + end);
}

/**
 * A URL's path in the one spelling that everybody gets: rules, the cache's key, the log and the origin. Escapes of letters,
 * digits and `-._~` are decoded, which changes nothing of what they name, the digits of all others are in upper case (RFC
 * 3986 §6.2.2), and a "%" that begins no escape is written "%25". Twice is the same as once.
 */
export function normalPath(path: string): string {
  return unnormal.test(path) ? path.replace(/%(?:[\da-f]{2})?/gi, normalEscape) : path;
}

/** A "%" that begins no escape in upper case, or begins one of a letter, digit or `-._~`. */
const unnormal = /%(?![\dA-F]{2})|%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/;

function normalEscape(escape: string): string {
  return escape === "%" ? "%25" : spellings[Number.parseInt(escape.slice(1), 16)]!;
}

/** Of every byte. */
const spellings: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

/** C0 and DEL. The C1 characters are two bytes in UTF-8, neither of which is a control byte. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
