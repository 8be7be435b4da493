/** Addresses in texts that have a language of their own: styles, JSON, and pages inside attributes. */
import type { Mapping } from "../mapping.ts";

/** Where in such a text an address may stand. */
export interface Language {
  /** An address, in its last group, and in the groups before it what leads to it. */
  readonly address: RegExp;
  /** At the end of a text that goes on: what may become such a match. It fits wherever a match could begin that isn't complete. */
  readonly open: RegExp;
  /** How what was found is mapped, when it isn't one address. */
  readonly mapFound?: (found: string) => string;
}

/** Characters of an address that counts: what is longer is left as it is, however the page is cut. */
const most = 2048;
const letters = (text: string): string => text.split("").reduceRight((rest, letter) => `(?:${letter}${rest})?`, "");

const quote = `(?:["']|&quot;|&apos;|&#(?:34|39|x22|x27);)`;
const cssLetter = String.raw`[^"'()\s\\<>]`;

/** CSS: `url(…)`, with quotes or without, and `@import "…"`. In an attribute the quotes may be character references. */
const cssStart = String.raw`url\(\s{0,99}${quote}?|@import\s{1,99}${quote}`;
const cssAddress = String.raw`${cssLetter}{1,${most}}(?=["')\s\\<>]|$)`;
export const css: Language = {
  address: new RegExp(`(${cssStart})(${cssAddress})`, "gi"),
  open: new RegExp(
    String.raw`(?:@${letters("import")}|@import\s{1,99}(?:["'&]${cssLetter}{0,${most}})?|u(?:rl?)?|url\(\s{0,99}["']?${cssLetter}{0,${most}})$`,
    "i",
  ),
};

/** Within a tag: no "<" but in quotes, so that each is looked at for one tag alone. */
const tagPart = String.raw`[^"'<>]|"[^"]{0,${most}}"|'[^']{0,${most}}'`;

const tagStart = `<[a-z](?:${tagPart}){0,${most}}`;
const openTag = `${tagStart}(?:"[^"]*|'[^']*)?$`;

/** HTML as text: a tag, also one that never ends, or an address in CSS. */
export const tagOrCss: Language = {
  address: new RegExp(`(${cssStart}|(?=<[a-z]))(${tagStart}>|${openTag}|${cssAddress})`, "gi"),
  open: new RegExp(`<$|${openTag}|${css.open.source}`, "i"),
};

const jsonLetter = String.raw`(?:[^"\\\s<>]|\\\/)`;

/** JSON: a string that is an address and nothing else, its slashes escaped or not. */
export const json: Language = {
  address: new RegExp(String.raw`(")((?:[a-z]{2,5}:)?(?:\\?\/){2}${jsonLetter}{1,${most}})(?=")`, "gi"),
  open: new RegExp(String.raw`"(?:[^"\\\s<>]|\\\/?){0,${most + 10}}$`),
};

/** HTML inside an attribute, with character references or without: what its links lead to. */
export const srcdoc: Language = {
  address: new RegExp(
    String.raw`(\s(?:href|src|action|formaction|poster|data|cite|background)\s{0,9}=\s{0,9}${quote}?)([^"'\s<>]{1,${most}})`,
    "gi",
  ),
  open: /$/,
};

/** The text with its addresses mapped. */
export function mapText(text: string, { address, mapFound }: Language, mapping: Addresses): string {
  const map = mapFound ?? ((found) => mapOne(found, mapping));
  return text.replace(address, (_, before: string, found: string) => before + map(found));
}

type Addresses = Pick<Mapping, "reference">;

function mapOne(found: string, { reference }: Addresses): string {
  if (!found.includes("\\/")) return reference(found);
  return reference(found.replaceAll("\\/", "/")).replaceAll("/", "\\/");
}

/** Stands for what is still to come: no address ends before it. */
const more = "(";

/** Characters at the end of a text that can be open: an address with all its slashes escaped, and what leads to it. */
const reach = 2 * most + 200;

/**
 * The same for a text that comes in pieces: what they are mapped to, whatever the cuts. What may be the beginning of an address
 * is held back until it is complete.
 */
export function inPieces({ address, open, mapFound }: Language, mapping: Addresses) {
  const map = mapFound ?? ((found) => mapOne(found, mapping));
  let held = "";
  return (piece: string, isLast: boolean): string => {
    const text = held + piece + (isLast ? "" : more);
    let settled = 0;
    const mapped = text.replace(address, (all: string, before: string, found: string, at: number) => {
      if (!isLast && at + all.length === text.length) return all;
      settled = at + all.length;
      return before + map(found);
    });
    if (isLast) return mapped;
    const from = Math.max(settled, text.length - reach);
    const at = text.slice(from, -1).search(open);
    held = at === -1 ? "" : text.slice(from + at, -1);
    return mapped.slice(0, mapped.length - held.length - 1);
  };
}
