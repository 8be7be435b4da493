/** The report's statistics: against values that others have published, and by simulation with peeking after every batch. */
import { describe, expect, test } from "vitest";
import { compare, newcombe, wilson, type Rate } from "../../scripts/experiments/compare.ts";
import { createChance } from "../../scripts/simulate/chance.ts";

const runs = 2_000;

interface Life {
  /** Of those who see the control, and of those who see the variant. */
  readonly rates: readonly [number, number];
  /** Of clients that see the variant. */
  readonly weight: number;
  readonly batch: number;
  readonly batches: number;
  /** Of those who are going to convert, who do in the same batch; the others wait for one more, and so on. */
  readonly soon?: number;
}

interface Ever {
  /** Of runs in which any look showed it. */
  readonly signalled: number;
  readonly intervalMissed: number;
}

/** As many experiments, looked at after each batch. */
function live({ rates, weight, batch, batches, soon = 1 }: Life, purpose: number): Ever {
  const { uniform } = createChance(20_261_126, purpose);
  const truth = rates[1] - rates[0];
  let [signalled, intervalMissed] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const sides = [0, 1].map(() => ({ of: 0, converted: 0, waiting: 0 })) as unknown as [Waiting, Waiting];
    let [signals, misses] = [false, false];
    for (let at = 0; at < batches; at++) {
      for (let client = 0; client < batch; client++) {
        const side = uniform() < weight ? 1 : 0;
        sides[side].of += 1;
        if (uniform() < rates[side]) sides[side].waiting += 1;
      }
      for (const side of sides) {
        for (let { waiting } = side; waiting > 0; waiting--) {
          if (soon < 1 && uniform() >= soon) continue;
          side.waiting -= 1;
          side.converted += 1;
        }
      }
      const { p, interval } = compare(...sides);
      signals ||= p <= 0.05;
      misses ||= interval !== undefined && (interval[0] > truth || interval[1] < truth);
    }
    signalled += Number(signals);
    intervalMissed += Number(misses);
  }
  return { signalled: signalled / runs, intervalMissed: intervalMissed / runs };
}

interface Waiting extends Rate {
  of: number;
  converted: number;
  waiting: number;
}

describe("under no difference, with a look after each batch", () => {
  test.each<Life>([
    { rates: [0.05, 0.05], weight: 0.5, batch: 100, batches: 200 },
    { rates: [0.05, 0.05], weight: 0.5, batch: 100, batches: 200, soon: 0.1 },
    { rates: [0.002, 0.002], weight: 0.5, batch: 100, batches: 200 },
    { rates: [0.5, 0.5], weight: 0.5, batch: 20, batches: 300 },
    { rates: [0.02, 0.02], weight: 0.01, batch: 100, batches: 300 },
    { rates: [0.05, 0.05], weight: 0.1, batch: 50, batches: 300 },
    { rates: [0.98, 0.98], weight: 0.2, batch: 50, batches: 200 },
  ])("at most 5 of 100 experiments ever signal: %o", (life) => {
    const { signalled, intervalMissed } = live(life, 1);
    expect(signalled).toBeLessThanOrEqual(0.05);
    expect(intervalMissed).toBeLessThanOrEqual(0.05);
  });

  test("a z test that is peeked at signals in far more: the simulation can see it", () => {
    const { uniform } = createChance(20_261_126, 2);
    let signalled = 0;
    for (let run = 0; run < 500; run++) {
      const sides = [0, 0];
      let signals = false;
      for (let of = 1; of <= 5_000; of++) {
        for (const side of [0, 1]) if (uniform() < 0.05) sides[side]! += 1;
        const both = (sides[0]! + sides[1]!) / of / 2;
        const z = (sides[1]! - sides[0]!) / of / Math.sqrt((both * (1 - both) * 2) / of);
        signals ||= of > 100 && of % 50 === 0 && Math.abs(z) > 1.96;
      }
      signalled += Number(signals);
    }
    expect(signalled / 500).toBeGreaterThan(0.2);
  });
});

test("a difference is found, and lies in the interval", () => {
  const { signalled, intervalMissed } = live({ rates: [0.05, 0.07], weight: 0.5, batch: 200, batches: 150 }, 3);
  expect(signalled).toBeGreaterThan(0.95);
  expect(intervalMissed).toBeLessThanOrEqual(0.05);
});

test("before enough are expected to convert, nothing is evidence", () => {
  expect(compare({ of: 4, converted: 0 }, { of: 4, converted: 4 }).p).toBe(1);
  expect(compare({ of: 0, converted: 0 }, { of: 4, converted: 4 })).toEqual({
    difference: Number.NaN,
    interval: undefined,
    p: 1,
  });
  expect(compare({ of: 1_000, converted: 0 }, { of: 1_000, converted: 0 })).toMatchObject({ difference: 0, p: 1 });
});

test("of several comparisons that are looked at together, each says less", () => {
  const [one, other] = [
    { of: 1_000, converted: 50 },
    { of: 1_000, converted: 90 },
  ];
  const [alone, amongFour] = [compare(one, other), compare(one, other, 4)];
  expect(amongFour.p).toBeCloseTo(alone.p * 4, 12);
  expect(amongFour.interval![0]).toBeLessThan(alone.interval![0]);
  expect(amongFour.interval![1]).toBeGreaterThan(alone.interval![1]);
});

/** From the tables of Newcombe's papers of 1998. */
describe("intervals for who looks once", () => {
  const rounded = (interval: readonly number[]) => interval.map((border) => Number(border.toFixed(4)));

  test.each([
    [56, 70, 48, 80, [0.0524, 0.3339]],
    [9, 10, 3, 10, [0.1705, 0.809]],
    [6, 7, 2, 7, [0.0582, 0.8062]],
    [5, 56, 0, 29, [-0.0381, 0.1926]],
    [0, 10, 0, 20, [-0.1611, 0.2775]],
    [10, 10, 0, 10, [0.6075, 1]],
  ])("%d of %d less %d of %d", (converted, of, otherConverted, otherOf, expected) => {
    const [one, other] = [
      { of: otherOf, converted: otherConverted },
      { of, converted },
    ];
    expect(rounded(newcombe(one, other))).toEqual(expected);
  });

  test.each([
    [81, 263, [0.2553, 0.3662]],
    [15, 148, [0.0624, 0.1605]],
    [0, 20, [0, 0.1611]],
    [1, 29, [0.0061, 0.1718]],
  ])("%d of %d", (converted, of, expected) => expect(rounded(wilson({ of, converted }))).toEqual(expected));
});

test.each([
  [100, 3.6],
  [200, 2.8],
  [500, 2.1],
  [1_000, 1.8],
  [2_000, 1.6],
  [5_000, 1.5],
  [500_000, 1.8],
])("with %i clients of each variant, peeking makes the interval %f times as wide", (of, times) => {
  const rate = { of, converted: of / 20 };
  const [always, once] = [compare(rate, rate).interval!, newcombe(rate, rate)];
  expect((always[1] - always[0]) / (once[1] - once[0])).toBeCloseTo(times, 1);
});
