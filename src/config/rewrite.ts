/** How rules change what the origin is asked for. Types only. */
import type { QueryEdits } from "../http/query.ts";
import type { Identified } from "../visit.ts";
import type { Text } from "./model.ts";
import type { Reading } from "./reads.ts";

export interface Rewrite {
  /** What a pattern takes of the visited path; the rule rewrites nothing when that is undefined. Absent: there is no pattern. */
  readonly match?: (path: string) => readonly string[] | undefined;
  readonly path?: FilledText | undefined;
  /** The whole of it, or what is changed of it. */
  readonly query?: FilledText | TextQueryEdits | undefined;
}

/** A text in which `:name` stands for what the pattern took, besides. Never throws. */
export interface FilledText extends Reading {
  (visit: Identified, taken: readonly string[]): string;
}

/** As {@link QueryEdits}, with values that are made for a visit. */
export interface TextQueryEdits extends Omit<QueryEdits, "set"> {
  readonly set: readonly (readonly [name: string, value: FilledText | Text])[];
}
