/** Sums of what visits did in an experiment. */
import type { Answered, Answers, Counts, Occurrence } from "../../analytics.ts";

export const noAnswers: Answers = { count: 0, failures: 0, logs: 0, squares: 0 };

export const noCounts: Counts = { visits: 0, clients: 0, goals: {}, answers: noAnswers };

/** Of one thing that happened. */
export function countsOf(what: Occurrence): Counts {
  switch (what.kind) {
    case "visit":
      return { ...noCounts, visits: 1 };
    case "exposure":
      return { ...noCounts, clients: 1 };
    case "conversion":
      return { ...noCounts, goals: { [what.goal]: 1 } };
    case "answer":
      return { ...noCounts, answers: answersOf(what) };
  }
}

/** From the shortest to the longest, in milliseconds: what the clock can't tell apart from nothing, and what nobody waits for. */
const [shortest, longest] = [1, 600_000];

export function answersOf({ failed, ms }: Answered): Answers {
  if (failed) return { ...noAnswers, count: 1, failures: 1 };
  const log = Math.log(Math.min(Math.max(ms, shortest), longest));
  return { count: 1, failures: 0, logs: log, squares: log * log };
}

/** Both together. */
export function sum(one: Counts, other: Counts): Counts {
  return {
    visits: one.visits + other.visits,
    clients: one.clients + other.clients,
    goals: merge(one.goals, other.goals, (a = 0, b) => a + b),
    answers: sumOfAnswers(one.answers, other.answers),
  };
}

export function sumOfAnswers(one: Answers | undefined, other: Answers): Answers {
  const { count, failures, logs, squares } = one ?? noAnswers;
  return {
    count: count + other.count,
    failures: failures + other.failures,
    logs: logs + other.logs,
    squares: squares + other.squares,
  };
}

/** As many names are known of an experiment: more than any config has at a time, but one of many years may have had. */
const mostNames = 200;

/** By name, those of `more` added to those of `known`. */
export function merge<T>(
  known: Readonly<Record<string, T>>,
  more: Readonly<Record<string, T>>,
  add: (one: T | undefined, other: T) => T,
): Readonly<Record<string, T>> {
  const merged = new Map(Object.entries(known));
  for (const [name, value] of Object.entries(more)) {
    if (merged.has(name) || merged.size < mostNames) merged.set(name, add(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}
