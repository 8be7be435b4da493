/** Two rates against one another: how far apart they are, and whether that may be chance. */
import { evidence, pairs, reach } from "../../src/statistics/mixture.ts";

/** So many of so many clients. */
export interface Rate {
  readonly of: number;
  readonly converted: number;
}

export interface Comparison {
  /** Of the rates: the second less the first. */
  readonly difference: number;
  /** 95 %: holds the true difference whenever one looks. Undefined as long as nobody was counted on one side. */
  readonly interval: Interval | undefined;
  /** Always valid: however often one looks, it falls to 0.05 by chance with a probability of 0.05 at most. */
  readonly p: number;
}

export type Interval = readonly [from: number, to: number];

/**
 * The standard deviation of the effects that the test looks for, in standard deviations of a single outcome: 0.05 is 1.1
 * percentage points where 5 % convert. It finds others too, only later. A smaller one waits for more clients before anything
 * can be evidence, which is when the normal approximation has become a good one.
 */
const effect = 0.05;

/** As many must be expected to convert, and not to, on each side, before anything is evidence (Cochran's rule). */
const leastExpected = 5;

const alpha = 0.05;

/**
 * Of several comparisons that are looked at together, the intervals hold all and the p-values are true of the lowest (Bonferroni).
 *
 * By the mixture sequential probability ratio test (see `src/statistics/mixture.ts`). Where there is no difference the
 * rates are one, so that the p-value takes its variance from both together; the interval takes that of each, with one more
 * who converts and one more who doesn't on each side, so that a rate of 0 isn't taken for certain (A. Agresti, B. Caffo,
 * 2000).
 */
export function compare(one: Rate, other: Rate, together = 1): Comparison {
  if (one.of === 0 || other.of === 0) return { difference: Number.NaN, interval: undefined, p: 1 };
  const [difference, n] = [rateOf(other) - rateOf(one), pairs(one.of, other.of)];
  const both = (one.converted + other.converted) / (one.of + other.of);
  const least = Math.min(one.of, other.of) * Math.min(both, 1 - both);
  const z = difference / Math.sqrt((both * (1 - both)) / n);
  const radius = reach(n, effect, alpha / together) * Math.sqrt(varianceOf(one) + varianceOf(other));
  return {
    difference,
    interval: [Math.max(difference - radius, -1), Math.min(difference + radius, 1)],
    p: least < leastExpected ? 1 : Math.min(1, together * Math.exp(-evidence({ z, n }, effect))),
  };
}

export function rateOf({ of, converted }: Rate): number {
  return converted / of;
}

function varianceOf({ of, converted }: Rate): number {
  const rate = (converted + 1) / (of + 2);
  return (rate * (1 - rate)) / of;
}

/** The normal distribution's 97.5 % point. */
const z975 = 1.959963984540054;

/**
 * The 95 % interval of the difference for who looks once, when a number of clients fixed before is reached: narrower, and not
 * to be peeked at. R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
 * Medicine 17, 1998: method 10, of two Wilson intervals.
 */
export function newcombe(one: Rate, other: Rate): Interval {
  const [[low, high], [otherLow, otherHigh]] = [wilson(one), wilson(other)];
  const [p, q] = [rateOf(one), rateOf(other)];
  return [q - p - Math.hypot(q - otherLow, high - p), q - p + Math.hypot(otherHigh - q, p - low)];
}

/** The 95 % interval of one rate: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927. */
export function wilson({ of, converted }: Rate): Interval {
  const square = z975 * z975;
  const middle = (converted + square / 2) / (of + square);
  const radius = (z975 / (of + square)) * Math.sqrt((converted * (of - converted)) / of + square / 4);
  return [middle - radius, middle + radius];
}
