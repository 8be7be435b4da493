import type { Answer } from "../answer.ts";
import type { Goal } from "../config/goals.ts";
import type { Sited } from "../visit.ts";

/** Whether the visit, as it was answered, reaches the goal. */
export function isReached(goal: Goal, { url }: Sited, { status }: Answer): boolean {
  if ("event" in goal) return false;
  const { path, statuses } = goal;
  if (!(statuses?.has(status) ?? status < 400)) return false;
  if (!path) return true;
  return path.isPrefix ? url.pathname.startsWith(path.text) : url.pathname === path.text;
}
