/** Experiments, as the config says them. Types, and what stands for variants in cookies and links; times in milliseconds. */
import type { Measured } from "../analytics.ts";
import { hashOf } from "../http/hash.ts";
import type { Identified } from "../visit.ts";
import type { Goal } from "./goals.ts";
import type { Rule, Text } from "./model.ts";

/** Those it is for see one of its variants each. */
export interface Experiment {
  readonly name: string;
  /** Whether the visit is one of those that it is for: by its site and its condition. Never throws. */
  readonly when: (visit: Identified) => boolean;
  /** Of clients that it is for, those that take part: from 0 to 1. */
  readonly share: number;
  /** What tells one client from another; undefined, or where it comes to "": its cookie, else its address. */
  readonly per: Text | undefined;
  /** How long a cookie keeps a client in its variant; undefined: there is none. */
  readonly sticky: number | undefined;
  /** From then on, and until then: since the epoch; infinite where nothing is said. */
  readonly start: number;
  readonly end: number;
  /** Others than people take part, too. */
  readonly bots: boolean;
  /** Nobody takes part. */
  readonly paused: boolean;
  /** The field that tells the origin, in lower case. */
  readonly header: string | undefined;
  /** At least two; the first is the control. */
  readonly variants: readonly Variant[];
  /** What stands in cookies for clients that aren't counted, because they came when the guard had rolled back what they were dealt. */
  readonly leftOut: string;
  /** What clients may come to do. */
  readonly goals: readonly Goal[];
  /** The same, for those who count. */
  readonly measured: Measured;
}

export interface Variant {
  readonly name: string;
  /** Its share beside the weights of the others; with 0 it gets no new clients. Not all are 0. */
  readonly weight: number;
  /** What stands for it in cookies and links. */
  readonly mark: string;
  /** What its answers are kept apart by; undefined where no variant of the experiment changes what is stored. */
  readonly key: string | undefined;
  /** What it does: it applies to every visit that sees it. */
  readonly rule: Rule;
}

/** Characters of a mark. */
export const markLength = 7;

/** As many a client may come to have in the cookie that it counts by: with all about them they are 3.6 KB, and browsers keep 4. */
export const mostMarks = 500;

/** Of letters and digits. Which experiment and variant it is, can't be read from it. */
export function markOf(experiment: string, variant: string): string {
  return hashOf(`${experiment} ${variant}`).toString(36).padStart(markLength, "0");
}
