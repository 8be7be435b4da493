import { describe, expect, test } from "vitest";
import { checkRatio, chiSquareAbove } from "../../scripts/experiments/ratio.ts";
import { createChance } from "../../scripts/simulate/chance.ts";

/** The usual table of critical values. */
test.each([
  [3.841458820694124, 1, 0.05],
  [10.827566170662733, 1, 0.001],
  [5.991464547107979, 2, 0.05],
  [7.814727903251179, 3, 0.05],
  [9.487729036781154, 4, 0.05],
  [11.070497693516351, 5, 0.05],
  [24.99579013972863, 15, 0.05],
])("a chi-square above %d with %d degrees of freedom", (statistic, freedom, p) =>
  expect(chiSquareAbove(statistic, freedom)).toBeCloseTo(p, 10),
);

function check(clients: readonly number[], weights: readonly number[]) {
  const all = clients.reduce((sum, each) => sum + each, 0);
  return checkRatio(clients.map((each, index) => ({ clients: each, expected: weights[index]! * all })));
}

describe("a sample ratio", () => {
  test("is checked against the weights", () => {
    expect(check([5_000, 5_000], [0.5, 0.5])).toEqual({ p: 1, alwaysP: 1, isMismatch: false });
    // The chi-square is (92² + 92²)/5000.
    expect(check([5_092, 4_908], [0.5, 0.5]).p).toBeCloseTo(0.0658, 4);
    expect(check([5_092, 4_908], [0.5, 0.5]).isMismatch).toBe(false);
    expect(check([5_300, 4_700], [0.5, 0.5]).isMismatch).toBe(true);
    expect(check([5_300, 4_700], [0.53, 0.47]).isMismatch).toBe(false);
    expect(check([900, 60, 40], [0.9, 0.05, 0.05]).isMismatch).toBe(false);
  });

  test("of nobody, or of one variant, is as it should be", () => {
    expect(check([0, 0], [0.5, 0.5])).toEqual({ p: 1, alwaysP: 1, isMismatch: false });
    expect(check([70], [1])).toMatchObject({ p: 1, isMismatch: false });
    expect(checkRatio([])).toMatchObject({ p: 1, isMismatch: false });
  });

  test.each([[[0.5, 0.5]], [[0.9, 0.1]], [[0.98, 0.01, 0.01]]])(
    "as the weights have it falls below 5 %% in at most 5 of 100 experiments that are looked at all the time: %o",
    (weights) => {
      const { uniform } = createChance(20_261_126, weights.length);
      let ever = 0;
      for (let run = 0; run < 2_000; run++) {
        const clients = weights.map(() => 0);
        let least = 1;
        for (let client = 1; client <= 5_000; client++) {
          let [left, index] = [uniform(), 0];
          while (index < weights.length - 1 && left >= weights[index]!) left -= weights[index++]!;
          clients[index]! += 1;
          if (client % 25 === 0) least = Math.min(least, check(clients, weights).alwaysP);
        }
        ever += Number(least <= 0.05);
      }
      expect(ever / 2_000).toBeLessThanOrEqual(0.05);
    },
  );
});
