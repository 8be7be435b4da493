import { expect, test } from "vitest";
import { newOriginState } from "../../src/origin-state.ts";
import { measured } from "../../src/origin/latency.ts";

test.each([
  ["all take 40 ms", [40], 33, 50],
  ["one of ten takes 3 s", [3_000, ...Array.from({ length: 9 }, () => 40)], 33, 60],
  ["every second one takes 3 s", [40, 3_000], 2_000, 3_700],
])("four of five answers come within what is typical: %s", (_, cycle, least, most) => {
  const state = newOriginState();
  const found = Array.from({ length: 600 }, (_, at) => {
    measured(state, cycle[at % cycle.length]!, { zone: 0, now: 1e12 + at * 20 });
    return state.typical!;
  });
  // Whatever the first one took.
  const late = found.slice(-200);
  expect(Math.min(...late)).toBeGreaterThan(least);
  expect(Math.max(...late)).toBeLessThan(most);
});

test("a clock that stood still teaches nothing", () => {
  const state = newOriginState();
  measured(state, 0, { zone: 0, now: 1e12 });
  expect([state.typical, state.peak.mean]).toEqual([undefined, undefined]);
});
