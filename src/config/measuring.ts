/** What is measured of an experiment, as it is written → as visits need it. */
import type { Measured } from "../analytics.ts";
import { markOf } from "./experiments.ts";
import type { Goal } from "./goals.ts";
import type { ExperimentInput } from "./schema/experiment.ts";
import type { GoalInput } from "./schema/goal.ts";

/** The first variant is the control, and has no guard. */
export function toMeasured({ name, variants, guard: usual }: ExperimentInput): Measured {
  return {
    name,
    variants: variants.map(({ name: called, weight, guard = usual }, index) => ({
      name: called,
      weight,
      guard: index > 0 && guard ? { errors: guard.errors, latency: guard.latency, least: guard.least } : undefined,
    })),
  };
}

export function toGoal(experiment: string, { name, path, status, event }: GoalInput): Goal {
  // A variant's name has no space in it, so that none has this mark.
  const mark = markOf(experiment, `goal ${name}`);
  if (event !== undefined) return { name, mark, event };
  return {
    name,
    mark,
    path: path === undefined ? undefined : { text: path.replace(/\*$/, ""), isPrefix: path.endsWith("*") },
    statuses: status === undefined ? undefined : new Set([status].flat()),
  };
}
