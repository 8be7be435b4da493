/** A part of the bench: something to measure, in a table of its own. */
import type { Contestant } from "./contestant.ts";
import type { Conditions } from "./measure.ts";

export interface Section {
  /** What it can measure: `--only` chooses among these. */
  readonly titles: readonly string[];
  /** Measures those of its titles that are wanted, of which there is one at least. */
  readonly run: (isWanted: (title: string) => boolean, stage: Stage) => Promise<Findings>;
}

export interface Stage extends Conditions {
  /** Whether it can take part on this machine. */
  readonly isHere: (contestant: Contestant) => boolean;
}

export interface Findings {
  /** For people: tables, in order. */
  readonly tables: readonly string[];
  /** Why some of it couldn't be measured. */
  readonly failures: readonly string[];
  /** For `--json`, by names that no other section uses. */
  readonly figures: Readonly<Record<string, unknown>>;
}
