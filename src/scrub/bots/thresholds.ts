/** What becomes of a visit by its score. */
import { refuse, type Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { isRobotsPath } from "../../http/robots.ts";
import type { Identified } from "../../visit.ts";
import { challenge } from "../challenge/challenge.ts";

/** The gravest first. */
const degrees = ["block", "challenge", "log"] as const;

type Degree = (typeof degrees)[number];

/** What the site wants done to the visit; undefined when its score reaches nothing. Where everybody is told who may come, everybody may read. */
export function degreeFor(visit: Identified): Degree | undefined {
  const thresholds = visit.site.bots;
  if (!thresholds || isRobotsPath(visit.url.pathname)) return undefined;
  const score = visit.score.total(visit.proof);
  return degrees.find((degree) => score >= (thresholds[degree] ?? Infinity));
}

/** Does it. */
export function impose(
  visit: Identified,
  degree: Degree,
  edge: Edge,
): Answer | Promise<Answer | undefined> | undefined {
  visit.trail.wantLine();
  visit.trail.note("scrub", `bots:${degree}`);
  if (degree === "log") return undefined;
  return degree === "challenge" ? challenge(visit, edge, "score") : refuse("score-too-high");
}
