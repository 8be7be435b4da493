/** Answers as dictionaries of later ones (RFC 9842), as a rule says it. Types only. */

export interface Dictionary {
  /** The URLs it is for, as clients are told (§2.1.1). */
  readonly match: string;
  /** The same, to ask. */
  readonly pattern: URLPattern;
  /** What clients send back with its hash (§2.1.3). */
  readonly id: string | undefined;
  /** For how long the edge keeps it after it was last served, in milliseconds. */
  readonly ttl: number;
}
