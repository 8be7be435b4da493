/** The rules' part in letting a visit in: which apply, and which of those refuse. */
import type { Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { tokenOf } from "../trail.ts";
import type { Clean, Identified } from "../visit.ts";
import { access } from "./access/access.ts";
import { block } from "./block.ts";
import { challengeByRule } from "./challenge/challenge.ts";
import { noteMonitored, outcomeOf, unseen } from "./monitor.ts";
import type { Passed } from "./passed.ts";
import { limit } from "./rates/limit.ts";
import { applies, readingsOf } from "./readings.ts";

/** What one part of a rule does to a visit that the rule applies to: it refuses it, takes out what was shown to it, or nothing. */
type Guard = (visit: Clean, rule: Rule, edge: Edge) => Ruling | Promise<Ruling>;
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
 * a block, or by a limit that this visit is over. Every limit that applies is counted, up to the first refusal. A rule in
 * monitor mode refuses nobody, and no later room hears of it.
 */
export async function applyRules(visit: Clean, edge: Edge, ruled: Ruled): Promise<Answer | undefined> {
  const readings = readingsOf(visit);
  for (const rule of edge.config.rules) {
    if (!applies(rule, readings)) continue;
    const { name, monitor } = rule;
    if (!monitor) take(visit, rule, ruled.rules);
    const asking = monitor
      ? { visit: { ...unseen(visit), dues: [] }, rule, passed: [] }
      : { visit, rule, passed: ruled.passed };
    const pending = ask(asking, edge);
    // Most have nothing to say, and that at once.
    const refusal = pending instanceof Promise ? await pending : pending;
    const outcome = outcomeOf(rule, refusal);
    if (monitor) {
      visit.dues.push(...asking.visit.dues.map(inSilence));
      noteMonitored(visit, edge, { name, outcome });
    } else edge.tally.count(name, "did", outcome);
    if (refusal && !monitor) return refusal;
  }
  return undefined;
}

/** The rules that apply to a visit that was let in before, so that none is asked whether it refuses. */
export function recogniseRules(visit: Identified, edge: Edge): readonly Rule[] {
  const matched: Rule[] = [];
  const readings = readingsOf(visit);
  for (const rule of edge.config.rules) if (!rule.monitor && applies(rule, readings)) take(visit, rule, matched);
  return matched;
}

/** Its points count for the rules after it. */
function take(visit: Identified, rule: Rule, matched: Rule[]): void {
  matched.push(rule);
  if (rule.score !== undefined) visit.score.add({ name: tokenOf(rule.name), points: rule.score });
}

/** What is to be done with the answer of a visit that a rule only watched: it counts, and nobody is told. */
function inSilence(due: Clean["dues"][number]): Clean["dues"][number] {
  return (answer) => ({ ...due({ ...answer, fields: answer.fields.copy() }), fields: answer.fields });
}

interface Asking extends Pick<Ruled, "passed"> {
  readonly visit: Clean;
  readonly rule: Rule;
}

/** The first refusal among the guards from that one on; what those before it were shown goes to `passed`. */
function ask(asking: Asking, edge: Edge, from = 0): Answer | Promise<Answer | undefined> | undefined {
  const { visit, rule, passed } = asking;
  for (let at = from; at < guards.length; at++) {
    const ruling = guards[at]!(visit, rule, edge);
    if (ruling instanceof Promise) {
      return ruling.then((waited) => refusalIn(waited, passed) ?? ask(asking, edge, at + 1));
    }
    const refusal = refusalIn(ruling, passed);
    if (refusal) return refusal;
  }
  return undefined;
}

function refusalIn(ruling: Ruling, passed: Passed[]): Answer | undefined {
  if (ruling && "status" in ruling) return ruling;
  if (ruling) passed.push(ruling);
  return undefined;
}
