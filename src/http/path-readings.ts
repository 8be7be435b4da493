/**
 * How servers read a path that they don't all read alike: as an escape is decoded or not, once or twice, "//" is one slash
 * or two, and what follows ";" belongs to the name or not.
 */
import { normalPath } from "./path.ts";
import { decodeAscii } from "./percent.ts";

/** Without these a path is read alike by all. */
const readUnlike = /[%;\\]|\/\/|\.(?:\/|$)/;

/** Without these all find the same names in a path. */
const namedUnlike = /[;\\]|\/\/|(?:\.|%20)(?:\/|$)|%3F|%23/;

/**
 * The other readings of a normal path, each in normal form and none the path itself; none for an ordinary path. A server
 * decodes some escapes and then is lax, so they are every level of decoding with everything that is made of names:
 *
 * - As it is; plain, with all that is escaped in ASCII decoded but slashes and what no path can hold, however often, and
 *   fullwidth forms as the ASCII they look like; and decoded, slashes too.
 * - Each of these as it is, without empty segments, without parameters (`;…`) or with those of one segment only, without
 *   what follows an escaped "?" or "#", without that and dots and spaces at the end of names, and several of these.
 *
 * The last is the barest: decoded, and without all of that.
 */
export function readingsOf(path: string): readonly string[] {
  if (!readUnlike.test(path)) return none;
  const plain = plainOf(path);
  const decoded = unescapeSlashes(plain);
  const slashed = decoded.replaceAll("\\", "/");
  const readings = new Set([decoded]);
  for (const level of new Set([path, plain, slashed])) for (const each of namesOf(level)) readings.add(each);
  const barest = bare(slashed);
  readings.delete(path);
  readings.delete(barest);
  return barest === path ? [...readings] : [...readings, barest];
}

const none: readonly string[] = [];

/**
 * Whether servers find other segments in a normal path, or other names in them, by what they make of it. An escape that
 * has but one meaning, such as `%40` or `%C3%A9`, makes no difference.
 */
export function isAmbiguous(path: string): boolean {
  if (!readUnlike.test(path)) return false;
  const decoded = unescapeSlashes(plainOf(path));
  return againEncoded.test(path) || bare(decoded.replaceAll("\\", "/")) !== decoded;
}

/** A slash, and what decoding makes an escape of. */
const againEncoded = /%2F|%25[\dA-F]{2}/;

/** With what needs no escape decoded, and what a URL's path can't hold escaped. */
function plainOf(path: string): string {
  if (!path.includes("%")) return path;
  // Those that are none: no path with a control character gets here.
  const decoded = decodeAscii(path.replaceAll("/", "\n"));
  return normalPath(decoded.replace(/[/\\ "#<>?^`{}]/g, encodeURIComponent).replaceAll("\n", "/"));
}

function unescapeSlashes(plain: string): string {
  return plain.replaceAll("%2F", "/").replaceAll("%5C", "\\");
}

/** What servers make of the names in a path: usually one or two, at most 21. */
function namesOf(path: string): readonly string[] {
  if (!namedUnlike.test(path)) return [path];
  const upTo = cut(path);
  return [...new Set([path, upTo, trimmed(upTo)])].flatMap((each) => {
    const dropped = withoutParameters(each);
    return [each, merged(each), dropped, merged(dropped), ...singlesOf(each)];
  });
}

/** The path with the parameters of one segment only: to some rules and servers those are part of its name. */
function singlesOf(path: string): readonly string[] {
  const named = withoutNameless(path);
  const found: RegExpExecArray[] = [];
  for (const one of named.matchAll(parameters)) if (found.push(one) === mostSingles) break;
  return found.map(({ 0: kept, index }) => {
    const after = named.slice(index + kept.length).replace(parameters, "");
    return merged(named.slice(0, index).replace(parameters, "") + kept + after);
  });
}

/** So many of the segments with parameters are asked about by themselves, from the first; those without a name aside. */
const mostSingles = 3;

function bare(path: string): string {
  return namedUnlike.test(path) ? merged(withoutParameters(trimmed(cut(path)))) : path;
}

/** An escaped "?" ends them, too. */
const parameters = /;(?:(?!%3F|%23)[^/])*/g;

function withoutParameters(path: string): string {
  return path.includes(";") ? withoutNameless(path).replace(parameters, "") : path;
}

/** Without the segments that are nothing but parameters, or those of ".": they are no segments to who drops them. */
function withoutNameless(path: string): string {
  return path.replace(/\/\.?;[^/]*(?=\/)/g, "").replace(/\/\.?;[^/]*$/, "/");
}

/** Without empty segments. */
function merged(path: string): string {
  return path.replace(/\/(?:\.?\/)+/g, "/").replace(/\/\.$/, "/");
}

/** Without an escaped "?" or "#" and what follows it. */
function cut(path: string): string {
  return path.split(/%3F|%23/, 1)[0]!;
}

/** Without the dots and spaces at the end of names, or before their parameters. */
function trimmed(path: string): string {
  const named = path.replace(/\/(?:\.|%20)+(?=\/)/g, "").replace(/(?<!\.|%20)(?:\.|%20)+(?=[/;]|$)/g, "");
  return named === "" ? "/" : named;
}
