/** Limits of rates, and bans, in the form that visits need. All times in milliseconds. */
import type { Answer } from "../answer.ts";
import type { Quota } from "../gcra.ts";
import type { BanPolicy } from "../rates.ts";
import type { Clean } from "../visit.ts";
import type { Text } from "./model.ts";

export type Limit = BindingLimit | RateLimit | AtOnceLimit;

interface AnyLimit {
  /** What is counted under: visits with the same text are counted together, those with "" as well. */
  readonly per: Text;
  /** What is done with a visit over the limit. */
  readonly action: "block" | "challenge" | "delay";
}

/** Counted by the platform's rate-limit binding of that name. */
export interface BindingLimit extends AnyLimit {
  readonly kind: "binding";
  readonly binding: string;
}

/** What one that the edge counts itself has. */
interface OwnLimit extends AnyLimit {
  /** In the fields that tell clients of limits. */
  readonly name: string;
  /** What is counted of it is counted under. */
  readonly id: string;
}

export interface RateLimit extends OwnLimit {
  readonly kind: "rate";
  readonly quota: Quota;
  /** As written: so many in such a time. */
  readonly count: number;
  readonly period: number;
  readonly scope: "isolate" | "global";
  /** Whether the rule only watches: nobody waits for their turn. */
  readonly monitor: boolean;
  /** Tokens after which an isolate tells the one who counts for all, if not before. */
  readonly tellAfter: number;
  /** Which visits count: all, or those with such an answer, also when it is more than the limit. */
  readonly counts: "all" | "origin" | AnswerTest;
}

/** How many visits may be under way. */
export interface AtOnceLimit extends OwnLimit {
  readonly kind: "at-once";
  readonly most: number;
}

/** Whether it holds for the answer that a visit got. Never throws. */
export type AnswerTest = (visit: Clean, answer: Answer) => boolean;

export interface BanSettings {
  readonly policy: BanPolicy;
  /** Statuses, and "refused" for what scrubbing refuses. */
  readonly of: ReadonlySet<"refused" | number>;
  /** Whether a client of that address is never banned. */
  readonly isExcepted: (ip: string) => boolean;
}
