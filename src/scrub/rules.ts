/** The rules' part in letting a visit in: which apply, and which of those refuse. */
import type { Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import type { Identified } from "../visit.ts";
import { access } from "./access/access.ts";
import { block } from "./block.ts";
import { challengeByRule } from "./challenge/challenge.ts";
import type { Passed } from "./passed.ts";
import { limit } from "./rates/limit.ts";
import { applies, readingsOf } from "./readings.ts";

/** What one part of a rule does to a visit that the rule applies to: it refuses it, takes out what was shown to it, or nothing. */
type Guard = (visit: Identified, rule: Rule, edge: Edge) => Ruling | Promise<Ruling>;
type Ruling = Answer | Passed | undefined;

/** In this order. */
const guards: readonly Guard[] = [block, access, challengeByRule, limit];

/** What came of the rules. */
export interface Ruled {
  /** Those that apply, in order, as far as they were asked. */
  readonly rules: Rule[];
  readonly passed: Passed[];
}

/**
 * Asks every rule in order whether it applies, and adds those that do to `ruled`. The first that refuses ends it: by
 * a block, or by a limit that this visit is over. Every limit that applies is counted, up to the first refusal.
 */
export async function applyRules(visit: Identified, edge: Edge, ruled: Ruled): Promise<Answer | undefined> {
  const readings = readingsOf(visit);
  for (const rule of edge.config.rules) {
    if (!applies(rule, readings)) continue;
    ruled.rules.push(rule);
    for (const guard of guards) {
      const ruling = guard(visit, rule, edge);
      // Most have nothing to say, and that at once.
      if (ruling === undefined) continue;
      const waited = ruling instanceof Promise ? await ruling : ruling;
      if (waited && "status" in waited) return waited;
      if (waited) ruled.passed.push(waited);
    }
  }
  return undefined;
}
