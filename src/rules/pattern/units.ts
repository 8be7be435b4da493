/** Escapes, and classes in square brackets. */
import { PatternFlaw } from "./flaw.ts";
import { complement, digits, single, spaces, unite, wordUnits, type Ranges } from "./sets.ts";

/** A pattern, and how far it is read. */
export interface Source {
  readonly text: string;
  at: number;
  /** Names of the groups that have begun, in order. */
  readonly groups: string[];
}

const named: Readonly<Record<string, Ranges>> = {
  d: digits,
  D: complement(digits),
  w: wordUnits,
  W: complement(wordUnits),
  s: spaces,
  S: complement(spaces),
  t: single(9),
  n: single(10),
  v: single(11),
  f: single(12),
  r: single(13),
};

const hex = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4}))/y;
const zero = /\\0(?!\d)/y;

/** What the escape stands for. In a class, `\b` is the backspace. */
export function readEscape(source: Source, inClass: boolean): Ranges {
  const { text, at } = source;
  hex.lastIndex = zero.lastIndex = at;
  const coded = hex.exec(text);
  if (coded) {
    source.at += coded[0].length;
    return single(Number.parseInt(coded[1] ?? coded[2]!, 16));
  }
  const letter = text[at + 1] ?? "";
  source.at += 2;
  if (inClass && letter === "b") return single(8);
  if (zero.test(text)) return single(0);
  if (/[\dk]/.test(letter)) throw new PatternFlaw("what a group has found can't be asked for again");
  if (/[A-Za-z]|^$/.test(letter)) return named[letter] ?? fail(letter);
  return single(letter.charCodeAt(0));
}

function fail(letter: string): never {
  throw new PatternFlaw(`"\\${letter}" means nothing`);
}

/** From "[" to "]". */
export function readClass(source: Source): Ranges {
  const { text } = source;
  source.at++;
  const isNegated = text[source.at] === "^";
  if (isNegated) source.at++;
  const sets: Ranges[] = [];
  while (text[source.at] !== "]") {
    if (source.at >= text.length) throw new PatternFlaw("a class isn't closed");
    sets.push(readMember(source));
  }
  source.at++;
  return isNegated ? complement(unite(...sets)) : unite(...sets);
}

/** One unit, an escape, or a range of units. */
function readMember(source: Source): Ranges {
  const { text } = source;
  const first = readUnit(source);
  if (text[source.at] !== "-" || text[source.at + 1] === "]" || source.at + 1 >= text.length) return first;
  source.at++;
  const last = readUnit(source);
  const [from, to] = [only(first), only(last)];
  // With a set such as \d at one end, the dash is one.
  if (from === undefined || to === undefined) return unite(first, single(45), last);
  if (from > to) throw new PatternFlaw("the ends of a range are out of order");
  return [[from, to]];
}

/** What RE2 knows as `[:digit:]` within a class, and how else to write it there. */
const posix: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  ascii: String.raw`\x00-\x7f`,
  blank: String.raw`\t `,
  cntrl: String.raw`\x00-\x1f\x7f`,
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: String.raw`!-/:-@\[-\x60{-~`,
  space: String.raw`\t-\r `,
  upper: "A-Z",
  word: String.raw`\w`,
  xdigit: "0-9A-Fa-f",
};
const posixName = /\[:\^?(\w+):\]/y;

/** ECMA-262 takes it for its letters, of which nobody means a class to consist. */
function refusePosix({ text, at }: Source): void {
  posixName.lastIndex = at;
  const [written, name = ""] = posixName.exec(text) ?? [];
  if (written === undefined) return;
  const instead = Object.hasOwn(posix, name) ? `; for "[:${name}:]" write "${posix[name]}"` : "";
  throw new PatternFlaw(`"${written}" isn't possible${instead}`);
}

function readUnit(source: Source): Ranges {
  refusePosix(source);
  const unit = source.text[source.at]!;
  if (unit === "\\") return readEscape(source, true);
  source.at++;
  return single(unit.charCodeAt(0));
}

/** The unit, of a set of one. */
function only([range, ...others]: Ranges): number | undefined {
  return range && others.length === 0 && range[0] === range[1] ? range[0] : undefined;
}
