/** Limits of rates that the edge counts itself: by this isolate alone, or for all locations. */
import type { Answer } from "../../answer.ts";
import type { RateLimit } from "../../config/rates.ts";
import type { Edge } from "../../edge.ts";
import { left, taken, waitFor } from "../../gcra.ts";
import { limitItem, policyItem } from "../../http/rate-limit.ts";
import type { Clean } from "../../visit.ts";
import { waitTurn, type Held } from "./delay.ts";
import { keyOf } from "./key.ts";
import { isHeard, report, type Told } from "./report.ts";

/**
 * Takes a token, or does so once the answer is known. What is decided here is decided at once.
 * @returns milliseconds after which the client may come again, when there is none.
 */
export function takeToken(
  visit: Clean,
  limit: RateLimit,
  edge: Edge,
): Promise<number | Held> | number | Held | undefined {
  const { quota, tellAfter, per } = limit;
  const key = keyOf(limit.id, per(visit));
  const told: Told = { key, tally: edge.rates.tally(key), quota, tellAfter };
  const wait = waitFor(told.tally.tat, edge.now(), quota);
  const due = (answer: Answer): Answer => settleRate(visit, answer, { limit, told, edge });
  if (wait > 0) {
    if (limit.action !== "delay") return wait;
    const take = (): void => letIn(visit, limit, { told, due, edge });
    return waitTurn(visit, wait, { limit, edge, take, giveBack: () => unspend(told) });
  }
  letIn(visit, limit, { told, due, edge });
  return undefined;
}

interface Taking {
  readonly told: Told;
  readonly due: (answer: Answer) => Answer;
  readonly edge: Edge;
}

function letIn({ dues, trail }: Clean, limit: RateLimit, { told, due, edge }: Taking): void {
  if (limit.counts === "all") spend(told, edge);
  if (limit.scope === "global") tellAll(trail, told, edge);
  dues.push(due);
}

/** Tells those who count for all; where there are none, or none that answer, this isolate counts alone, and the trail says so. */
function tellAll(trail: Clean["trail"], told: Told, edge: Edge): void {
  if (!edge.counters) trail.note("scrub", "rates-not-bound");
  else if (!isHeard(told, edge)) trail.note("scrub", "rates-unreachable");
  report(told, edge);
}

function spend({ tally, quota }: Told, { now }: Edge): void {
  tally.tat = taken(tally.tat, now(), quota);
  tally.spentTat = taken(tally.spentTat, now(), quota);
  tally.spent++;
}

/** Takes back one that was spent; the one who counts is told of one less, should it know of it already. */
function unspend({ tally, quota }: Told): void {
  tally.tat -= quota.interval;
  tally.spentTat -= quota.interval;
  tally.spent--;
}

interface Settling {
  readonly limit: RateLimit;
  readonly told: Told;
  readonly edge: Edge;
}

function settleRate(visit: Clean, answer: Answer, { limit, told, edge }: Settling): Answer {
  if (limit.counts !== "all" && doesCount(visit, answer, limit.counts)) {
    spend(told, edge);
    if (limit.scope === "global") report(told, edge);
  }
  const { quota, tally } = told;
  const available = left(tally.tat, edge.now(), quota);
  const wait = available < quota.burst ? waitFor(tally.tat, edge.now(), quota, available + 1) : 0;
  tellRate(answer, limit, { available, wait });
  return answer;
}

/** By RFC 9211 §2.2 and §2.6, an origin is asked for what goes forward, unless another visit asks for it too. */
function doesCount(visit: Clean, answer: Answer, counts: Exclude<RateLimit["counts"], "all">): boolean {
  if (counts !== "origin") return counts(visit, answer);
  return answer.cache?.fwd !== undefined && !answer.cache.collapsed;
}

interface Standing {
  readonly available: number;
  /** Milliseconds until there is one more. */
  readonly wait: number;
}

/** What the limit is, and what of it is left. */
export function tellRate({ fields }: Answer, limit: RateLimit, { available, wait }: Standing): void {
  const { name, count, period } = limit;
  fields.append("ratelimit-policy", policyItem({ name, quota: count, window: period }));
  fields.append("ratelimit", limitItem(name, available, wait));
}
