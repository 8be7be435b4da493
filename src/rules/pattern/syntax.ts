/** Reads a regular expression: what RE2, which CEL goes by, and ECMA-262 §22.2.1 understand alike. */
import { PatternFlaw } from "./flaw.ts";
import { complement, lineEnds, single, type Ranges } from "./sets.ts";
import { readClass, readEscape, type Source } from "./units.ts";

export type Tree =
  | { readonly kind: "set"; readonly set: Ranges }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly Tree[] }
  | { readonly kind: "choice"; readonly parts: readonly Tree[] }
  /** `max` may be Infinity. `isLazy`: as few times as possible, where it matters how many. */
  | {
      readonly kind: "repeat";
      readonly part: Tree;
      readonly min: number;
      readonly max: number;
      readonly isLazy: boolean;
    }
  /** What is asked for afterwards by its number, from 1. */
  | { readonly kind: "group"; readonly part: Tree; readonly number: number };

/** Where no unit is read: at the text's start and end, and where a word begins or ends, or neither. */
export type Assertion = "start" | "end" | "edge" | "no-edge";

/** Groups in groups. */
const maxDepth = 50;

export interface Read {
  readonly tree: Tree;
  /** The names of its groups, in order; "" for one without. */
  readonly groups: readonly string[];
}

/** @throws PatternFlaw */
export function readPattern(text: string): Read {
  const source: Source = { text, at: 0, groups: [] };
  const tree = readChoice(source, 0);
  if (source.at < text.length) throw new PatternFlaw("a closing bracket closes nothing");
  return { tree, groups: source.groups };
}

function readChoice(source: Source, depth: number): Tree {
  if (depth > maxDepth) throw new PatternFlaw(`groups are nested more than ${maxDepth} deep`);
  const parts = [readSequence(source, depth)];
  while (source.text[source.at] === "|") {
    source.at++;
    parts.push(readSequence(source, depth));
  }
  return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
}

function readSequence(source: Source, depth: number): Tree {
  const parts: Tree[] = [];
  while (source.at < source.text.length && !"|)".includes(source.text[source.at]!)) {
    const part = readPart(source, depth);
    parts.push(readRepeat(source, part));
  }
  return { kind: "sequence", parts };
}

const assertions: Readonly<Record<string, Assertion>> = { "^": "start", $: "end", "\\b": "edge", "\\B": "no-edge" };

function readPart(source: Source, depth: number): Tree {
  const { text, at } = source;
  for (const [written, assertion] of Object.entries(assertions)) {
    if (!text.startsWith(written, at)) continue;
    source.at += written.length;
    return { kind: "assertion", assertion };
  }
  if (text[at] === "(") return readGroup(source, depth);
  const repetition = readQuantifier(source);
  if (repetition) throw new PatternFlaw(`"${repetition[0]}" repeats nothing`);
  return { kind: "set", set: readSet(source) };
}

function readSet(source: Source): Ranges {
  const unit = source.text[source.at]!;
  if (unit === "[") return readClass(source);
  if (unit === "\\") return readEscape(source, false);
  source.at++;
  return unit === "." ? complement(lineEnds) : single(unit.charCodeAt(0));
}

/** Of a group that only groups, of one with a name, and of one without. */
const opening = /\((?:(\?:)|\?<(?![=!])([^>]*)>|(?!\?))/y;
const lookaround = /\(\?<?[=!]/y;

function readGroup(source: Source, depth: number): Tree {
  const { text, at } = source;
  opening.lastIndex = lookaround.lastIndex = at;
  if (lookaround.test(text)) {
    throw new PatternFlaw(
      'looking ahead or behind isn\'t possible; join two conditions by "&&", and negate one by "!"',
    );
  }
  const opened = opening.exec(text);
  if (!opened) throw new PatternFlaw('flags aren\'t possible; for "(?i)" ask lowerAscii() for its matches()');
  source.at += opened[0].length;
  const [, onlyGroups, name = ""] = opened;
  const number = onlyGroups ? 0 : source.groups.push(name);
  const part = readChoice(source, depth + 1);
  if (text[source.at] !== ")") throw new PatternFlaw("a group isn't closed");
  source.at++;
  return number === 0 ? part : { kind: "group", part, number };
}

const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y;
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  "*": [0, Infinity],
  "+": [1, Infinity],
  "?": [0, 1],
};

function readRepeat(source: Source, part: Tree): Tree {
  const written = readQuantifier(source);
  if (!written) return part;
  if (part.kind === "assertion") throw new PatternFlaw(`"${written[0]}" repeats nothing`);
  const [, sign, from, comma, to] = written;
  const [min, max] = bounds[sign!] ?? [Number(from), to ? Number(to) : comma ? Infinity : Number(from)];
  if (min > max) throw new PatternFlaw(`the numbers of "${written[0]}" are out of order`);
  return { kind: "repeat", part, min, max, isLazy: /.\?$/.test(written[0]) };
}

function readQuantifier(source: Source): RegExpExecArray | null {
  quantifier.lastIndex = source.at;
  const written = quantifier.exec(source.text);
  source.at += written?.[0].length ?? 0;
  return written;
}
