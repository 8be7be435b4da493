/** Sample-ratio mismatch: whether the clients that were counted fell to the variants as the weights say. */
import { erfc } from "../../src/statistics/normal.ts";

/** One variant's. */
export interface Share {
  readonly clients: number;
  /** As many were to be expected by the weights. */
  readonly expected: number;
}

export interface RatioCheck {
  /** Of the chi-square test, for who looks once. */
  readonly p: number;
  /** Always valid: however often one looks, it falls so low by chance with no higher probability. */
  readonly alwaysP: number;
  /** Something is wrong with the counts. */
  readonly isMismatch: boolean;
}

/** By chance it is reached once in a thousand experiments: a mismatch is a fault of the experiment, not one of its results. */
const least = 0.001;

/** @param shares of one variant at least; those without weight are left out. */
export function checkRatio(shares: readonly Share[]): RatioCheck {
  const weighed = shares.filter(({ expected }) => expected > 0);
  const statistic = weighed.reduce((sum, { clients, expected }) => sum + (clients - expected) ** 2 / expected, 0);
  const alwaysP = Math.min(1, Math.exp(-evidenceOf(weighed)));
  return { p: chiSquareAbove(statistic, weighed.length - 1), alwaysP, isMismatch: alwaysP < least };
}

/** So many clients the prior is worth: it looks for shares that are off by a few hundredths of themselves. */
const priorWorth = 200;

/**
 * Log of the likelihood of the counts under a Dirichlet mixture of shares around the expected ones, over that under those
 * alone: a martingale where the weights hold. M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data",
 * NeurIPS 2022.
 */
function evidenceOf(shares: readonly Share[]): number {
  const all = shares.reduce((sum, { clients }) => sum + clients, 0);
  const expected = shares.reduce((sum, share) => sum + share.expected, 0);
  return shares.reduce(
    (sum, share) => {
      const weight = share.expected / expected;
      const prior = priorWorth * weight;
      return sum + logGamma(prior + share.clients) - logGamma(prior) - share.clients * Math.log(weight);
    },
    logGamma(priorWorth) - logGamma(priorWorth + all),
  );
}

/**
 * The probability of a chi-square above that: the upper incomplete gamma function, which has closed forms where the degrees of
 * freedom are whole (Abramowitz and Stegun, 26.4.4 and 26.4.5).
 */
export function chiSquareAbove(statistic: number, freedom: number): number {
  if (freedom <= 0 || statistic <= 0) return 1;
  const half = statistic / 2;
  const isOdd = freedom % 2 === 1;
  let sum = isOdd ? erfc(Math.sqrt(half)) : Math.exp(-half);
  let term = Math.exp(-half) * (isOdd ? 2 * Math.sqrt(half / Math.PI) : half);
  for (let at = isOdd ? 0.5 : 1; at < freedom / 2; at += 1) {
    sum += term;
    term *= half / (at + 1);
  }
  return sum;
}

/** Of a number above 0: Stirling's series, far enough out. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x);
  const inverse = 1 / (x * x);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
