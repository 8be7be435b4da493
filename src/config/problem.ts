/** One thing that is wrong with a config. */
export interface Problem {
  /** The binding and the path in it, such as `RULES[2].cache.ttl`. */
  readonly at: string;
  /** A sentence with the value, what was expected, and the nearest right word. */
  readonly says: string;
}
