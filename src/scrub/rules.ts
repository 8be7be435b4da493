/** The rules' part in letting a visit in: which apply, and which of those refuse. */
import type { Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import type { Identified } from "../visit.ts";
import { block } from "./block.ts";
import { limit } from "./rates/limit.ts";
import { applies, readingsOf } from "./readings.ts";

/** What one part of a rule does to a visit that the rule applies to: it refuses it, or nothing. */
export type Guard = (visit: Identified, rule: Rule, edge: Edge) => Answer | Promise<Answer | undefined> | undefined;

/** In this order. */
const guards: readonly Guard[] = [block, limit];

/**
 * Asks every rule in order whether it applies, and adds those that do to `matched`. The first that refuses ends it: by
 * a block, or by a limit that this visit is over. Every limit that applies is counted, up to the first refusal.
 */
export async function applyRules(visit: Identified, edge: Edge, matched: Rule[]): Promise<Answer | undefined> {
  const readings = readingsOf(visit);
  for (const rule of edge.config.rules) {
    if (!applies(rule, readings)) continue;
    matched.push(rule);
    for (const guard of guards) {
      const refusal = guard(visit, rule, edge);
      // Most have nothing to say, and that at once.
      if (refusal === undefined) continue;
      const waited = refusal instanceof Promise ? await refusal : refusal;
      if (waited) return waited;
    }
  }
  return undefined;
}
