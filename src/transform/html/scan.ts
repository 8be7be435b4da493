/** What can be told of a page's tags without parsing it: where it may be cut, and roughly how deep it is. */

/** Elements in which the parser doesn't know whether a tag of these {@link unclear} ones is one: it gives up there. */
const holders: ReadonlySet<string> = new Set(["select", "frameset"]);

const unclear: ReadonlySet<string> = new Set([
  ...["script", "style", "title", "textarea", "iframe", "noscript", "noembed", "noframes", "plaintext", "xmp"],
]);

/** Letters of the longest of those names, and one more. */
const longestName = "plaintext".length + 1;

/** Elements that may be open at once. Past half as many again, the parser's memory is full. */
const mostOpen = 10_000;

/** The first two letters of elements that have no end tag, or are mostly written without one. */
const single: ReadonlySet<number> = new Set(
  ["br", "hr", "im", "in", "me", "so", "wb", "co", "pa", "us", "ci", "re", "po"].map((two) =>
    pair(two.charCodeAt(0), two.charCodeAt(1)),
  ),
);

const [opening, closing, slash, doubleQuote, singleQuote] = [0x3c, 0x3e, 0x2f, 0x22, 0x27];

/** What was counted so far. */
interface Counts {
  /** Start tags without their end tags; roughly, for comments and scripts aren't told apart. */
  open: number;
  /** One of the {@link holders} was seen. */
  isWary: boolean;
}

/** Where a piece must begin, and whether it must begin with another parser. */
interface Cut {
  readonly at: number;
  readonly isNew: boolean;
}

export const scanTags = { cuts, settled, nameAt };

/** Before each tag that may be unclear, once there was one of those that make it so; and where too many elements are open. */
function cuts(bytes: Uint8Array, counts: Counts): readonly Cut[] {
  const found: Cut[] = [];
  for (let at = bytes.indexOf(opening); at !== -1; at = bytes.indexOf(opening, at + 1)) {
    const isEnd = bytes[at + 1] === slash;
    const first = bytes[isEnd ? at + 2 : at + 1]! | 0x20;
    if (!isLetter(first) || single.has(pair(first, bytes[isEnd ? at + 3 : at + 2]! | 0x20))) continue;
    counts.open = Math.max(0, counts.open + (isEnd ? -1 : 1));
    if (isEnd) continue;
    const isTooDeep = counts.open >= mostOpen;
    if (isTooDeep) counts.open = 0;
    const isNamed = counts.isWary || first === 0x73 || first === 0x66; // "s" or "f"
    const name = isNamed ? nameAt(bytes, at) : "";
    if (isTooDeep || (counts.isWary && unclear.has(name))) found.push({ at, isNew: isTooDeep });
    counts.isWary ||= holders.has(name);
  }
  return found;
}

/** How much of the bytes can be parsed: all but a tag whose end hasn't come yet. */
function settled(bytes: Uint8Array): number {
  for (
    let at = bytes.indexOf(opening, bytes.lastIndexOf(closing) + 1);
    at !== -1;
    at = bytes.indexOf(opening, at + 1)
  ) {
    const next = bytes[at + 1];
    if (next === undefined || next === slash || isLetter(next | 0x20)) return at;
  }
  return bytes.byteLength;
}

/** The name of the start tag there, in lower case, but no more than its first letters; "" for none. */
function nameAt(bytes: Uint8Array, at: number): string {
  let name = "";
  for (let next = at + 1; next <= at + longestName; next++) {
    const letter = bytes[next]! | 0x20;
    if (!isLetter(letter)) break;
    name += String.fromCharCode(letter);
  }
  return name;
}

/**
 * The end of a tag, after its ">"; undefined when it isn't in these bytes.
 * @param open the quote that is open at their beginning; 0 for none.
 */
export function rawTagEnd(
  bytes: Uint8Array,
  open: number,
): { readonly end: number | undefined; readonly quote: number } {
  let quote = open;
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = bytes[at]!;
    if (quote !== 0) {
      const close = bytes.indexOf(quote, at);
      if (close === -1) return { end: undefined, quote };
      at = close;
      quote = 0;
    } else if (byte === closing) return { end: at + 1, quote: 0 };
    else if (byte === doubleQuote || byte === singleQuote) quote = byte;
  }
  return { end: undefined, quote };
}

function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

function pair(one: number, other: number): number {
  return (one << 8) | other;
}
