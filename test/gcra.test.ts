import * as fc from "fast-check";
import { expect, test } from "vitest";
import { left, taken, takenLately, waitFor, type Quota } from "../src/gcra.ts";

const five: Quota = { interval: 1_000, burst: 5 };

test("a full bucket gives its burst at once, then one each interval", () => {
  let tat = 0;
  for (let token = 0; token < 5; token++) {
    expect(waitFor(tat, 10_000, five)).toBe(0);
    expect(left(tat, 10_000, five)).toBe(5 - token);
    tat = taken(tat, 10_000, five);
  }
  expect([waitFor(tat, 10_000, five), left(tat, 10_000, five)]).toEqual([1_000, 0]);
  expect([waitFor(tat, 10_999, five), left(tat, 10_999, five)]).toEqual([1, 0]);
  expect([waitFor(tat, 11_000, five), left(tat, 11_000, five)]).toEqual([0, 1]);
  expect(waitFor(tat, 11_000, five, 2)).toBe(1_000);
});

test("what was taken too much comes back first", () => {
  const tat = taken(0, 10_000, five, 8);
  expect(waitFor(tat, 10_000, five)).toBe(4_000);
  expect(left(tat, 12_000, five)).toBe(0);
  expect(waitFor(tat, 14_000, five)).toBe(0);
});

test("a bucket is never more than full", () => {
  expect(left(0, 1e12, five)).toBe(5);
  expect(taken(0, 1e12, five)).toBe(1e12 + 1_000);
});

const quotas = fc.record({
  // As a rate makes it: a period by a count, no more than a hundred a millisecond.
  interval: fc
    .tuple(fc.integer({ min: 1, max: 3_600_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([period, part]) => period / (1 + Math.floor(part * (Math.min(period * 100, 1_000_000) - 1)))),
  burst: fc.integer({ min: 1, max: 1_000 }),
});
const gaps = fc.array(fc.nat(5_000), { maxLength: 300 });

/** When visits were let in that come after such gaps. */
function admitted(quota: Quota, between: readonly number[]): readonly number[] {
  const times: number[] = [];
  let [tat, now] = [0, 1.7e12];
  for (const gap of between) {
    now += gap;
    if (waitFor(tat, now, quota) > 0) continue;
    tat = taken(tat, now, quota);
    times.push(now);
  }
  return times;
}

test("no window ever has more than the burst, and what comes back in it", () => {
  fc.assert(
    fc.property(quotas, gaps, (quota, between) => {
      const times = admitted(quota, between);
      for (const [first, from] of times.entries()) {
        for (let last = first; last < times.length; last++) {
          // A thousandth of a token for the fractions of milliseconds.
          expect(last - first + 1).toBeLessThanOrEqual(
            quota.burst + (times[last]! - from + 1) / quota.interval + 0.001,
          );
        }
      }
    }),
    { numRuns: 200 },
  );
});

test("who waits as long as was said is let in, and not a millisecond sooner", () => {
  fc.assert(
    fc.property(quotas, fc.integer({ min: 0, max: 2_000 }), fc.nat(10_000), (quota, tokens, later) => {
      const start = 1.7e12;
      const tat = taken(0, start, quota, tokens);
      const now = start + later;
      const wait = waitFor(tat, now, quota);
      expect(waitFor(tat, now + Math.ceil(wait), quota)).toBe(0);
      if (wait > 1) expect(waitFor(tat, now + Math.floor(wait) - 1, quota)).toBeGreaterThan(0);
      expect(left(tat, now, quota) > 0).toBe(wait === 0);
    }),
  );
});

test("as many are left as can be taken", () => {
  fc.assert(
    fc.property(quotas, fc.nat(2_000), fc.nat(10_000), (quota, tokens, later) => {
      const tat = taken(0, 1.7e12, quota, tokens);
      const now = 1.7e12 + later;
      const there = left(tat, now, quota);
      if (there > 0) expect(waitFor(tat, now, quota, there)).toBe(0);
      expect(waitFor(tat, now, quota, there + 1)).toBeGreaterThan(0);
    }),
  );
});

test("what is told later counts as if it had been told at once", () => {
  fc.assert(
    fc.property(quotas, fc.nat(1_000_000), gaps, (quota, ahead, between) => {
      let [atOnce, own, now] = [1.7e12 + ahead, 0, 1.7e12];
      for (const gap of between) {
        now += gap;
        atOnce = taken(atOnce, now, quota);
        own = taken(own, now, quota);
      }
      expect(takenLately(1.7e12 + ahead, own, quota, between.length)).toBeCloseTo(atOnce, 0);
    }),
  );
});
