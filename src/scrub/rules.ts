/** The rules' part in letting a visit in: which apply, and which of those refuse. */
import type { Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { tokenOf } from "../trail.ts";
import type { Identified } from "../visit.ts";
import { block } from "./block.ts";
import { noteMonitored, outcomeOf, unseen } from "./monitor.ts";
import { limit } from "./rates/limit.ts";

/** What one part of a rule does to a visit that the rule applies to: it refuses it, or nothing. */
export type Guard = (visit: Identified, rule: Rule, edge: Edge) => Answer | Promise<Answer | undefined> | undefined;

/** In this order. */
const guards: readonly Guard[] = [block, limit];

/**
 * Asks every rule in order whether it applies, and adds those that do to `matched`. The first that refuses ends it: by
 * a block, or by a limit that this visit is over. Every limit that applies is counted, up to the first refusal. A rule in
 * monitor mode refuses nobody, and no later room hears of it.
 */
export async function applyRules(visit: Identified, edge: Edge, matched: Rule[]): Promise<Answer | undefined> {
  for (const rule of edge.config.rules) {
    if (!rule.when(visit)) continue;
    const { name, monitor } = rule;
    if (!monitor) take(visit, rule, matched);
    const pending = ask(monitor ? unseen(visit) : visit, rule, edge);
    // Most have nothing to say, and that at once.
    const refusal = pending instanceof Promise ? await pending : pending;
    const outcome = outcomeOf(rule, refusal);
    if (monitor) noteMonitored(visit, edge, { name, outcome });
    else edge.tally.count(name, "did", outcome);
    if (refusal && !monitor) return refusal;
  }
  return undefined;
}

/** The rules that apply to a visit that was let in before, so that none is asked whether it refuses. */
export function recogniseRules(visit: Identified, edge: Edge): readonly Rule[] {
  const matched: Rule[] = [];
  for (const rule of edge.config.rules) if (!rule.monitor && rule.when(visit)) take(visit, rule, matched);
  return matched;
}

/** Its points count for the rules after it. */
function take(visit: Identified, rule: Rule, matched: Rule[]): void {
  matched.push(rule);
  if (rule.score !== undefined) visit.score.add({ name: tokenOf(rule.name), points: rule.score });
}

/** The first refusal among the guards from that one on. */
function ask(visit: Identified, rule: Rule, edge: Edge, from = 0): ReturnType<Guard> {
  for (let at = from; at < guards.length; at++) {
    const refusal = guards[at]!(visit, rule, edge);
    if (refusal instanceof Promise) return refusal.then((waited) => waited ?? ask(visit, rule, edge, at + 1));
    if (refusal) return refusal;
  }
  return undefined;
}
