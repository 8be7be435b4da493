import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nearest, typos } from "../../src/config/nearest.ts";

test.each([
  ["", "", 0],
  ["a", "", 1],
  ["cache", "cahce", 1],
  ["cache", "cach", 1],
  ["cache", "caches", 1],
  ["cache", "cashe", 1],
  ["kitten", "sitting", 3],
])("typos from %j to %j: %d", (a, b, count) => {
  expect(typos(a, b)).toBe(count);
  expect(typos(b, a)).toBe(count);
});

test.each([
  ["cahe", "cache"],
  ["stale-if-error", "staleIfError"],
  ["CACHE", "cache"],
  ["staleiferr", "staleIfError"],
  ["zzz", undefined],
  ["", undefined],
  ["ttl", "ttl"],
])("%j → %j", (wrong, right) => expect(nearest(wrong, ["cache", "staleIfError", "ttl", "name"])).toBe(right));

test("a word is the nearest to itself", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1 }), (words) => {
      expect(words).toContain(nearest(words[0]!, words));
    }),
  );
});
