/** Whether one side does worse than the other by more than a margin: tests that may be asked after every visit. */
import { evidenceAbove, pairs } from "./mixture.ts";

/** So many of so many failed. */
export interface Failing {
  readonly count: number;
  readonly failures: number;
}

/** Numbers, by their sums. */
export interface Level {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/**
 * The standard deviation of the effects that are looked for, in standard deviations of a single observation: large, because
 * what is to be found fast is what is much worse.
 */
const effect = 0.2;

/**
 * Log of the evidence that `other` fails more often than `one` by more than the margin: see {@link evidenceAbove}. Each side's
 * variance is that of one more failure and one more success than it had, so that few visits without a failure aren't
 * taken for none ever.
 */
export function evidenceOfFailing(one: Failing, other: Failing, margin: number): number {
  const [p, q] = [smoothed(one), smoothed(other)];
  const variance = (p * (1 - p)) / one.count + (q * (1 - q)) / other.count;
  const beyond = other.failures / other.count - one.failures / one.count - margin;
  return evidenceOf(beyond, variance, pairs(one.count, other.count));
}

/** The same of the mean's being higher. */
export function evidenceOfLevel(one: Level, other: Level, margin: number): number {
  const variance = varianceOf(one) / one.count + varianceOf(other) / other.count;
  return evidenceOf(meanOf(other) - meanOf(one) - margin, variance, pairs(one.count, other.count));
}

export function meanOf({ sum, count }: Level): number {
  return sum / count;
}

function evidenceOf(beyond: number, variance: number, n: number): number {
  return beyond > 0 && n > 0 ? evidenceAbove({ z: beyond / Math.sqrt(variance), n }, effect) : Number.NEGATIVE_INFINITY;
}

function smoothed({ count, failures }: Failing): number {
  return (failures + 1) / (count + 2);
}

/** Above 0, so that what is all the same isn't taken for certain. */
function varianceOf(level: Level): number {
  return Math.max(level.squares / level.count - meanOf(level) ** 2, leastVariance);
}

const leastVariance = 1e-4;
