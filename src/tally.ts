/** What rules and policies have done in this isolate, and what those would have done that only watch. */
export interface Tally {
  /** @param name of a rule or policy of the config: there are as many rows as those. */
  readonly count: (name: string, column: TallyColumn, outcome: string) => void;
  /** Those that applied at least once, in the order in which they first did. */
  readonly rows: () => readonly TallyRow[];
}

export type TallyColumn =
  | "did" // it happened
  | "would"; // it would have, but the rule is in monitor mode

export interface TallyRow {
  readonly name: string;
  /** How often it applied. */
  readonly matched: number;
  /** Outcome, which is a reason or the name of an action → how often. */
  readonly did: Readonly<Record<string, number>>;
  readonly would: Readonly<Record<string, number>>;
}

/** What it comes to where a rule applies and does nothing: its limit isn't reached, say. */
export const nothing = "nothing";
