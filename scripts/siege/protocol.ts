/** What the processes of a siege tell each other. */
import type { Due, Pace } from "../load/pace.ts";

export type CrowdName = "people" | "attackers";

/** In which a visit tells the origin what kind it is of; the edge hands it on like any other field. */
export const kindField = "x-kind";

/** In which the origin tells the path that it answers. */
export const pageField = "x-page";

/** Requests that the origin has seen, by their kind. */
export type Counts = Readonly<Record<string, number>>;

/** What a crowd is told when it starts. */
export interface Order extends Pace {
  readonly crowd: CrowdName;
  /** The edge's. */
  readonly url: string;
  readonly seed: number;
  /** Milliseconds since the epoch: when its first visit is due. */
  readonly start: number;
}

/** What became of a visit. */
export interface Result extends Due {
  /** By its name. */
  readonly kind: string;
  /** Milliseconds from when it was due to the last byte. */
  readonly ms: number;
  readonly outcome: Outcome;
}

/** "served"; or what the scrub room decided against it, such as "bad-path:encoding"; or what else went wrong. */
export type Outcome = { readonly is: "served" } | { readonly is: "refused" | "failed"; readonly because: string };
