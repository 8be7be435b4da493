/** The arithmetic of the table. */

/** The middle one, or the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One timed run of a contestant. */
export interface Run {
  readonly perSecond: number;
  /** CPU microseconds a request. */
  readonly cpu: number;
}

/** The middle of several values, and how far apart they were. */
export interface Spread {
  readonly middle: number;
  readonly lowest: number;
  readonly highest: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { middle: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/**
 * How many times the other's CPU a contestant used: by rounds, because what disturbs the machine in one disturbs both.
 * Both have the same number of runs.
 */
export function ratios(runs: readonly Run[], others: readonly Run[]): Spread {
  return spreadOf(runs.map(({ cpu }, round) => cpu / others[round]!.cpu));
}

/** A measured value beside the most that it is meant to be. */
export interface Verdict {
  readonly value: number;
  readonly atMost: number;
  readonly met: boolean;
}

/** Nothing is rounded in its favour. */
export function judge(value: number, atMost: number): Verdict {
  return { value, atMost, met: value <= atMost };
}
