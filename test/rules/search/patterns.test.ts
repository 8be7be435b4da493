import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canBeEmpty, ofCharacters, ofEitherCase } from "../../../src/rules/pattern/characters.ts";
import { programOfAll } from "../../../src/rules/pattern/program.ts";
import { searchPatterns } from "../../../src/rules/pattern/search.ts";
import { readPattern } from "../../../src/rules/pattern/syntax.ts";
import { patterns } from "../pattern/patterns.ts";
import { cutAt, replaceStreaming, type Case } from "./naive.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

interface PatternCase extends Omit<Case, "find"> {
  readonly pattern: string;
}

function searcherOf(cases: readonly PatternCase[], ignoreCase = false) {
  const trees = cases.map(({ pattern }) => ofCharacters(readPattern(pattern).tree));
  const cased = ignoreCase ? trees.map(ofEitherCase) : trees;
  // A pattern that isn't wanted is one that no text has.
  return searchPatterns((wanted) =>
    programOfAll(cased.map((tree, index) => (wanted[index] ? tree : { kind: "set", set: [] }))),
  );
}

async function replaced(pieces: readonly Uint8Array[], cases: readonly PatternCase[], ignoreCase = false) {
  return decode(await replaceStreaming(pieces, searcherOf(cases, ignoreCase), cases));
}

const texts = fc.string({ unit: fc.constantFrom(..."aabb1_- \n.é😀c".match(/./gsu)!), maxLength: 40 });

/** Whether the runtime reads it as the edge does: it refuses to repeat what is empty, where RE2 only doesn't do so for ever. */
function isPlain(pattern: string): boolean {
  try {
    expect(new RegExp(pattern, "u").unicode).toBe(true);
    const { tree } = readPattern(pattern);
    return !canBeEmpty(ofCharacters(tree)) && !repeatsEmpty(tree);
  } catch {
    return false;
  }
}

function repeatsEmpty(tree: ReturnType<typeof readPattern>["tree"]): boolean {
  if (tree.kind === "set" || tree.kind === "assertion") return false;
  if (tree.kind === "sequence" || tree.kind === "choice") return tree.parts.some(repeatsEmpty);
  return (tree.kind === "repeat" && canBeEmpty(tree.part)) || repeatsEmpty(tree.part);
}

test("whatever the pattern, the text, and how it is cut: what the runtime's own matcher replaces in the whole text", async () => {
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(patterns, fc.array(texts, { minLength: 4 }), fc.array(fc.nat()), async (pattern, asked, cuts) => {
      fc.pre(isPlain(pattern));
      for (const text of asked) {
        const expected = text.replaceAll(new RegExp(pattern, "gu"), "<>");
        const actual = await replaced(cutAt(encode(text), cuts), [{ pattern, with: "<>" }]);
        expect([pattern, text, actual]).toEqual([pattern, text, expected]);
        if (expected !== text) changed++;
      }
    }),
    { numRuns: 3_000 },
  );
  expect(changed).toBeGreaterThan(3_000);
}, 120_000);
