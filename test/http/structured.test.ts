import fc from "fast-check";
import { parseItem, Token } from "structured-headers";
import { expect, test } from "vitest";
import { integer, quotedString, tokenOrString } from "../../src/http/structured.ts";

const printable = fc.stringMatching(/^[\x20-\x7e]*$/);
const anything = fc.string({ unit: "binary" });

test("a String reads back as it was", () => {
  holds(printable, (text) => parseItem(quotedString(text))[0] === text);
});

test("whatever the text, a String is one that can be read", () => {
  holds(anything, (text) => typeof parseItem(quotedString(text))[0] === "string");
});

test("a Token where it can be one, else a String", () => {
  holds(printable, (text) => String(parseItem(tokenOrString(text))[0]) === text);
  expect(parseItem(tokenOrString("blocked-by-rule"))[0]).toBeInstanceOf(Token);
  expect(parseItem(tokenOrString("1st"))[0]).toBe("1st");
});

test("an Integer is within what the grammar holds", () => {
  holds(fc.double({ noNaN: true }), (value) => Number.isInteger(parseItem(integer(value))[0]));
  expect(integer(-1.9)).toBe("-1");
});

function holds<T>(values: fc.Arbitrary<T>, predicate: (value: T) => boolean): void {
  fc.assert(fc.property(values, predicate));
}
