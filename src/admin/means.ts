import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Visit } from "../visit.ts";

/** What other rooms lend to the edge's own pages. */
export interface Means {
  /** What the origin room has to tell the operator: plain data. */
  readonly report: (visit: Visit, edge: Edge) => Promise<object>;
  /** Takes what a client brings back that was challenged. */
  readonly clear: (visit: Visit, edge: Edge) => Promise<Answer>;
  /** Takes what a page tells that somebody did. */
  readonly event: (visit: Visit, edge: Edge) => Promise<Answer>;
  /** What was counted in each experiment: plain data. */
  readonly experiments: (edge: Edge) => Promise<readonly object[]>;
  /** Ends what the guard of the experiment of that name did; false when there is none. */
  readonly resume: (name: string, edge: Edge) => Promise<boolean>;
}
