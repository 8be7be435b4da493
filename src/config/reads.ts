/** What of a visit a condition or a text depends on, so that caches further on can be told. Types only. */
import type { Identified } from "../visit.ts";

export interface Reads {
  /** Fields of the request. */
  readonly fields: readonly string[];
  /** Something that no field tells, such as a country. */
  readonly isPrivate: boolean;
}

/** What depends on a visit. */
export interface Reading {
  /** What it depends on for whoever else asks for the same URL; undefined where it is the same for all of them. */
  readonly reads?: ((visit: Identified) => Reads | undefined) | undefined;
}

/** A condition. It never throws. */
export interface When extends Reading {
  (visit: Identified): boolean;
  /** The path that it is for, where it asks for nothing else. */
  readonly path?: string;
}
