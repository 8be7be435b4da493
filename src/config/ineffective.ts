/** What rules say that does nothing, and harms nothing: noted. */
import { hidden } from "../http/hidden.ts";
import type { Settings } from "./model.ts";
import type { Problem } from "./problem.ts";
import { show } from "./read.ts";
import type { Placed } from "./residency.ts";

/** With what the settings say. */
export function findIneffective(rules: readonly Placed[], settings: Settings): Problem[] {
  return [...findUnresized(rules, settings), ...findNameless(rules)];
}

/** Rules whose images come as they are. */
function findUnresized(rules: readonly Placed[], { images }: Settings): Problem[] {
  if (images) return [];
  const says = "Images come as they are: SETTINGS.images doesn't say that the platform resizes them.";
  return rules.flatMap(({ at, rule }) => (rule.image ? [{ at: `${at}.image`, says }] : []));
}

/** Fields of answers that get another name, and are taken off before; unless a rule puts one there. */
function findNameless(rules: readonly Placed[]): Problem[] {
  const edits = rules.flatMap(({ at, rule: { headers } }) => (headers ? [{ at, ...headers.response }] : []));
  const made = new Set(edits.flatMap(({ set, add }) => [...set, ...add].map(([name]) => name)));
  return edits.flatMap(({ at, rename = [] }) =>
    rename.flatMap(([from]) => {
      if (!hidden.has(from) || made.has(from)) return [];
      const says = `It does nothing: ${show(from)} tells who the origin is, and is taken off before.`;
      return [{ at: `${at}.headers.response.rename`, says }];
    }),
  );
}
