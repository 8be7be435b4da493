/**
 * What follows from how asking an origin goes: one machine for ejecting it, for trying it again, and for its return. Pure
 * but for the condition that it is handed, so that a simulation can run it in a time of its own.
 *
 *     well ──failures──► ejected ──time──► trial ──answer──► returning ──slow start──► well
 *                           ▲                 │                   │
 *                           └─────failure─────┴─────failures──────┘
 */
import type { Eject } from "../../config/upstream.ts";
import type { Condition, WhyEjected } from "../../origin-state.ts";

export type Standing =
  | "well"
  | "returning" // it takes some visits, and more by and by
  | "trial" // its time is over: one visit at a time finds out whether it is well
  | "ejected";

/** What it is now. */
export function standing(condition: Condition, { now, eject }: At): Standing {
  const { ejection } = condition;
  if (ejection) return now < ejection.until ? "ejected" : "trial";
  return share(condition, { now, eject }) < 1 ? "returning" : "well";
}

/** When, and by what. */
export interface At {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Undefined where nothing is ever ejected. */
  readonly eject: Eject | undefined;
}

/** The share of its visits that an origin gets when it has just returned, from which on it gets more. */
const firstShare = 0.1;

/** From 0 to 1: the share of the visits that would come to it that are to come. */
export function share({ ejection, returnedAt, triedAt }: Condition, { now, eject }: At): number {
  if (!eject) return 1;
  if (ejection) return now >= ejection.until && !isUnderWay(triedAt, { now, eject }) ? 1 : 0;
  if (returnedAt === undefined || now >= returnedAt + eject.slowStart) return 1;
  return firstShare + (1 - firstShare) * (Math.max(0, now - returnedAt) / eject.slowStart);
}

/** Of one that was never told to be over, nothing more will come after so long. */
function isUnderWay(triedAt: number | undefined, { now, eject }: At): boolean {
  return triedAt !== undefined && now - triedAt < eject!.base;
}

/** It is asked. */
export function asked(condition: Condition, { now }: Pick<At, "now">): void {
  if (condition.ejection && now >= condition.ejection.until) condition.triedAt = now;
}

/** One request: when it was sent, beside when and by what it is judged. */
export interface Outcome extends At {
  readonly askedAt: number;
}

/** What it was asked is over, and nothing follows from it: the client left. */
export function abandoned(condition: Condition, { askedAt }: Pick<Outcome, "askedAt">): void {
  if (condition.triedAt === askedAt) condition.triedAt = undefined;
}

/** It gave an answer that shows that it works. What it was asked before it was ejected shows nothing any more. */
export function answered(condition: Condition, outcome: Outcome): void {
  abandoned(condition, outcome);
  condition.answers++;
  const { ejection } = condition;
  if (isOld(condition, outcome)) return;
  if (ejection) return comeBack(condition, outcome.now);
  count(condition, outcome, 0);
  condition.inRow = 0;
}

/** It gave none, or one that shows that it doesn't work. */
export function failed(condition: Condition, outcome: Outcome): void {
  fail(condition, outcome, 1);
}

/**
 * Nobody had heard anything of it for far longer than an answer takes, and another one answered meanwhile. Two such in a row
 * eject it: to find out with more would cost more than it can save.
 */
export function fellSilent(condition: Condition, outcome: Outcome): void {
  fail(condition, outcome, Math.ceil((outcome.eject?.failures ?? 0) / 2));
}

/** @param times as many failures in a row it counts as. */
function fail(condition: Condition, outcome: Outcome, times: number): void {
  const { now, eject, askedAt } = outcome;
  abandoned(condition, outcome);
  condition.failures++;
  if (isOld(condition, outcome) || !eject) return;
  const { ejection } = condition;
  // One that had to be asked before its time, because there was no other, isn't ejected for longer for that.
  if (ejection && askedAt < ejection.until) return;
  if (ejection) return putOut(condition, "trial", { now, eject });
  count(condition, outcome, 1);
  condition.inRow += times;
  const why = whyOut(condition, eject);
  if (why) putOut(condition, why, { now, eject });
}

/** An answer that had counted as one breaks off. */
export function brokeOff(condition: Condition, outcome: Outcome): void {
  const { now, eject } = outcome;
  condition.failures++;
  if (condition.ejection || isOld(condition, outcome) || !eject) return;
  const { lately } = condition;
  fade(condition, outcome);
  lately.failed = Math.min(lately.asked, lately.failed + 1);
  const why = whyOut(condition, eject);
  if (why) putOut(condition, why, { now, eject });
}

/** Ended: it is as good as any other. */
function comeBack(condition: Condition, now: number): void {
  condition.ejection = undefined;
  condition.returnedAt = now;
}

/** Whether it was asked in a time that is over: before it was ejected, or before it returned. */
function isOld({ ejection, returnedAt }: Condition, { askedAt }: Outcome): boolean {
  return ejection ? askedAt <= ejection.at : returnedAt !== undefined && askedAt < returnedAt;
}

/** Fewer in the window say nothing of a rate. */
const fewest = 10;

function whyOut({ inRow, lately }: Condition, { failures, rate }: Eject): WhyEjected | undefined {
  if (inRow >= failures) return "failures";
  return lately.asked >= fewest && lately.failed >= rate * lately.asked ? "rate" : undefined;
}

/** For longer each time, unless it was well for as long as the longest time. */
function putOut(condition: Condition, why: WhyEjected, { now, eject }: At & { readonly eject: Eject }): void {
  const { ejection, returnedAt } = condition;
  const isAgain = ejection !== undefined || (returnedAt !== undefined && now - returnedAt < eject.most);
  condition.times = isAgain ? condition.times + 1 : 1;
  condition.ejection = { why, since: ejection?.since ?? now, at: now, until: now + timeOut(condition.times, eject) };
  condition.inRow = 0;
  condition.lately = { asked: 0, failed: 0, at: now };
}

function timeOut(times: number, { base, most }: Eject): number {
  return Math.min(most, base * times);
}

function count(condition: Condition, outcome: Outcome, failures: 0 | 1): void {
  fade(condition, outcome);
  condition.lately.asked++;
  condition.lately.failed += failures;
}

/** Both lose two thirds of their weight in a window. */
function fade({ lately }: Condition, { now, eject }: At): void {
  const kept = eject ? Math.exp(Math.min(0, lately.at - now) / eject.window) : 0;
  lately.asked *= kept;
  lately.failed *= kept;
  lately.at = now;
}
