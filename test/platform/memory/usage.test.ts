import { expect, test } from "vitest";
import { createUsage } from "../../../src/platform/memory/usage.ts";

test("what is noted of an answer is there the next time, and is of that answer alone", () => {
  const usage = createUsage();
  usage("https://www.example.com/a").hits = 3;
  expect(usage("https://www.example.com/a").hits).toBe(3);
  expect(usage("https://www.example.com/b")).toEqual({ generation: "", hits: 0, isCoded: false, forms: new Map() });
});

test("of more answers than there is room for, those that were asked for once are forgotten", () => {
  const usage = createUsage();
  for (let round = 0; round < 3; round++) usage("often").hits++;
  for (let once = 0; once < 20_000; once++) {
    usage(`once ${once}`).hits++;
    if (once % 100 === 0) usage("often");
  }
  expect(usage("often").hits).toBe(3);
  expect(usage("once 0").hits).toBe(0);
});

test("keys that are too long to be kept count as new each time", () => {
  const usage = createUsage();
  usage("x".repeat(10_000)).hits++;
  expect(usage("x".repeat(10_000)).hits).toBe(0);
});
