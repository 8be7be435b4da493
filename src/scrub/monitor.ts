/** What only watches: what it would have done is noted and counted, and nothing happens. */
import type { Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { nothing } from "../tally.ts";
import { tokenOf, Trail } from "../trail.ts";
import type { Identified } from "../visit.ts";

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
  "security",
  "compress",
] as const satisfies readonly (keyof Rule)[];

/** What a rule that applies comes to: the reason of its refusal, or the actions that it hands on. */
export function outcomeOf(rule: Rule, refusal: Answer | undefined): string {
  if (refusal) return refusal.because ?? nothing;
  const done = actions.filter((action) => rule[action] !== undefined);
  return done.length === 0 ? nothing : done.join("+");
}

/** On the trail: "monitor:NAME=blocked-by-rule". */
export function noteMonitored(visit: Identified, edge: Edge, { name, outcome }: Monitored): void {
  edge.tally.count(name, "would", outcome);
  visit.trail.note("scrub", `monitor:${tokenOf(name)}=${tokenOf(outcome)}`);
}

interface Monitored {
  readonly name: string;
  readonly outcome: string;
}
