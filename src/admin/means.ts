import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Visit } from "../visit.ts";

/** What other rooms lend to the edge's own pages. */
export interface Means {
  /** What the origin room has to tell the operator: plain data. */
  readonly report: (visit: Visit, edge: Edge) => Promise<object>;
  /** Takes what a client brings back that was challenged. */
  readonly clear: (visit: Visit, edge: Edge) => Promise<Answer>;
}
