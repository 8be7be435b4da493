import type { Answer } from "../answer.ts";
import type { Goal, VisitGoal } from "../config/goals.ts";
import type { Sited } from "../visit.ts";
import { isFromOwnPage, isNavigation } from "./client.ts";

/** Whether the visit, as it was answered, reaches the goal. What pages load by themselves reaches none. */
export function isReached(goal: Goal, visit: Sited, { status }: Answer): boolean {
  if (!isAt(goal, visit) || !(isNavigation(visit) || isAct(visit))) return false;
  const { statuses } = goal;
  if (!statuses) return status < 400;
  // A 304 says that it would have been a 200 (RFC 9110 §15.4.5).
  return statuses.has(status) || (status === 304 && statuses.has(200));
}

/** Whether it is a goal of visits, and this visit is to where it is reached, however it is answered. */
export function isAt(goal: Goal, { url: { pathname } }: Sited): goal is Goal & VisitGoal {
  if ("event" in goal) return false;
  const { path } = goal;
  return !path || (path.isPrefix ? pathname.startsWith(path.text) : pathname === path.text);
}

/** What a page sends, as it sends events: that is done by somebody, where a GET may be in case it is wanted (RFC 9110 §9.2.1). */
function isAct(visit: Sited): boolean {
  return !safe.has(visit.method) && isFromOwnPage(visit);
}

const safe: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
