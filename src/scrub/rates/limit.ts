/** Rules that let so many visits through and no more. */
import { refuse, type Answer } from "../../answer.ts";
import type { Rule } from "../../config/model.ts";
import type { Edge } from "../../edge.ts";
import { tokenOf } from "../../trail.ts";
import type { Identified } from "../../visit.ts";

/** Refuses what is over a rule's limit, and counts what the limit is for. */
export function limit(visit: Identified, rule: Rule, edge: Edge): Promise<Answer | undefined> | undefined {
  return rule.limit && refuseOver(visit, rule, edge);
}

async function refuseOver(visit: Identified, rule: Rule, edge: Edge): Promise<Answer | undefined> {
  return (await withinLimit(visit, rule.limit!, edge)) ? undefined : tooMany(visit, rule);
}

type Limit = NonNullable<Rule["limit"]>;

/** The longest period a rate-limit binding can have, in seconds: it doesn't tell when the next one begins. */
const longestPeriod = "60";

function tooMany(visit: Identified, rule: Rule): Answer {
  visit.trail.note("scrub", `rate-limited:${tokenOf(rule.name)}`);
  return refuse("rate-limited", { "retry-after": longestPeriod });
}

/**
 * Counts the visit, under the text alone: rules that name the same binding and make the same text share one count.
 * Fails open: a limiter that is missing or broken lets the visit through, because an outage of the counting must not
 * become one of the site, and the trail says so.
 */
async function withinLimit(visit: Identified, { binding, per }: Limit, edge: Edge): Promise<boolean> {
  const limiter = edge.limiter(binding);
  if (!limiter) return letThrough(visit, `no-limiter:${binding}`);
  try {
    return await limiter.take(per(visit));
  } catch {
    return letThrough(visit, `limiter-failed:${binding}`);
  }
}

function letThrough(visit: Identified, why: string): true {
  visit.trail.note("scrub", tokenOf(why));
  return true;
}
