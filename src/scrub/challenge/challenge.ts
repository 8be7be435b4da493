/** A STAND-IN, until challenges are there: it asks nothing of the client, and answers as if the limit said "block". */
import { refuse, type Answer } from "../../answer.ts";
import type { Edge } from "../../edge.ts";
import type { Reason } from "../../reasons.ts";
import type { Clean } from "../../visit.ts";

/** What the client gets in place of what it asked for; undefined when it has shown already that it may pass. */
export async function challenge(_visit: Clean, _edge: Edge, because: Reason): Promise<Answer | undefined> {
  return refuse(because);
}
