import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evidence, evidenceAbove, pairs, reach } from "../../src/statistics/mixture.ts";

/** The mixture's likelihood ratio by the sum over its effects, which says what the closed form has to be. */
function summed({ z, n }: { readonly z: number; readonly n: number }, effect: number, from: number): number {
  const [steps, most] = [20_000, 8 * effect];
  const width = (most - from * most) / steps;
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const delta = from * most + (step + 0.5) * width;
    const density = Math.exp(-((delta / effect) ** 2) / 2) / (effect * Math.sqrt(2 * Math.PI));
    sum += density * Math.exp(z * delta * Math.sqrt(n) - (n * delta * delta) / 2) * width;
  }
  return Math.log(sum);
}

const seen = [
  { z: 0, n: 10 },
  { z: 3, n: 400 },
  { z: -2, n: 1_000 },
  { z: 5, n: 5_000 },
];

describe("the mixture's likelihood ratio", () => {
  test.each(seen)("is the integral that it stands for: %o", (difference) => {
    expect(evidence(difference, 0.05)).toBeCloseTo(summed(difference, 0.05, -1), 6);
    expect(evidenceAbove(difference, 0.05)).toBeCloseTo(summed(difference, 0.05, 0) + Math.log(2), 6);
  });

  test("reaches the level where the interval's border is 0", () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), fc.constantFrom(0.05, 0.01, 0.001), (n, alpha) => {
        expect(evidence({ z: reach(n, 0.05, alpha), n }, 0.05)).toBeCloseTo(-Math.log(alpha), 8);
      }),
    );
  });

  test("is no number of evidence where the difference is far below, however much was seen", () => {
    expect(evidenceAbove({ z: -50, n: 1e6 }, 0.2)).toBeLessThan(0);
    expect(evidenceAbove({ z: 0, n: 0 }, 0.2)).toBe(0);
  });
});

test("sides are worth as much as the smaller one at most", () => {
  expect(pairs(100, 100)).toBe(50);
  expect(pairs(10, 1e9)).toBeCloseTo(10, 5);
});
