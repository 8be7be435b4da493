/** Rules that refuse. */
import { refuse, type Answer } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import { tokenOf } from "../trail.ts";
import type { Identified } from "../visit.ts";

/** What is said for a status that would make "Access denied." untrue, or give away that there is something to hide. */
const words: Readonly<Record<number, string>> = {
  404: "Not found.\n",
  410: "Gone.\n",
  429: "Too many requests.\n",
  451: "Not available here, for legal reasons.\n",
  503: "Not available at the moment.\n",
};

/** Refuses what a rule blocks. */
export function block(visit: Identified, { name, block: blocked }: Rule): Answer | undefined {
  if (!blocked) return undefined;
  const { status, body } = blocked;
  visit.trail.note("scrub", `blocked-by-rule:${tokenOf(name)}`);
  const refusal = refuse("blocked-by-rule");
  return { ...refusal, status, body: body ?? words[status] ?? refusal.body };
}
