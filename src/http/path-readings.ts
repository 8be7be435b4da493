/**
 * How servers read a path that they don't all read alike: as an escaped "/" or a second encoding is decoded or not, "//" is
 * one slash or two, and what follows ";" belongs to the name or not.
 */
import { normalPath } from "./path.ts";
import { decodeAscii } from "./percent.ts";

/** Without these a path is read alike by all. */
const readUnlike = /[%;\\]|\/\/|\.(?:\/|$)/;

/**
 * The other readings of a normal path, each in normal form and none the path itself; none for an ordinary path.
 *
 * - Decoded: all that is escaped in ASCII, however often, and fullwidth forms as the ASCII they look like.
 * - Bare: that, with "\" as "/", without empty segments, parameters (`;…`), dots and spaces at the end of segments, and
 *   what follows a "?" or "#" which was escaped.
 */
export function readingsOf(path: string): readonly string[] {
  if (!readUnlike.test(path)) return none;
  const decoded = decodeAscii(path);
  const [all, name] = [spell(decoded), spell(bare(decoded))];
  return [all, name].filter((reading, index) => reading !== path && (index === 0 || reading !== all));
}

const none: readonly string[] = [];

/**
 * Whether servers find other segments in a normal path, or other names in them, by what they make of it. An escape that
 * has but one meaning, such as `%40` or `%C3%A9`, makes no difference.
 */
export function isAmbiguous(path: string): boolean {
  if (!readUnlike.test(path)) return false;
  const decoded = decodeAscii(path);
  return againEncoded.test(path) || bare(decoded) !== decoded;
}

/** A slash, and what decoding makes an escape of. */
const againEncoded = /%2F|%25[\dA-F]{2}/;

/** As a URL's path has to spell it. */
function spell(decoded: string): string {
  return normalPath(decoded.replace(/[ "#<>?^`{}]/g, encodeURIComponent));
}

function bare(decoded: string): string {
  const path = decoded.split(/[?#]/, 1)[0]!;
  const segments = path.replaceAll("\\", "/").split("/").map(nameIn);
  const named = segments.filter((segment) => segment !== "");
  const isFolder = named.length > 0 && segments.at(-1) === "";
  return `/${named.join("/")}${isFolder ? "/" : ""}`;
}

/** A segment without its parameters, and the dots and spaces before them. */
function nameIn(segment: string): string {
  const parameters = segment.indexOf(";");
  let end = parameters === -1 ? segment.length : parameters;
  while (end > 0 && (segment[end - 1] === "." || segment[end - 1] === " ")) end--;
  return segment.slice(0, end);
}
