/** How well an origin is known to be when a visit begins to wait for it. Pure, over states that are handed in. */
import type { Fleet } from "../../fleet.ts";
import type { OriginState } from "../../origin-state.ts";
import type { Course, Turn } from "./course.ts";

export type Standing =
  | "well" // or nothing is known of any
  | "doubtful" // it has failed since its last answer, or never answered where others have
  | "trial"; // it is out, and tried; or never answered, while others are out

/** @param queue who may be asked besides. */
export function standingOf({ origin }: Turn, { queue }: Pick<Course, "queue">, fleet: Fleet): Standing {
  const state = fleet.origin(origin.name);
  if (state.condition.ejection) return "trial";
  if (hasAnswered(state)) return "well";
  if (state.condition.inRow === 0 && !queue.some((other) => hasAnswered(fleet.origin(other.origin.name))))
    return "well";
  return state.peak.mean === undefined && fleet.ejected.size > 0 ? "trial" : "doubtful";
}

/** And hasn't failed since. */
function hasAnswered({ peak, condition }: OriginState): boolean {
  return peak.mean !== undefined && condition.inRow === 0;
}
