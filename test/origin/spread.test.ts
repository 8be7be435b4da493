import fc from "fast-check";
import { expect, test } from "vitest";
import { count, newSpread, quantile } from "../../src/origin/spread.ts";

const now = 1e12;

function spreadOf(...times: number[]) {
  const spread = newSpread(now);
  for (const ms of times) count(spread, ms, now);
  return spread;
}

test("few answers say nothing of what is rare", () => {
  const spread = spreadOf(...Array.from({ length: 19 }, () => 10));
  expect(quantile(spread, 0.95, now)).toBeUndefined();
  count(spread, 10, now);
  expect(quantile(spread, 0.95, now)).toBeCloseTo(10, -1);
});

test("a quantile is right to within a fifth, and never too small", () => {
  const times = fc.array(fc.double({ min: 1, max: 50_000, noNaN: true }), { minLength: 20, maxLength: 200 });
  fc.assert(
    fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (times, share) => {
      const sorted = times.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(share * times.length - 1e-9) - 1]!;
      const found = quantile(spreadOf(...times), share, now)!;
      expect(found).toBeGreaterThan(exact * 0.999);
      expect(found).toBeLessThan(exact * 1.201);
    }),
  );
});

test("what is long ago counts no more", () => {
  const spread = spreadOf(...Array.from({ length: 1000 }, () => 1000));
  for (let answer = 0; answer < 30; answer++) count(spread, 10, now + 600_000);
  expect(quantile(spread, 0.95, now + 600_000)).toBeLessThan(13);
  expect(quantile(spread, 0.95, now + 1_200_000)).toBeUndefined();
});

test.each([0, -5, 1e9, Number.POSITIVE_INFINITY])("%d ms is counted somewhere", (ms) => {
  expect(spreadOf(ms).counts.reduce((sum, each) => sum + each)).toBe(1);
});
