import fc from "fast-check";
import { expect, test } from "vitest";
import { prefers } from "../../src/http/accept-type.ts";

const cases: readonly [accept: string | undefined, html: boolean][] = [
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
  ["text/html", true],
  ["TEXT/HTML ; q=0.5 , */*;q=0.1", true],
  ["text/html;level=1;q=0.4, text/plain;q=0.3", true],
  ["text/*;q=0.3, text/html", true],
  ["*/*", false],
  ["text/*", false],
  ["text/html, text/plain", false],
  ["text/html;q=0, */*", false],
  ["text/html;q=0.2, text/plain", false],
  ["application/json", false],
  ["", false],
  [undefined, false],
];

test.each(cases)("Accept %j prefers HTML to plain text: %j", (accept, html) => {
  expect(prefers(accept, "text/html", "text/plain")).toBe(html);
});

test("no value makes it throw, and never are both preferred", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (accept) => {
      const both = prefers(accept, "text/html", "text/plain") && prefers(accept, "text/plain", "text/html");
      expect(both).toBe(false);
    }),
  );
});
