import type { Answer } from "../answer.ts";
import type { Goal } from "../config/goals.ts";
import type { Sited } from "../visit.ts";
import { isFromOwnPage, isNavigation } from "./client.ts";

/** Whether the visit, as it was answered, reaches the goal. What pages load by themselves reaches none. */
export function isReached(goal: Goal, visit: Sited, { status }: Answer): boolean {
  if ("event" in goal || !(isNavigation(visit) || isAct(visit))) return false;
  const { path, statuses } = goal;
  if (!(statuses?.has(status) ?? status < 400)) return false;
  if (!path) return true;
  const { pathname } = visit.url;
  return path.isPrefix ? pathname.startsWith(path.text) : pathname === path.text;
}

/** What a page sends, as it sends events: that is done by somebody, where a GET may be in case it is wanted (RFC 9110 §9.2.1). */
function isAct(visit: Sited): boolean {
  return !safe.has(visit.method) && isFromOwnPage(visit);
}

const safe: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
