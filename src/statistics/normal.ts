/** The normal distribution's tail, by which differences are judged. */

/**
 * The complement of the error function, to 14 digits or so: by its series where that converges soon, by its continued fraction
 * farther out (Abramowitz and Stegun, 7.1.6 and 7.1.14).
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < 2.5 ? 1 - seriesOfErf(x) : fractionOfErfc(x);
}

/** The probability that a standard normal number is below `z`. */
export function normalBelow(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

function seriesOfErf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Its terms are enough from 2.5 on. */
const terms = 60;

function fractionOfErfc(x: number): number {
  let rest = x;
  for (let n = terms; n > 0; n--) rest = x + n / 2 / rest;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / rest;
}
