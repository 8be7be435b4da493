import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceAbove } from "../../src/statistics/mixture.ts";
import { evidenceOfWorse, noContrast, withBlock, type Level } from "../../src/statistics/worse.ts";

type Block = readonly [one: Level, other: Level];

const level = fc
  .integer({ min: 0, max: 1_000 })
  .chain((count) => fc.record({ count: fc.constant(count), sum: sumOf(count) }));
const blocks = fc.array(fc.tuple(level, level), { maxLength: 40 });
const margin = fc.double({ min: 0, max: 0.5, noNaN: true });

function sumOf(count: number) {
  return fc.integer({ min: 0, max: count });
}

const square = (number: number): number => number ** 2;

function over(all: readonly Block[]) {
  return all.reduce((contrast, [one, other]) => withBlock(contrast, one, other), noContrast);
}

test("it is the evidence of the weighted differences, by their squares", () => {
  fc.assert(
    fc.property(blocks, margin, (all, beyond) => {
      const both = all.filter(([one, other]) => one.count > 0 && other.count > 0);
      const weights = both.map(([one, other]) => Math.sqrt(1 / (1 / one.count + 1 / other.count)));
      const terms = both.map(
        ([one, other], at) => weights[at]! * (other.sum / other.count - one.sum / one.count - beyond),
      );
      const [weight, n, sum, squares] = [weights, weights.map(square), terms, terms.map(square)].map((numbers) =>
        numbers.reduce((total, number) => total + number, 0),
      ) as [number, number, number, number];
      const found = evidenceOfWorse(over(all), beyond, 1);
      if (sum > 1e-6)
        expect(found).toBeCloseTo(evidenceAbove({ z: sum / Math.sqrt(squares + (weight / n) ** 2), n }, 0.2), 6);
      else expect(found).toBeLessThan(1);
    }),
  );
});

test("a block alone is no evidence, whatever it holds", () => {
  fc.assert(
    fc.property(level, level, margin, (one, other, beyond) => {
      expect(evidenceOfWorse(over([[one, other]]), beyond, 0)).toBeLessThan(1);
    }),
  );
});

test("blocks that have nothing of one side change nothing", () => {
  fc.assert(
    fc.property(blocks, level, (all, one) => {
      const nothing: Level = { count: 0, sum: 0 };
      expect(over([...all, [one, nothing], [nothing, one]])).toEqual(over(all));
    }),
  );
});

test("what is the same in each block is no evidence, however much each side has of each", () => {
  const parts = fc.array(
    fc.record({ one: fc.integer({ min: 1, max: 99 }), other: fc.integer({ min: 1, max: 99 }), fails: fc.boolean() }),
  );
  fc.assert(
    fc.property(parts, (all) => {
      const outage = all.map(({ one, other, fails }): Block => {
        const share = fails ? 1 : 0;
        return [
          { count: one, sum: one * share },
          { count: other, sum: other * share },
        ];
      });
      expect(evidenceOfWorse(over(outage), 0, 0)).toBe(Number.NEGATIVE_INFINITY);
    }),
  );
});
