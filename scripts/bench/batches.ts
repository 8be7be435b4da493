/** Timing what takes less than the clock can tell: many at a time. */
import { median } from "./figures.ts";

export interface Batches {
  /** Nanoseconds that one takes: the median of the batches. */
  readonly each: number;
  /** How many were answered with yes. */
  readonly yes: number;
}

/** An array of them, of whatever kind. */
export interface Questions<T> {
  readonly length: number;
  readonly slice: (from: number, to?: number) => Questions<T> & Iterable<T>;
}

/**
 * Asks all questions in order, so many timed together: so few that most batches are over before anybody else gets the
 * processor.
 */
export function timeBatches<T>(questions: Questions<T>, batch: number, ask: (question: T) => boolean): Batches {
  const taken: number[] = [];
  let yes = 0;
  for (let start = 0; start < questions.length; start += batch) {
    const part = questions.slice(start, start + batch);
    const before = performance.now();
    for (const question of part) if (ask(question)) yes += 1;
    taken.push(((performance.now() - before) / part.length) * 1e6);
  }
  return { each: median(taken), yes };
}
