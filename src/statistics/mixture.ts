/**
 * The mixture sequential probability ratio test: evidence that may be looked at after every visit, and still comes about by
 * chance as seldom as it says. H. Robbins, "Statistical methods related to the law of the iterated logarithm", 1970;
 * R. Johari, P. Koomen, L. Pekelis, D. Walsh, "Always Valid Inference: Continuous Monitoring of A/B Tests", Operations
 * Research 70(3), 2022, for differences of two streams, Bernoulli rates among them.
 *
 * The statistic is the likelihood of what was seen under a mixture of effects, over that under none. Where there is none it
 * is a martingale that begins at 1, so that it ever reaches 1/α with a probability of α at most (Ville's inequality):
 * `exp(-evidence)` is a p-value whenever one looks. The likelihoods are those of the normal approximation; what makes it good
 * enough is {@link usualEffect}, by which small numbers are never evidence, and the least numbers of those who call.
 */
import { normalBelow } from "./normal.ts";

/** A difference of two means, as it was seen. */
export interface Difference {
  /** In standard errors of itself. */
  readonly z: number;
  /** What both sides together are worth: the number of pairs that would have the same standard error, halved. See {@link pairs}. */
  readonly n: number;
}

/** What one side and the other have seen are worth as much as so many against infinitely many. */
export function pairs(one: number, other: number): number {
  return (one * other) / (one + other);
}

/**
 * Log of the mixture's likelihood ratio, for a difference either way.
 * @param effect the standard deviation of the mixture: of effects, in standard deviations of a single observation.
 */
export function evidence({ z, n }: Difference, effect: number): number {
  const weight = n * effect * effect;
  return (z * z * weight) / (1 + weight) / 2 - Math.log1p(weight) / 2;
}

/** The same for a difference above 0, against all that are 0 or below: a mixture of the effects of that half alone. */
export function evidenceAbove({ z, n }: Difference, effect: number): number {
  const weight = n * effect * effect;
  return evidence({ z, n }, effect) + Math.log(2 * normalBelow(z * Math.sqrt(weight / (1 + weight))));
}

/** The standard errors around what was seen that hold the truth whenever one looks, with a probability of 1 - α at least. */
export function reach(n: number, effect: number, alpha: number): number {
  const weight = n * effect * effect;
  return Math.sqrt((1 + 1 / weight) * (Math.log1p(weight) - 2 * Math.log(alpha)));
}
