/** Chance that is the same in every run of one seed. */

export interface Chance {
  /** From 0 up to 1. */
  readonly uniform: () => number;
  /** Of mean 0 and variance 1. */
  readonly normal: () => number;
  /** Of mean 1: the time between things that happen independently of one another. */
  readonly exponential: () => number;
}

/**
 * One stream for each purpose: what one of them uses of chance doesn't move the others, so that every policy is put to the
 * same visits on the same planet.
 */
export function createChance(seed: number, purpose: number): Chance {
  let state = Math.imul(seed, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca6b);
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    exponential: () => -Math.log(1 - uniform()),
  };
}

/** A factor of that median that varies by chance, more upwards than downwards. */
export function lognormal({ normal }: Pick<Chance, "normal">, median: number, sigma: number): number {
  return median * Math.exp(sigma * normal());
}

/** The same, of mean 1. */
export function factorOfMeanOne(chance: Pick<Chance, "normal">, sigma: number): number {
  return lognormal(chance, Math.exp(-(sigma * sigma) / 2), sigma);
}

/** Draws indices, each as often as its weight says, in constant time (Walker's alias method, as Vose builds it). */
export function createDraw(weights: ArrayLike<number>, { uniform }: Pick<Chance, "uniform">): () => number {
  const { length } = weights;
  const sum = Array.from(weights).reduce((total, weight) => total + weight, 0);
  const part = Float64Array.from(weights, (weight) => (weight * length) / sum);
  const alias = Uint32Array.from(weights, (_, index) => index);
  const [poor, rich]: [number[], number[]] = [[], []];
  part.forEach((each, index) => (each < 1 ? poor : rich).push(index));
  while (poor.length > 0 && rich.length > 0) {
    const [one, giver] = [poor.pop()!, rich.at(-1)!];
    alias[one] = giver;
    part[giver]! -= 1 - part[one]!;
    if (part[giver]! < 1) poor.push(rich.pop()!);
  }
  for (const rest of [...poor, ...rich]) part[rest] = 1;
  return () => {
    const place = uniform() * length;
    const index = Math.floor(place);
    return place - index < part[index]! ? index : alias[index]!;
  };
}
