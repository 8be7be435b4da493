/** What the guards of an experiment's variants have seen, and what they make of it. */
import type { Measured, Moment, RolledBack } from "../../analytics.ts";
import { compare, noComparison, type Comparison } from "./comparison.ts";
import { joined } from "./moments.ts";
import { verdictOn } from "./verdict.ts";

/** Plain data, and no more of it however long it goes on. */
export interface Guarding {
  /** Seconds of which more may be told, in their order. */
  readonly open: readonly Moment[];
  /** Variant → it beside the control, before those. */
  readonly compared: Readonly<Record<string, Comparison>>;
}

export const noGuarding: Guarding = { open: [], compared: {} };

/** Seconds from the latest that was told of to those of which all is told that ever is, as a rule: what comes later counts as well. */
const lag = 10;

/** With what was told. */
export function watch({ open, compared }: Guarding, moments: readonly Moment[], experiment: Measured): Guarding {
  const all = joined(open, moments);
  const latest = all.at(-1)?.at ?? 0;
  const over = all.filter(({ at }) => at < latest - lag);
  return { open: all.slice(over.length), compared: withMoments(compared, over, experiment) };
}

/** Of those variants that are to be rolled back. */
export function verdictsOn({ open, compared }: Guarding, experiment: Measured) {
  const upToNow = new Map(Object.entries(withMoments(compared, open, experiment)));
  return experiment.variants.flatMap(({ name, guard }): readonly (readonly [string, Omit<RolledBack, "at">])[] => {
    const comparison = upToNow.get(name);
    const verdict = guard && comparison && verdictOn(comparison, guard);
    return verdict ? [[name, verdict]] : [];
  });
}

/** Of the variants that have a guard, and of no others. */
function withMoments(
  compared: Guarding["compared"],
  moments: readonly Moment[],
  { variants: [control, ...others] }: Measured,
): Guarding["compared"] {
  const known = new Map(Object.entries(compared));
  return Object.fromEntries(
    others.flatMap(({ name, guard }) => {
      if (!control || !guard) return [];
      const named = { control: control.name, variant: name };
      const before = known.get(name) ?? noComparison;
      return [[name, moments.reduce((so, moment) => compare(so, moment, named), before)] as const];
    }),
  );
}
