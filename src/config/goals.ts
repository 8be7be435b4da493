/** What clients of an experiment may come to do. Types only. */

/** Reached by a visit to a path that is answered with a status, or by an event that the page tells of. */
export type Goal = {
  readonly name: string;
  /** What stands for it in cookies. */
  readonly mark: string;
} & (VisitGoal | EventGoal);

export interface VisitGoal {
  /** Visited, in its normal form; with `isPrefix`, it and all that begin with it. Undefined: any. */
  readonly path: { readonly text: string; readonly isPrefix: boolean } | undefined;
  /** Undefined: all below 400. */
  readonly statuses: ReadonlySet<number> | undefined;
}

export interface EventGoal {
  readonly event: string;
}
