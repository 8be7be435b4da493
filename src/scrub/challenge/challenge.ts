// STAND-IN, to be replaced by the room's own challenges: until then whoever would be challenged is refused.
import { refuse, type Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import { tokenOf } from "../../trail.ts";
import type { Identified } from "../../visit.ts";

/**
 * What the visit gets in place of what it asked for; undefined when it may go on.
 * @param because what wants it challenged, for the trail.
 */
export function challenge(
  visit: Identified,
  _edge: Edge,
  because: string,
): Answer | Promise<Answer | undefined> | undefined {
  visit.trail.note("scrub", `challenge:${tokenOf(because)}`);
  return refuse("score-too-high");
}
