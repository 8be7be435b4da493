/**
 * Whether one side does worse than the other by more than a margin, compared in blocks of time: what happens to both at one time,
 * an outage, is no difference then, however many of its visits each side had at that time.
 *
 * The difference of the means within a block weighs by what its two sides together are worth (N. Mantel, W. Haenszel, 1959; for
 * differences S. Greenland, J. Robins, "Estimation of a common effect parameter from sparse follow-up data", Biometrics 41, 1985): one
 * that has nothing of one side weighs nothing. It is the root of that worth, so that all blocks vary as much, and a burst doesn't
 * outweigh all that comes after it. The variance of the sum is the sum of the blocks' squares, so that blocks are what is counted
 * (V. de la Peña, T. Lai, Q.-M. Shao, "Self-Normalized Processes", 2009): a block alone is never evidence, whatever it holds.
 */
import { evidenceAbove, pairs } from "./mixture.ts";

/** Numbers, by their sum. */
export interface Level {
  readonly count: number;
  readonly sum: number;
}

/**
 * Two sides over all blocks, in sums: w is the weight of a block, d how far the mean of `other` is above that of `one` in it. The
 * square of w is what the block is worth.
 */
export interface Contrast {
  /** Σ w. */
  readonly weight: number;
  /** Σ w × mean, of either side. */
  readonly one: number;
  readonly other: number;
  /** Σ w², Σ w²d, Σ w²d²: by them the squares are known around any margin. */
  readonly squares: readonly [none: number, once: number, twice: number];
}

export const noContrast: Contrast = { weight: 0, one: 0, other: 0, squares: [0, 0, 0] };

/** With one more block. */
export function withBlock(contrast: Contrast, one: Level, other: Level): Contrast {
  if (one.count === 0 || other.count === 0) return contrast;
  const weight = Math.sqrt(pairs(one.count, other.count));
  const [here, there] = [weight * (one.sum / one.count), weight * (other.sum / other.count)];
  const difference = there - here;
  const [none, once, twice] = contrast.squares;
  return {
    weight: contrast.weight + weight,
    one: contrast.one + here,
    other: contrast.other + there,
    squares: [none + weight * weight, once + weight * difference, twice + difference * difference],
  };
}

/**
 * Log of the evidence that the mean of `other` is higher by more than the margin: see {@link evidenceAbove}.
 * @param unseen the square of what an observation that is rare, and wasn't seen yet, would make of a block's difference times its
 * worth. It is taken for one of a block like the others.
 */
export function evidenceOfWorse({ weight, one, other, squares }: Contrast, margin: number, unseen: number): number {
  const beyond = other - one - margin * weight;
  if (!(beyond > 0)) return Number.NEGATIVE_INFINITY;
  const [none, once, twice] = squares;
  const variance = twice - 2 * margin * once + margin * margin * none + unseen * (weight / none) ** 2;
  return evidenceAbove({ z: beyond / Math.sqrt(Math.max(variance, leastVariance)), n: none }, effect);
}

/**
 * The standard deviation of the effects that are looked for, in standard deviations of a single observation: large, because
 * what is to be found fast is what is much worse.
 */
const effect = 0.2;

/** What is left of differences that are the margin itself, but for rounding, is no evidence. */
const leastVariance = 1e-9;
