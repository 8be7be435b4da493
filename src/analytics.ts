/** What passes between those who see what visits do in experiments and those who count it: plain data. */
import type { Guard } from "./config/guard.ts";

/** Counts what visits do, by experiment. Every implementation passes the suite in `test/contract/analytics.ts`. */
export interface Analytics {
  /** At once, and without a failure: nobody waits for it. */
  readonly count: (experiment: Measured, variant: string, what: Occurrence) => void;
  /**
   * Whether the text is new here, within so many milliseconds (a few seconds unless said) and while there is room: clients that ask for
   * many things at once, or keep no cookies, are counted once.
   */
  readonly isNew: (text: string, within?: number) => boolean;
  /** What is known here of the guard's verdicts; at once. */
  readonly standing: (experiment: string) => Standing;
  /** All that was counted, in all locations that share it. @throws when there is nobody, or nothing is said in time. */
  readonly read: (experiment: string) => Promise<Account>;
  /** Ends what the guard has done, which then begins anew. @throws as {@link read} does; nothing may have changed then. */
  readonly resume: (experiment: string) => Promise<void>;
}

/** What those who count have to know of an experiment. */
export interface Measured {
  /** Names are those of the config, so that there are as many counts as those. */
  readonly name: string;
  /** The first is the control. */
  readonly variants: readonly MeasuredVariant[];
}

export interface MeasuredVariant {
  readonly name: string;
  /** Shares of the clients are in proportion to them. */
  readonly weight: number;
  /** Undefined: nothing is rolled back. */
  readonly guard?: Guard | undefined;
}

export type Occurrence =
  | { readonly kind: "visit" }
  /** A client sees the variant for the first time. */
  | { readonly kind: "exposure" }
  /** One that was exposed has reached the goal, for the first time. */
  | { readonly kind: "conversion"; readonly goal: string }
  | Answered;

/** An origin was asked for a visit that the guard looks at: whether it failed, and milliseconds to the answer's header. */
export interface Answered {
  readonly kind: "answer";
  readonly failed: boolean;
  readonly ms: number;
  /** Of its client: below {@link clusters}, the same for all of its network. */
  readonly cluster: number;
}

/** Into as many clients are divided by their networks: what is true without any one of them, no single network has brought about. */
export const clusters = 8;

/** Of one variant. */
export interface Counts {
  readonly visits: number;
  /** Clients that were exposed, each once. */
  readonly clients: number;
  /** Goal → clients that reached it, each once. */
  readonly goals: Readonly<Record<string, number>>;
  readonly answers: Answers;
}

/** What the guard looks at. */
export interface Answers {
  readonly count: number;
  readonly failures: number;
  /** Sums of the natural logarithms of milliseconds, and of their squares, of the answers that are no failures. */
  readonly logs: number;
  readonly squares: number;
}

/** What the guard looks at, of one second. */
export interface Moment {
  /** Seconds since the epoch, by the clock of who counted it. */
  readonly at: number;
  readonly seen: Readonly<Record<string, Seen>>;
}

/** Of one variant: cluster of clients → their answers. */
export type Seen = Readonly<Record<string, Answers>>;

/** Variant → what became of it. */
export type Standing = Readonly<Record<string, RolledBack>>;

export interface RolledBack {
  readonly why: "errors" | "latency";
  /** One sentence for people, with the figures. */
  readonly says: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What was counted of an experiment. */
export interface Account {
  /** Variant → its counts, in the order in which each was first heard of. */
  readonly variants: Readonly<Record<string, Counts>>;
  /** Variant → as many clients were to be expected there, of those counted, by the weights of their time. */
  readonly expected: Readonly<Record<string, number>>;
  /** The weights have changed while it was counted. */
  readonly isReweighed: boolean;
  /** A variant was rolled back for some of the time, in which clients were counted for the others alone. */
  readonly isInterrupted: boolean;
  readonly standing: Standing;
  /** When the first was counted and the last: milliseconds since the epoch; 0 when nothing was. */
  readonly since: number;
  readonly until: number;
}

/** What one isolate counted since it told the last time. */
export interface Told {
  readonly experiment: Measured;
  readonly counts: Readonly<Record<string, Counts>>;
  /** As in {@link Account}, by the weights and verdicts that were known there; absent where it follows from what is known here. */
  readonly expected?: Account["expected"];
  /** The same answers, second by second; absent from one who is of an older version, of whom the guard then sees nothing. */
  readonly moments?: readonly Moment[];
  /** Who tells, and for the how-manieth time: what is told again, because nobody had answered, is heard once. */
  readonly by: string;
  readonly number: number;
}

/** The way to the one who counts an experiment for all locations. */
export interface Ledger {
  /** Takes what was counted; resolves to what the guard makes of it all. @throws when there is nobody, or nothing is said in time. */
  readonly tell: (told: Told) => Promise<Standing>;
  readonly read: Analytics["read"];
  readonly resume: Analytics["resume"];
}
