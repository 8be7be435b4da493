import fc from "fast-check";
import { expect, test } from "vitest";
import { finderOf } from "../../src/http/words.ts";

test("a text holds one of the words when one of them is in it, however many there are", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "."), minLength: 1, maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", " "), maxLength: 30 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), text, (words, where) => {
      expect(finderOf(words)(where)).toBe(words.some((each) => where.includes(each)));
    }),
    { numRuns: 500 },
  );
});

test("ten thousand words are looked for in microseconds", () => {
  const holds = finderOf(Array.from({ length: 10_000 }, (_, index) => `origin-${index}.example.net`));
  const texts = ["Sun, 01 Mar 2026 00:00:00 GMT", "https://origin-777.example.net/a", "text/css; charset=utf-8"];
  expect(texts.map(holds)).toEqual([false, true, false]);
});
