/** Doors of the transform room: one before the store, one after it. */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Planned } from "../visit.ts";

/** Before the store: what is the same for everyone. Hides the origin. */
export function prepare(_visit: Planned, answer: Answer, _edge: Edge): Answer {
  return answer;
}

/** After the store: for this client. Header rules, 304 and Range, compression. */
export function finish(_visit: Planned, answer: Answer, _edge: Edge): Answer {
  return answer;
}
