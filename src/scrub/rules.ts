/** The rules' part in letting a visit in: which apply, and which of those refuse. */
import { refuse, type Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { tokenOf } from "../trail.ts";
import type { Identified } from "../visit.ts";

/**
 * Asks every rule in order whether it applies, and adds those that do to `matched`. The first that refuses ends it: by
 * a block, or by a limit that this visit is over. Every limit that applies is counted, up to the first refusal.
 */
export async function applyRules(visit: Identified, edge: Edge, matched: Rule[]): Promise<Answer | undefined> {
  for (const rule of edge.config.rules) {
    if (!rule.when(visit)) continue;
    matched.push(rule);
    if (rule.block) return block(visit, rule, rule.block);
    if (rule.limit && !(await withinLimit(visit, rule.limit, edge))) return tooMany(visit, rule);
  }
  return undefined;
}

type Block = NonNullable<Rule["block"]>;
type Limit = NonNullable<Rule["limit"]>;

/** What is said for a status that would make "Access denied." untrue, or give away that there is something to hide. */
const words: Readonly<Record<number, string>> = {
  404: "Not found.\n",
  410: "Gone.\n",
  429: "Too many requests.\n",
  451: "Not available here, for legal reasons.\n",
  503: "Not available at the moment.\n",
};

function block(visit: Identified, rule: Rule, { status, body }: Block): Answer {
  visit.trail.note("scrub", `blocked-by-rule:${tokenOf(rule.name)}`);
  const refusal = refuse("blocked-by-rule");
  return { ...refusal, status, body: body ?? words[status] ?? refusal.body };
}

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
