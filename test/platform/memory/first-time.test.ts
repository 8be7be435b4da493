import { expect, test } from "vitest";
import { createFirstTime } from "../../../src/platform/memory/first-time.ts";

test("what was used is known until its time is up", () => {
  let now = 0;
  const firstTime = createFirstTime(() => now);
  expect([firstTime("a", 10), firstTime("a", 10), firstTime("b", 10)]).toEqual([true, false, true]);
  now = 9;
  expect(firstTime("a", 10)).toBe(false);
  now = 10;
  expect(firstTime("a", 20)).toBe(true);
});

test("is bounded, and knows at least as many as half of its size", () => {
  const firstTime = createFirstTime(() => 0, 100);
  for (let text = 0; text < 1_000; text++) {
    expect(firstTime(`text ${text}`, 1)).toBe(true);
    for (let last = Math.max(0, text - 49); last <= text; last++) expect(firstTime(`text ${last}`, 1)).toBe(false);
  }
  expect(firstTime("text 0", 1)).toBe(true);
});
