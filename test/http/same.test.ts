import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameMac, isSameSecret } from "../../src/http/same.ts";

test("texts are the same when every character is", async () => {
  const text = fc.string({ unit: "binary", maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(text, text, async (one, other) => {
      expect(isSameMac(one, other)).toBe(one === other);
      expect([isSameMac(one, one), await isSameSecret(one, one)]).toEqual([true, true]);
    }),
  );
});

test.each([
  ["abc", "abd"],
  ["abc", "bbc"],
  ["abc", "ab"],
  ["abc", "abcd"],
  ["", "a"],
  ["a", "\u0161"],
])("%j isn't %j", async (one, other) => {
  expect([isSameMac(one, other), await isSameSecret(one, other)]).toEqual([false, false]);
});
