import { describe, expect, test } from "vitest";
import { erfc, normalBelow } from "../../src/statistics/normal.ts";

describe("the normal distribution", () => {
  /** Abramowitz and Stegun, tables 7.1 and 26.1, to more digits. */
  test.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2.4999999, 4.0695223e-4],
    [2.5, 4.069520174449589e-4],
    [3, 2.209049699858544e-5],
    [5, 1.5374597944280349e-12],
    [-1, 1.8427007929497148],
  ])("erfc(%d)", (x, expected) => expect(erfc(x) / expected).toBeCloseTo(1, 7));

  test.each([
    [-1.959963984540054, 0.025],
    [0, 0.5],
    [1.6448536269514722, 0.95],
    [-40, 0],
  ])("below %d", (z, expected) => expect(normalBelow(z)).toBeCloseTo(expected, 12));
});
