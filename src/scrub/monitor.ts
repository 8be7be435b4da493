/** What only watches: what it would have done is noted and counted, and nothing happens. */
import type { Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { nothing } from "../tally.ts";
import { tokenOf, Trail } from "../trail.ts";
import type { Clean, Identified } from "../visit.ts";

/** A visit whose trail nobody reads: what is noted on it did not happen. */
export function unseen<V extends Identified>(visit: V): V {
  return { ...visit, trail: new Trail() };
}

/** The parts of rules that act in later rooms, and on the score. */
const actions = [
  "score",
  "redirect",
  "respond",
  "rewrite",
  "origins",
  "balance",
  "split",
  "mirror",
  "cache",
  "headers",
  "preload",
  "status",
  "cors",
  "cookies",
  "image",
  "security",
  "compress",
  "dictionary",
] as const satisfies readonly (keyof Rule)[];

/** What a rule that applies comes to: the reason of its refusal, or how it held the visit up and the actions that it hands on. */
export function outcomeOf(rule: Rule, refusal: Answer | undefined, held: readonly string[]): string {
  if (refusal) return refusal.because ?? nothing;
  const shapes = (rule.shapes ?? []).map(({ kind }) => kind);
  const done = [...held, ...actions.filter((action) => rule[action] !== undefined), ...shapes];
  return done.length === 0 ? nothing : done.join("+");
}

/** On the trail: "monitor:NAME=blocked-by-rule". */
export function noteMonitored({ trail }: Identified, edge: Edge, { name, outcome, isLate }: Monitored): void {
  edge.tally.count(name, "would", outcome);
  const decision = `monitor:${tokenOf(name)}=${tokenOf(outcome)}`;
  // A line of its own is for those who want lines of what isn't wrong.
  if (isLate && edge.config.settings.log === "all") trail.noteLate("scrub", decision);
  else trail.note("scrub", decision);
}

/** What is to be done with the answer of a visit that a rule only watched: it counts, and nobody is told. */
export function inSilence(due: Clean["dues"][number]): Clean["dues"][number] {
  return (answer) => ({ ...due({ ...answer, fields: answer.fields.copy() }), fields: answer.fields });
}

interface Monitored {
  readonly name: string;
  readonly outcome: string;
  /** The visit didn't wait for it. */
  readonly isLate?: boolean;
}
