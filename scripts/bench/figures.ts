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

/** All runs of a contestant: medians, and how far apart they were. */
export interface Figures extends Run {
  readonly lowest: number;
  readonly highest: number;
}

export function summarise(runs: readonly Run[]): Figures {
  const cpu = runs.map((run) => run.cpu);
  return {
    perSecond: median(runs.map(({ perSecond }) => perSecond)),
    cpu: median(cpu),
    lowest: Math.min(...cpu),
    highest: Math.max(...cpu),
  };
}

/** A measured value beside the most that it is meant to be. */
export interface Verdict {
  readonly value: number;
  readonly atMost: number;
  readonly met: boolean;
}

/** Compared as it is printed, so that "1.30 ≤ 1.3: not met" is never read. */
export function judge(value: number, atMost: number, digits: number): Verdict {
  return { value, atMost, met: Number(value.toFixed(digits)) <= atMost };
}
