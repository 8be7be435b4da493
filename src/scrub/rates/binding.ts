/** Limits that the platform counts by itself, each location alone: its rate-limit bindings. */
import type { BindingLimit } from "../../config/rates.ts";
import type { Edge } from "../../edge.ts";
import { tokenOf } from "../../trail.ts";
import type { Clean } from "../../visit.ts";
import { keyOf } from "./key.ts";

/** The longest period that such a binding can have, in milliseconds: it doesn't tell when the next one begins. */
const longestPeriod = 60_000;

/**
 * Counts the visit, under the text alone: rules that name the same binding and make the same text share one count.
 * Fails open: a limiter that is missing or broken lets the visit through, because an outage of the counting must not
 * become one of the site, and the trail says so.
 * @returns milliseconds after which the client may come again, when the visit is over the limit.
 */
export async function takeFromBinding(visit: Clean, limit: BindingLimit, edge: Edge): Promise<number | undefined> {
  const { binding, per } = limit;
  const limiter = edge.limiter(binding);
  if (!limiter) return letThrough(visit, `no-limiter:${binding}`);
  try {
    const isWithin = await limiter.take(keyOf("", per(visit)).slice(1));
    return isWithin ? undefined : longestPeriod;
  } catch {
    return letThrough(visit, `limiter-failed:${binding}`);
  }
}

function letThrough(visit: Clean, why: string): undefined {
  visit.trail.note("scrub", tokenOf(why));
}
