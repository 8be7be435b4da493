/** Door of the scrub room: what should not reach cache or origin ends here. */
import type { Edge } from "../edge.ts";
import { go, type Clean, type Sited, type Step } from "../visit.ts";

export async function scrub(visit: Sited, _edge: Edge): Promise<Step<Clean>> {
  return go({ ...visit, bot: "", rules: [] });
}
