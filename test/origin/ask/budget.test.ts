import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { earn, spend } from "../../../src/origin/ask/budget.ts";
import type { Budget } from "../../../src/fleet.ts";

const allowance = { share: 0.25, reserve: 5 };

/** As many as can be had at once. */
function spendAll(budget: Budget, now: number): number {
  let spent = 0;
  while (spend(budget, allowance, now)) spent += 1;
  return spent;
}

describe("a budget", () => {
  test("that nobody has saved for has its reserve", () => {
    expect(spendAll({ saved: 0, at: 0 }, 1e12)).toBe(5);
  });

  test("gets a share of every visit", () => {
    const budget = { saved: 0, at: 1e12 };
    for (let visit = 0; visit < 100; visit++) earn(budget, allowance, 1e12);
    expect(spendAll(budget, 1e12)).toBe(25);
  });

  test("that is spent comes back to its reserve by and by", () => {
    const budget = { saved: 0, at: 1e12 };
    expect(spendAll(budget, 1e12)).toBe(0);
    expect(spendAll(budget, 1e12 + 10_000)).toBe(1);
    expect(spendAll(budget, 1e12 + 300_000)).toBe(4);
  });

  test("forgets what was saved long ago", () => {
    const budget = { saved: 1000, at: 1e12 };
    expect(spendAll(budget, 1e12 + 600_000)).toBe(5);
  });

  test("is not multiplied by a clock that goes back", () => {
    const budget = { saved: 3, at: 1e12 };
    expect(spendAll(budget, 1e12 - 600_000)).toBe(3);
  });

  test("never gives more than the share of all visits, and the reserve that time brings back", () => {
    const gap = fc.integer({ min: 0, max: 2000 });
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 500 }), (gaps) => {
        const budget = { saved: 0, at: 0 };
        let now = 1e12;
        let spent = 0;
        for (const ms of gaps) {
          now += ms;
          earn(budget, allowance, now);
          if (spend(budget, allowance, now)) spent += 1;
        }
        const seconds = (now - 1e12) / 1000;
        expect(spent).toBeLessThanOrEqual(0.25 * gaps.length + 5 + (5 / 30) * seconds + 1e-6);
      }),
    );
  });
});
