/**
 * How much may be asked beyond what visits need: a share of recent ones, so that an outage isn't multiplied by those who
 * try again. Pure, over a state that all visits of a site share.
 */
import type { Budget } from "../../fleet.ts";

export interface Allowance {
  /** What each visit adds. */
  readonly share: number;
  /** What there is when nobody has visited for a while. */
  readonly reserve: number;
}

/** Whether there is one. */
export function has(budget: Budget, { reserve, kept = 0 }: Spending, now: number): boolean {
  return savings(budget, reserve, now) - kept >= 1;
}

interface Spending extends Pick<Allowance, "reserve"> {
  /** What must be left for those who need it more; below zero, what may be owed. */
  readonly kept?: number;
}

/** Milliseconds in which savings fade to a third (1/e): so long ago is "recent". */
const fading = 30_000;

/** One more visit. */
export function earn(budget: Budget, { share, reserve }: Allowance, now: number): void {
  budget.saved = savings(budget, reserve, now) + share;
  budget.at = now;
}

/** Takes one, if there is one; whether there was. */
export function spend(budget: Budget, { reserve, kept = 0 }: Spending, now: number): boolean {
  const saved = savings(budget, reserve, now);
  const isEnough = has(budget, { reserve, kept }, now);
  budget.saved = isEnough ? saved - 1 : saved;
  budget.at = now;
  return isEnough;
}

/** They fade towards the reserve, from above and from below. */
export function savings({ saved, at }: Budget, reserve: number, now: number): number {
  return reserve + (saved - reserve) * Math.exp(-Math.max(0, now - at) / fading);
}
