/** Whether a visit may be tried again. Pure, over what the site's visits share. */
import type { Retry } from "../../config/upstream.ts";
import type { SiteState } from "../../fleet.ts";
import { earn, has, savings, spend } from "./budget.ts";
import { isUnsent, type Attempt } from "./attempt.ts";
import type { Prospect } from "./prospect.ts";
import type { Sendable } from "./sendable.ts";

/**
 * Tries that a quiet site has in reserve: about one a second. They are for origins that are well, whose load is what it would be
 * if the one that failed didn't exist. Where none is known to be, an outage would be multiplied: there, only what visits have
 * saved is spent.
 */
const reserve = 30;

/** Of these, what visits leave that have lost their patience: it is for those whose origin has failed for certain. */
const forFailures = reserve / 2;

/** Beyond that, what visits leave that try an origin in doubt: it is for those that lose their patience. */
const forTrials = reserve / 6;

/** So many origins may fall at once: so often a visit that waits then may have to be moved. */
const falls = 2;

/** What the site's further tries are paid from knows of the visit while it waits for `answer`. */
export async function whileWaiting<T>(site: SiteState, now: number, answer: () => Promise<T>): Promise<T> {
  site.waiting++;
  site.crowd.saved = Math.max(site.waiting, savings(site.crowd, 0, now));
  site.crowd.at = now;
  try {
    return await answer();
  } finally {
    site.waiting--;
  }
}

/** One more visit, which earns its share of a try. */
export function earnRetries({ retries, earned }: SiteState, { budget }: Retry, now: number): void {
  earn(retries, { share: budget, reserve }, now);
  earn(earned, { share: budget, reserve: 0 }, now);
}

/** Whether there is enough for one that goes in vain where nobody had to go. */
export function canAffordTrial({ retries }: SiteState, { budget }: Retry, now: number): boolean {
  return budget > 0 && has(retries, { reserve, kept: forFailures + forTrials }, now);
}

/** How far a visit has come. */
export interface Progress extends Pick<Sendable, "repeat" | "deadline"> {
  /** Tries so far, and what came of the last one, if it came to anything. */
  readonly tries: number;
  readonly last: Attempt | Silence;
  /** Of the origin that would be asked; undefined when there is none. */
  readonly left: Prospect | undefined;
}

export type Silence =
  | "silent" // it answered, and has ceased to
  | "unheard"; // it never answered: it may be slow

export type WhyNoMore =
  | "not-repeatable" // the origin may have done it already
  | "tries-spent"
  | "all-answered" // each origin, that it can't now, or hasn't what is wanted
  | "out-of-time"
  | "nobody-waits" // the client has left, and no other visit waits for what comes of this one
  | "retry-budget-spent"; // others of the site have failed too, and tried again

/** Why there is no further try; undefined when there is one, and then it is paid for. */
export function whyNoMore(progress: Progress, retry: Retry, { site, now }: Paying): WhyNoMore | undefined {
  const { tries, last, left, deadline } = progress;
  if (tries >= retry.tries) return "tries-spent";
  if (!isRepeatable(progress.repeat, last)) return "not-repeatable";
  if (!left) return "all-answered";
  if (now >= deadline) return "out-of-time";
  // What was not sent has multiplied nothing.
  if (typeof last !== "string" && isUnsent(last)) return undefined;
  const isPaid = retry.budget > 0 && payers[left]({ site, now }, keptAfter(last, { site, now }));
  return isPaid ? undefined : "retry-budget-spent";
}

/**
 * What must be left of the reserve; below zero, what may be owed. All that an origin had under way fail together when it falls: each
 * may be moved, and the site owes it for a while.
 */
function keptAfter(last: Progress["last"], { site, now }: Paying): number {
  if (last === "unheard") return forFailures;
  const lent = falls * savings(site.crowd, 0, now);
  return last === "silent" ? forFailures - lent / 2 : -lent;
}

/**
 * What went to origins that are well was the reserve's: it doesn't keep visits from finding out who else is well by now. One that
 * may be well is asked before a visit is lost, but nothing is lent for that; and what it costs is missing for those that are failing.
 */
const payers: Readonly<Record<Prospect, (paying: Paying, kept: number) => boolean>> = {
  well: ({ site, now }, kept) => spend(site.retries, { reserve, kept }, now),
  unsure: ({ site, now }, kept) =>
    spend(site.retries, { reserve, kept: Math.max(0, kept) }, now) &&
    spend(site.earned, { reserve: 0, kept: Number.NEGATIVE_INFINITY }, now),
  failing: ({ site, now }) => spend(site.earned, { reserve: 0 }, now),
};

interface Paying {
  readonly site: SiteState;
  readonly now: number;
}

function isRepeatable(repeat: Sendable["repeat"], last: Progress["last"]): boolean {
  if (repeat === "always" || typeof last === "string") return repeat === "always";
  const because = last.kind === "failed" ? last.because : undefined;
  // Where nothing was sent, not even the content was touched.
  return isUnsent(last) || (repeat === "unreached" && because === "unreached");
}
