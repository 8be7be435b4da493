/** When a variant is rolled back. Types only. */
export interface Guard {
  /** How far the share of failures may be above the control's: 0.02 is two of a hundred visits. Undefined: it isn't looked at. */
  readonly errors: number | undefined;
  /** How far the time to the answer's header may be above the control's, as a part of that: 0.2 is a fifth. Likewise. */
  readonly latency: number | undefined;
  /** As many answers are to be seen on each side before it decides. */
  readonly least: number;
}
