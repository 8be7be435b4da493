/** On what of a visit it depends which rules change the answer to it. */
import type { Rule } from "../config/model.ts";
import type { Enrolled, Varying } from "../visit.ts";

/** Whether a rule changes the answer, whatever that is. */
const changing: readonly ((rule: Rule) => boolean)[] = [
  ({ headers }) => headers !== undefined && Object.values(headers.response).some((edits) => edits.length > 0),
  ({ status, cookies, security, preload, rewrite }) =>
    [status, cookies, security, preload, rewrite].some((each) => each !== undefined),
];

/** Of all rules, also of those that don't apply: for another visit to the same URL they may. */
export function varyingOf(visit: Enrolled, rules: readonly Rule[]): readonly Varying[] {
  return rules.flatMap((rule) => {
    const { when, monitor, shapes = [] } = rule;
    const isAny = changing.some((does) => does(rule));
    if (monitor || !when.reads || (!isAny && shapes.length === 0)) return [];
    const reads = when.reads(visit);
    return reads ? [{ ...reads, of: isAny ? "any" : shapes }] : [];
  });
}
