/** The lines of a robots.txt as the most lenient crawlers read them, spelled so that all crawlers read them so. */

export interface Line {
  readonly text: string;
  /** In lower case, as the standard spells it; "" for an empty line, a comment, and words that mean nothing. */
  readonly key: string;
  readonly value: string;
}

/** How an origin is kept out of what is said. */
export interface Hiding {
  /** Maps the address of a sitemap. */
  readonly link: (url: string) => string;
  /** The same for all addresses and hosts of origins in a text. */
  readonly map: (text: string) => string;
  readonly isNamedIn: (text: string) => boolean;
}

/** What begins like one of these is read as it by those who are lenient, Google's parser among them. */
const spellings: readonly (readonly [key: string, written: string, begins: RegExp])[] = [
  ["user-agent", "User-agent", /^user[ \t_-]?agent/],
  ["disallow", "Disallow", /^(?:diss?all?ow|diasllow|disallaw)/],
  ["allow", "Allow", /^allow/],
  ["sitemap", "Sitemap", /^site-?map/],
  ["content-signal", "Content-Signal", /^content[ _-]?signal/],
];

/** Lines end where anybody thinks that they do. */
export function linesOf(text: string): readonly Line[] {
  return text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map(lineOf);
}

function lineOf(text: string): Line {
  const said = text.split("#", 1)[0]!.trim();
  const colon = said.indexOf(":");
  const [key = "", value = ""] =
    colon === -1 ? pairOf(said) : [said.slice(0, colon).trim(), said.slice(colon + 1).trim()];
  const low = key.toLowerCase();
  const [meant, written] = spellings.find(([, , begins]) => begins.test(low)) ?? [low, key];
  return { key: meant, value, text: low === meant && colon !== -1 ? text : rewritten(text, written, value) };
}

/** Two words without a colon between them are read as if it were there. */
function pairOf(said: string): readonly string[] {
  const words = said.split(/\s+/);
  return words.length === 2 && spellings.some(([, , begins]) => begins.test(words[0]!.toLowerCase())) ? words : [];
}

function rewritten(text: string, key: string, value: string): string {
  return key === "" ? text : `${key}: ${value}`;
}

/** Keys whose value is for crawlers to compare with paths: nothing in it is an address, unless it is a whole one. */
const rules: ReadonlySet<string> = new Set(["allow", "disallow"]);

/** Without a word of who the origin is: addresses are mapped, comments that name it left out. Undefined where nothing is left. */
export function hidden({ text, key, value }: Line, { link, map, isNamedIn }: Hiding): string | undefined {
  const isSitemap = key === "sitemap";
  if (!isSitemap && !isNamedIn(text)) return text;
  const said = isSitemap ? `Sitemap: ${link(value)}` : map(text.split("#", 1)[0]!.trimEnd());
  return said === "" || (isNamedIn(said) && !rules.has(key)) ? undefined : said;
}

/** Whom a line is for: one name, or several that somebody wrote into one line. */
export function namesIn(value: string): readonly string[] {
  return value
    .split(/[,;]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/**
 * Whether a crawler may take the name for one of these product tokens, which are in lower case: the whole word, any word of
 * several, or the letters that it begins with, which are all that some read.
 */
export function isAnyOf(name: string, tokens: ReadonlySet<string>): boolean {
  const low = name.toLowerCase();
  const letters = /^[a-z_-]+/.exec(low)?.[0];
  return (letters !== undefined && tokens.has(letters)) || low.split(/[^\w.-]+/).some((word) => tokens.has(word));
}

/** Whether it stands for everybody who isn't named elsewhere. */
export function isEverybody(name: string): boolean {
  return /^\*(?:\s|$)/.test(name);
}
