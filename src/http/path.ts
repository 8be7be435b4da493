/**
 * Paths (RFC 3986 §3.3), as a lenient server behind us might read them. The URL parser has already resolved the plain
 * dot segments and their `%2e` spellings of a visited path; what it leaves alone can still climb once an origin decodes
 * it again, takes "\" for "/", or drops what follows ";" in a segment.
 */

/** What is wrong with a path: ASCII in a spelling that hides it, a control character, or a ".." segment. */
export type PathFlaw = "encoding" | "control" | "traversal";

/** Nothing can be wrong with a path that has none of these. */
const suspicious = /[%\p{Cc}]|\.\./u;

/** A segment that is ".." up to its end or to its parameters. "." is no climb: it names the same place. */
const climb = /(?:^|[/\\])\.\.(?:[/\\;]|$)/;

/** ASCII in more bytes than UTF-8 allows (RFC 3629 §3), or as `%u002e`, which no standard knows but some servers read. */
const hidden = /%(?:c[01]%[89ab]|e0%[89]|f0%8|u00[0-7])/i;

/**
 * The flaw of a path, or undefined for one that every server reads alike, as far as climbing goes. An encoded slash or
 * backslash, an empty segment and encoded bytes of any kind, UTF-8 or not, are no flaws. `path` may be percent-encoded or not.
 */
export function pathFlaw(path: string): PathFlaw | undefined {
  if (!suspicious.test(path)) return undefined;
  const plain = decodeAscii(path);
  if (hidden.test(plain)) return "encoding";
  if (hasControl(plain)) return "control";
  return climb.test(plain) ? "traversal" : undefined;
}

/** The path of a URL as it was written, before any parser resolved its dot segments. */
export function writtenPath(url: string): string {
  const authority = url.indexOf("//") + 2;
  const start = url.slice(authority).search(/[/?#\\]/) + authority;
  const end = url.slice(start).search(/[?#]/);
  return start < authority ? "/" : url.slice(start, end === -1 ? undefined : start + end);
}

/**
 * The path in the one spelling that rules are asked about: escapes of letters, digits and `-._~` decoded, which changes
 * nothing of what it names, and the digits of all others in upper case (RFC 3986 §6.2.2). Twice is the same as once.
 */
export function plainPath(path: string): string {
  if (!path.includes("%")) return path;
  return path.replace(/%[\da-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
  });
}

/**
 * Decodes the escapes of ASCII until none is left, also those which decoding brings about: "%25252e" and "%25%32%65"
 * both end as ".". Each escape is decoded as soon as its last digit is there, so that the work grows with the length
 * only, however deep the nesting. Escapes never overlap, so the order in which they are decoded makes no difference.
 */
function decodeAscii(path: string): string {
  if (!path.includes("%")) return path;
  const codes: number[] = [];
  for (let at = 0; at < path.length; at++) {
    codes.push(path.charCodeAt(at));
    for (let code = escapeAtEnd(codes); code !== undefined; code = escapeAtEnd(codes)) {
      codes.length -= 3;
      codes.push(code);
    }
  }
  return codes.map((code) => String.fromCharCode(code)).join("");
}

/** The ASCII character that the last three characters are the escape of. */
function escapeAtEnd(codes: readonly number[]): number | undefined {
  if (codes[codes.length - 3] !== 0x25) return undefined;
  const code = hexDigit(codes[codes.length - 2]!) * 16 + hexDigit(codes[codes.length - 1]!);
  return code < 0x80 ? code : undefined;
}

/** NaN for what is none. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** C0 and DEL. The C1 characters are two bytes in UTF-8, neither of which is a control byte. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
