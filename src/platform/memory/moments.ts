/** Answers second by second, as the guard looks at them. */
import type { Answered, Moment, Seen } from "../../analytics.ts";
import { answersOf, merge, sumOfAnswers } from "./counts.ts";

/** Of one answer, at that time: milliseconds since the epoch. */
export function momentOf(now: number, variant: string, what: Answered): Moment {
  return { at: Math.floor(now / 1_000), seen: { [variant]: { [what.cluster]: answersOf(what) } } };
}

/** Both together, of the same second. */
export function sumOfMoments(one: Moment | undefined, other: Moment): Moment {
  return one ? { at: other.at, seen: merge(one.seen, other.seen, sumOfSeen) } : other;
}

export function sumOfSeen(one: Seen | undefined, other: Seen): Seen {
  return one ? merge(one, other, sumOfAnswers) : other;
}

/** All seconds of both, in their order. */
export function joined(some: readonly Moment[], others: readonly Moment[]): readonly Moment[] {
  const all = new Map(some.map((moment) => [moment.at, moment]));
  for (const moment of others) all.set(moment.at, sumOfMoments(all.get(moment.at), moment));
  return [...all.values()].toSorted((one, other) => one.at - other.at);
}
