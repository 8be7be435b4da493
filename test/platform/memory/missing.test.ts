import { expect, test } from "vitest";
import { createMissing } from "../../../src/platform/memory/missing.ts";

test("nothing was there, until its time is over, it is forgotten, or something is put there", () => {
  const missing = createMissing(5_000);
  missing.note("a", 1_000);
  missing.note("b", 1_000);
  expect([missing.has("a", 5_999), missing.has("a", 6_000), missing.has("c", 1_000)]).toEqual([true, false, false]);
  missing.delete("a");
  expect([missing.has("a", 1_000), missing.has("b", 1_000)]).toEqual([false, true]);
  missing.note("b", 4_000);
  expect(missing.has("b", 8_999)).toBe(true);
});

test("however long the keys are that clients make up, a few megabytes are remembered, and the last ones among them", () => {
  const missing = createMissing(5_000);
  const long = "x".repeat(16_000);
  for (let each = 0; each < 10_000; each++) missing.note(`https://www.example.com/?${each}${long}`, 0);
  const known = Array.from({ length: 10_000 }, (_, each) => missing.has(`https://www.example.com/?${each}${long}`, 0));
  expect(known.filter(Boolean).length * long.length).toBeLessThan(4 << 20);
  expect(known.at(-1)).toBe(true);
});
