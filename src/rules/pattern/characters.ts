/** Patterns as they are asked of bodies: of characters, where those of rules are of UTF-16 code units. */
import { PatternFlaw } from "./flaw.ts";
import { most, mostOfAll, single, unite, type Ranges } from "./sets.ts";
import type { Tree } from "./syntax.ts";

/** Halves of characters beyond U+FFFF. */
const [firstHigh, firstLow, lastLow] = [0xd800, 0xdc00, 0xdfff];

/** A literal as a pattern. */
export function literalTree(text: string): Tree {
  return {
    kind: "sequence",
    parts: Array.from(text, (character) => ({ kind: "set", set: single(character.codePointAt(0)!) })),
  };
}

/** @throws PatternFlaw for one in which half of a character stands alone. */
export function ofCharacters(tree: Tree): Tree {
  if (tree.kind === "set") return { kind: "set", set: setOfCharacters(tree.set) };
  if (tree.kind === "assertion") return tree;
  if (tree.kind === "sequence") return { kind: "sequence", parts: paired(tree.parts).map(ofCharacters) };
  if (tree.kind === "choice") return { kind: "choice", parts: tree.parts.map(ofCharacters) };
  return { ...tree, part: ofCharacters(tree.part) };
}

/** What isn't asked of a unit isn't asked of a character: sets that go to the last unit go on to the last character. */
function setOfCharacters(set: Ranges): Ranges {
  for (const [first, last] of set) {
    const isApart = last < firstHigh || first > lastLow || last > most;
    if (!isApart && (first > firstHigh || last < lastLow)) {
      throw new PatternFlaw(
        'a character beyond U+FFFF can stand in no class, and for "*" and the like in a group only',
      );
    }
  }
  return set.map(([first, last]) => [first, last === most ? mostOfAll : last]);
}

/** The parts with the two halves of a character as one. */
function paired(parts: readonly Tree[]): readonly Tree[] {
  const joined: Tree[] = [];
  for (const part of parts) {
    const [high, low] = [onlyUnit(joined.at(-1)), onlyUnit(part)];
    const isPair = high >= firstHigh && high < firstLow && low >= firstLow && low <= lastLow;
    if (!isPair) joined.push(part);
    else
      joined[joined.length - 1] = { kind: "set", set: single(0x10000 + ((high - firstHigh) << 10) + low - firstLow) };
  }
  return joined;
}

function onlyUnit(part: Tree | undefined): number {
  const range = part?.kind === "set" && part.set.length === 1 ? part.set[0]! : [-1, -2];
  return range[0] === range[1] ? range[0] : -1;
}

/** The same for letters of ASCII in either case. */
export function ofEitherCase(tree: Tree): Tree {
  if (tree.kind === "set") return { kind: "set", set: eitherCase(tree.set) };
  if (tree.kind === "assertion") return tree;
  if (tree.kind === "sequence" || tree.kind === "choice") return { ...tree, parts: tree.parts.map(ofEitherCase) };
  return { ...tree, part: ofEitherCase(tree.part) };
}

const [upper, lower, apart] = [[65, 90], [97, 122], 32] as const;

function eitherCase(set: Ranges): Ranges {
  const moved = ([from, to]: readonly [number, number], by: number): Ranges =>
    set.flatMap(([first, last]) =>
      first <= to && last >= from ? [[Math.max(first, from) + by, Math.min(last, to) + by] as const] : [],
    );
  return unite(set, moved(upper, apart), moved(lower, -apart));
}

/** Whether it can be found where nothing is. */
export function canBeEmpty(tree: Tree): boolean {
  if (tree.kind === "set") return false;
  if (tree.kind === "assertion") return true;
  if (tree.kind === "sequence") return tree.parts.every(canBeEmpty);
  if (tree.kind === "choice") return tree.parts.some(canBeEmpty);
  return (tree.kind === "repeat" && tree.min === 0) || canBeEmpty(tree.part);
}
