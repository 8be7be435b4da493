/** What the config takes for a selector, and what the platform's parser takes for one. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { selectorMistake } from "../../src/config/selector.ts";

function platformTakes(selector: string): boolean {
  try {
    new HTMLRewriter().on(selector, {});
    return true;
  } catch {
    return false;
  }
}

describe("taken by both", () => {
  test.each([
    "a",
    "*",
    "A",
    "my-element",
    "a, b",
    " a , b ",
    "a b",
    "a  >  b",
    "a>b c",
    "#x",
    "#-->a",
    "a-->b",
    ".x",
    "a.b#c[d]:first-child:not(.e)",
    "*.x",
    "[x]",
    "[x=y]",
    "[ x = y i ]",
    "[x='y'i]",
    '[x="a]b" s]',
    "[x='a\\'b']",
    "[x~=y]",
    "[x|=y]",
    "[x^=y]",
    "[x$='']",
    "[x*=y I]",
    "a:first-child",
    "a:First-Of-Type",
    "a:nth-child(2n+1)",
    "a:nth-child( -n + 3 )",
    "a:nth-child(ODD)",
    "a:nth-of-type(+5)",
    "a:nth-child(n- 1)",
    "a:nth-child(99999999999)",
    "a:not(b)",
    "a:NOT( b , .c )",
    "a:not(:not([x]:first-child))",
    "a:not(*)",
    "a\\:b",
    "#\\31",
    ".é",
    "--a",
    "-a",
    "_a",
    "a\tb\nc",
  ])("%j", (selector) => {
    expect([selectorMistake(selector), platformTakes(selector)]).toEqual([undefined, true]);
  });
});

describe("refused by both, with the place", () => {
  test.each([
    ["", 0, "complete"],
    ["  ", 2, "complete"],
    ["a,", 2, "complete"],
    ["a >", 3, "complete"],
    ["a + b", 2, "sibling"],
    ["a ~ b", 2, "sibling"],
    ["a b::before", 3, "pseudo-elements"],
    ["a:before", 1, "pseudo-elements"],
    ["a:hover", 1, "pseudo-classes"],
    ["a:last-child", 1, "pseudo-classes"],
    ["a:nth-child(2n+1 of b)", 1, "pseudo-classes"],
    ["a:nth-child(+ n)", 1, "pseudo-classes"],
    ["a:nth-child", 1, "pseudo-classes"],
    ["a:first-child()", 1, "pseudo-classes"],
    ["a:is(b)", 1, "pseudo-classes"],
    ["a:has(b)", 1, "pseudo-classes"],
    ["a:not()", 6, "CSS selector"],
    ["a:not(b c)", 7, "CSS selector"],
    ["a:not(b:hover)", 7, "pseudo-classes"],
    ["a:not(b::after)", 7, "pseudo-elements"],
    ["[x!=y]", 0, "attributes"],
    ["a [x=1]", 2, "attributes"],
    ["[x=a.b]", 0, "attributes"],
    ["[x=]", 0, "attributes"],
    ["[]", 0, "attributes"],
    ["svg|a", 3, "CSS selector"],
    ["#1", 0, "CSS selector"],
    ["..a", 0, "CSS selector"],
    ["a*", 1, "CSS selector"],
    ["> a", 0, "CSS selector"],
    ["-->a", 0, "CSS selector"],
    ["a.-->b", 1, "CSS selector"],
    [":not(-->b)", 5, "CSS selector"],
    ["a < b", 2, "CSS selector"],
    ["'a'", 0, "CSS selector"],
    ["a{}", 1, "CSS selector"],
  ])("%j at %d", (selector, at, expected) => {
    expect(selectorMistake(selector)).toEqual({ at, expected: expect.stringContaining(expected) as string });
    expect(platformTakes(selector)).toBe(false);
  });
});

/** What the parser also takes, and nobody needs: comments, escapes, names in no namespace, and what ends inside quotes or brackets. */
function isOdd(selector: string): boolean {
  const bare = selector.replaceAll(/"[^"]*"|'[^']*'/g, "s");
  const count = (character: string): number => bare.split(character).length;
  return /\/\*|\||\0|\\|["']/.test(bare) || count("[") > count("]") || count("(") > count(")");
}

test("the two agree on whatever is put together of the pieces of selectors", () => {
  const piece = fc.constantFrom(
    ...["a", "b", "*", "#x", ".y", "[x]", "[x=y]", '[x="y" i]', "[x^='", "'", '"', "]", "[", "=", "i", " ", ">", ","],
    ...[
      ":not(",
      ")",
      ":first-child",
      ":nth-child(",
      "2n",
      "+1",
      "odd",
      ":nth-of-type(1)",
      ":",
      "+",
      "~",
      "-",
      "1",
      "é",
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const selector = pieces.join("");
      const isTaken = selectorMistake(selector) === undefined;
      if (isTaken || !isOdd(selector)) expect([selector, isTaken]).toEqual([selector, platformTakes(selector)]);
    }),
    { numRuns: 5_000 },
  );
});

test("what it takes of any text, the parser takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.constantFrom("", "a", ".", "[", ":not(", "#"), (text, before) => {
      const selector = before + text;
      const mistake = selectorMistake(selector);
      if (!mistake) expect([selector, platformTakes(selector)]).toEqual([selector, true]);
      else expect(mistake.at).toBeLessThanOrEqual(selector.length);
    }),
    { numRuns: 3_000 },
  );
});
