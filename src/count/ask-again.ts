/** What is counted is what is asked for: a page that its client's browser keeps, and shows by itself, would count for nobody. */
import type { Answer } from "../answer.ts";
import type { Experiment } from "../config/experiments.ts";
import { parseDirectives } from "../http/directives.ts";
import { essence } from "../http/media-type.ts";
import { markPrivate } from "../http/private.ts";
import type { Enrolled } from "../visit.ts";
import { exposedTo } from "./convert.ts";
import { isAt } from "./goals.ts";

/**
 * Says, in place, that the browser may show the page again only when it has asked whether it still holds (RFC 9111 §5.2.2.4). That is
 * for this client alone: caches between are to keep the page as they may.
 */
export function askAgain(visit: Enrolled, answer: Answer, experiments: readonly Experiment[]): void {
  if (!isPage(visit, answer)) return;
  if (visit.experiments.length === 0 && !experiments.some((one) => mayReachGoal(visit, one))) return;
  const { fields } = answer;
  markPrivate(fields);
  const said = parseDirectives(fields.get("cache-control"));
  // With names, it is about those fields alone.
  if (!said.has("no-store") && said.get("no-cache") !== "") fields.append("cache-control", "no-cache");
}

/** A 304 without the type of its page is about one if that is what was asked for. */
function isPage({ method, fields: asked }: Enrolled, { status, fields, contentType }: Answer): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  const type = fields.get("content-type") ?? contentType;
  const isAskedFor = status === 304 && type === undefined && asked.get("accept")?.includes("text/html");
  return isAskedFor || essence(type) === "text/html";
}

/** Whether its client, which was counted, reaches a goal by a later visit to this page, if not by this one. */
function mayReachGoal(visit: Enrolled, experiment: Experiment): boolean {
  if (!exposedTo(visit, experiment)) return false;
  return experiment.goals.some((goal) => isAt(goal, visit) && !visit.counted?.marks.has(goal.mark));
}
