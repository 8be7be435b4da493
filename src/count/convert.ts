/** Clients that see a variant for the first time, and that reach a goal for the first time: each counts once. */
import type { Experiment, Variant } from "../config/experiments.ts";
import type { Goal } from "../config/goals.ts";
import type { Edge } from "../edge.ts";
import { canSeal } from "../seal.ts";
import type { Assignment, Clean, Enrolled } from "../visit.ts";
import { isCounted, isNavigation } from "./client.ts";
import { isFirstReach, isFirstSight } from "./once.ts";

/** Of an experiment. */
export interface In {
  readonly experiment: Experiment;
  readonly edge: Edge;
}

/** The variant that its client saw first: whatever it sees later, what it does counts for that one. */
export function exposedTo({ counted }: Clean, { variants }: Experiment): Variant | undefined {
  return counted && variants.find(({ mark }) => counted.marks.has(mark));
}

/** Counts the client, if it is one that can be told from those that were counted: a browser that goes to a page. */
export function expose(
  visit: Enrolled,
  { variant: called }: Assignment,
  { experiment, edge }: In,
): Variant | undefined {
  if (!isNavigation(visit) || visit.counted?.marks.has(experiment.leftOut)) return undefined;
  if (!canSeal(edge)) {
    visit.trail.note("count", "no-key");
    return undefined;
  }
  if (!isFirstSight(visit, experiment, edge)) return undefined;
  edge.analytics.count(experiment.measured, called, { kind: "exposure" });
  visit.trail.note("count", `exposed:${experiment.name}:${called}`);
  return experiment.variants.find(({ name }) => name === called);
}

/**
 * Those whom the guard keeps from what they were dealt aren't counted when they come back after that either: all that are dealt
 * another variant were counted meanwhile, and so there would be too many of these. @returns the mark by which they are known.
 */
export function leaveOut(visit: Enrolled, { how }: Assignment, experiment: Experiment): string[] {
  const isNew = isNavigation(visit) && isCounted(visit, experiment) && !exposedTo(visit, experiment);
  return how === "guard" && isNew ? [experiment.leftOut] : [];
}

interface Converting extends In {
  readonly variant: Variant;
}

/** Counts the goals that its client hasn't reached before. @returns their marks. */
export function convert(visit: Clean, goals: readonly Goal[], { experiment, variant, edge }: Converting): string[] {
  if (goals.length === 0 || !isGoingOn(experiment, variant, edge)) return [];
  const fresh = goals.filter(
    (goal) => !visit.counted?.marks.has(goal.mark) && isFirstReach(visit, experiment, goal, edge),
  );
  for (const { name } of fresh) {
    edge.analytics.count(experiment.measured, variant.name, { kind: "conversion", goal: name });
    visit.trail.note("count", `converted:${experiment.name}:${variant.name}:${name}`);
  }
  return fresh.map(({ mark }) => mark);
}

/** When nobody sees the variant any more, what its clients do isn't its doing. */
function isGoingOn({ name, paused, start, end }: Experiment, variant: Variant, { analytics, now }: Edge): boolean {
  return !paused && start <= now() && now() < end && !Object.hasOwn(analytics.standing(name), variant.name);
}
