/** The rules' part in letting a visit in: which apply, and which of those refuse. */
import type { Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { tokenOf } from "../trail.ts";
import type { Clean, Identified } from "../visit.ts";
import { access } from "./access/access.ts";
import { block } from "./block.ts";
import { challengeByRule } from "./challenge/challenge.ts";
import { allowOrigin } from "./cors.ts";
import { inSilence, noteMonitored, outcomeOf, unseen } from "./monitor.ts";
import type { Passed } from "./passed.ts";
import type { Held } from "./rates/delay.ts";
import { limit } from "./rates/limit.ts";
import { applies, readingsOf } from "./readings.ts";

/** What one part of a rule does to a visit that the rule applies to: it refuses it, takes out what was shown to it, holds it up, or nothing. */
type Guard = (visit: Clean, rule: Rule, edge: Edge) => Ruling | Promise<Ruling>;
type Ruling = Answer | Passed | Held | undefined;

/** In this order. */
const guards: readonly Guard[] = [block, allowOrigin, access, challengeByRule, limit];

/** What came of the rules. */
export interface Ruled {
  /** Those that apply, in order, as far as they were asked. */
  readonly rules: Rule[];
  readonly passed: Passed[];
}

/**
 * Asks every rule in order whether it applies, and adds those that do to `ruled`. The first that refuses ends it: by
 * a block, or by a limit that this visit is over. Every limit that applies is counted, up to the first refusal. A rule in
 * monitor mode refuses nobody and holds nobody up, and no later room hears of it.
 */
export async function applyRules(visit: Clean, edge: Edge, ruled: Ruled): Promise<Answer | undefined> {
  const readings = readingsOf(visit);
  for (const rule of edge.config.rules) {
    if (!applies(rule, readings)) continue;
    if (rule.monitor) {
      watch(visit, rule, edge);
      continue;
    }
    take(visit, rule, ruled.rules);
    const asking: Asking = { visit, rule, passed: ruled.passed, held: [] };
    const pending = ask(asking, edge);
    // Most have nothing to say, and that at once.
    const refusal = pending instanceof Promise ? await pending : pending;
    edge.tally.count(rule.name, "did", outcomeOf(rule, refusal, asking.held));
    if (refusal) return refusal;
  }
  return undefined;
}

/** Asks what a rule would have done. What it can't say at once, it says when the visit has gone on. */
function watch(visit: Clean, rule: Rule, edge: Edge): void {
  const { name } = rule;
  const asking: Asking = { visit: { ...unseen(visit), dues: [] }, rule, passed: [], held: [] };
  const { dues } = asking.visit;
  const pending = ask(asking, edge);
  const outcome = (refusal: Answer | undefined): string => outcomeOf(rule, refusal, asking.held);
  if (!(pending instanceof Promise)) {
    visit.dues.push(...dues.map(inSilence));
    noteMonitored(visit, edge, { name, outcome: outcome(pending) });
    return;
  }
  const answered = Promise.withResolvers<Answer>();
  visit.dues.push((answer) => {
    answered.resolve({ ...answer, fields: answer.fields.copy(), body: null });
    return answer;
  });
  const sayLater = async (): Promise<void> => {
    noteMonitored(visit, edge, { name, outcome: outcome(await pending), isLate: true });
    if (dues.length === 0) return;
    const answer = await answered.promise;
    for (const due of dues) due(answer);
  };
  edge.defer(sayLater());
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

interface Asking extends Pick<Ruled, "passed"> {
  readonly visit: Clean;
  readonly rule: Rule;
  readonly held: Held["held"][];
}

/** The first refusal among the guards from that one on; what those before it were shown goes to `passed`, and how they held it up to `held`. */
function ask(asking: Asking, edge: Edge, from = 0): Answer | Promise<Answer | undefined> | undefined {
  const { visit, rule } = asking;
  for (let at = from; at < guards.length; at++) {
    const ruling = guards[at]!(visit, rule, edge);
    if (ruling instanceof Promise) {
      return ruling.then((waited) => refusalIn(waited, asking) ?? ask(asking, edge, at + 1));
    }
    const refusal = refusalIn(ruling, asking);
    if (refusal) return refusal;
  }
  return undefined;
}

function refusalIn(ruling: Ruling, { passed, held }: Asking): Answer | undefined {
  if (!ruling) return undefined;
  if ("status" in ruling) return ruling;
  if ("held" in ruling) held.push(ruling.held);
  else passed.push(ruling);
  return undefined;
}
