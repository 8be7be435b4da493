/** Addresses in styles and JSON that come in pieces. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { css, inPieces, json, mapText, tagOrCss } from "../../../src/transform/html/addresses.ts";

const tags = { ...tagOrCss, mapFound: (text: string) => (/^<.*[^>]$/s.test(text) ? text : text.toUpperCase()) };
const mapping = { reference: (text: string) => text.replace(/^(?:https?:)?\/\/fra\//, "/") };

describe("CSS", () => {
  test.each([
    ["url(https://fra/a)", "url(/a)"],
    ["URL( 'https://fra/a' )", "URL( '/a' )"],
    ['@import "https://fra/a";@import url(//fra/b)', '@import "/a";@import url(/b)'],
    ["url(&quot;https://fra/a&quot;)", "url(&quot;/a&quot;)"],
    ["url(/x),url(https://fra/a)", "url(/x),url(/a)"],
  ])("%s → %s", (text, expected) => expect(mapText(text, css, mapping)).toBe(expected));

  test.each([
    'content:"https://fra/a"',
    "/* https://fra/a */",
    "url(data:,https://fra/a)",
    "@namespace x 'https://fra/a'",
    `url(https://fra/${"a".repeat(2_100)})`,
  ])("left alone: %s", (text) => expect(mapText(text, css, mapping)).toBe(text));
});

describe("JSON", () => {
  test.each([
    ['{"a":"https://fra/b"}', '{"a":"/b"}'],
    ['{"https:\\/\\/fra\\/k":["//fra/v"]}', '{"\\/k":["/v"]}'],
  ])("%s → %s", (text, expected) => expect(mapText(text, json, mapping)).toBe(expected));

  test.each(['{"a":"see https://fra/b"}', '{"a":"https://fra/b c"}', '{"a":"\\"https://fra/b\\""}', '{"a":"/b"}'])(
    "left alone: %s",
    (text) => expect(mapText(text, json, mapping)).toBe(text),
  );
});

test("the same, whatever the cuts", () => {
  const piece = fc.constantFrom(
    ...["url(", "URL( ", "@import ", "@imp", '"', "'", "https://fra/", "https:\\/\\/fra\\/", "x", ")", " ", "u", "ur"],
    ...[
      "<a",
      "<",
      ">",
      "='",
      "<p x>",
      "\\",
      "&quot;",
      ";",
      "@",
      "//",
      ",",
      ":",
      "(",
      "x".repeat(2_030),
      "y".repeat(9),
      "z".repeat(4),
    ],
  );
  const cuts = fc.array(fc.nat(), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), cuts, fc.constantFrom(css, json, tags), (pieces, cut, language) => {
      const text = pieces.join("");
      const borders = cut.map((each) => each % (text.length + 1)).toSorted((one, other) => one - other);
      const map = inPieces(language, mapping);
      const mapped = borders.map((border, index) => map(text.slice(borders[index - 1] ?? 0, border), false));
      expect(mapped.join("") + map(text.slice(borders.at(-1) ?? 0), true)).toBe(mapText(text, language, mapping));
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  [css, "url("],
  [tags, "<a '"],
  [tags, "<a <a"],
])("what is held back is bounded, %#", (language, start) => {
  const map = inPieces(language, mapping);
  let out = 0;
  for (let index = 0; index < 1_000; index++) out += map(start + "a".repeat(1_000 - start.length), false).length;
  expect(out).toBeGreaterThan(1_000_000 - 5_000);
});
