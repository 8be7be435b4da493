import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searchLiterals } from "../../../src/rules/search/literals.ts";
import { cutAt, replaceNaively, replaceStreaming, type Case } from "./naive.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function replaced(pieces: readonly Uint8Array[], cases: readonly Case[], ignoreCase = false) {
  return replaceStreaming(
    pieces,
    searchLiterals(
      cases.map(({ find }) => find),
      ignoreCase,
    ),
    cases,
  );
}

const letters = fc.constantFrom("a", "b", "A", "é", "aa", "ab");
const cases: fc.Arbitrary<readonly Case[]> = fc.array(
  fc.record({
    find: fc.string({ unit: letters, minLength: 1, maxLength: 5 }),
    with: fc.constantFrom("", "x", "ab", "aaaa", "é"),
    times: fc.constantFrom(0, 0, 1, 2),
  }),
  { minLength: 1, maxLength: 6 },
);
const texts = fc.string({ unit: fc.oneof(letters, fc.constantFrom("c", "ü")), maxLength: 60 });

test("whatever the literals, the text, and how it is cut: the same as in the whole text, place by place", async () => {
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(cases, texts, fc.array(fc.nat()), fc.boolean(), async (literals, text, cuts, ignoreCase) => {
      const body = encode(text);
      const expected = replaceNaively(body, literals, ignoreCase);
      expect(decode(await replaced(cutAt(body, cuts), literals, ignoreCase))).toBe(decode(expected));
      if (decode(expected) !== text) changed++;
    }),
    { numRuns: 5_000 },
  );
  expect(changed).toBeGreaterThan(1_000);
}, 60_000);

test("a body that is no text at all keeps every byte that is no part of a literal", async () => {
  const [bytes, cuts] = [fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat())];
  await fc.assert(
    fc.asyncProperty(cases, bytes, cuts, async (literals, body, places) => {
      expect(await replaced(cutAt(body, places), literals)).toEqual(replaceNaively(body, literals));
    }),
    { numRuns: 500 },
  );
});

describe("of what could be replaced", () => {
  test.each([
    [
      "what begins first",
      [
        ["bc", "1"],
        ["ab", "2"],
      ],
      "abc",
      "2c",
    ],
    [
      "of that, what was written first",
      [
        ["ab", "1"],
        ["abc", "2"],
      ],
      "abc",
      "1c",
    ],
    [
      "also when it is longer",
      [
        ["abc", "1"],
        ["ab", "2"],
      ],
      "abcab",
      "12",
    ],
    [
      "never what was put in",
      [
        ["a", "aa"],
        ["aa", "b"],
      ],
      "aa",
      "aaaa",
    ],
    ["what overlaps it no longer", [["aba", "x"]], "ababa", "xba"],
    [
      "the shorter when the longer doesn't come",
      [
        ["aaaab", "1"],
        ["a", "2"],
      ],
      "aaaac",
      "2222c",
    ],
    [
      "what waited behind what didn't come",
      [
        ["abcde", "1"],
        ["bc", "2"],
        ["cd", "3"],
      ],
      "abcdx",
      "a2dx",
    ],
  ] as const)("%s", async (_, pairs, text, expected) => {
    const literals = pairs.map(([find, by]) => ({ find, with: by }));
    expect(decode(await replaced([encode(text)], literals))).toBe(expected);
    expect(
      decode(
        await replaced(
          [...encode(text)].map((byte) => Uint8Array.of(byte)),
          literals,
        ),
      ),
    ).toBe(expected);
  });
});
