/** Door of the scrub room: what should not reach cache or origin ends here. */
import { refuse } from "../answer.ts";
import type { Rule } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { pathFlaw } from "../http/path.ts";
import { tokenOf } from "../trail.ts";
import { answered, go, type Clean, type Sited, type Step } from "../visit.ts";
import { botOf } from "./bots.ts";
import { overLimit } from "./limits.ts";
import { applyRules } from "./rules.ts";

/**
 * Limits, then the path, then the rules. All rules are asked here, once, about the request as it arrived; later rooms
 * act on their own part of those that apply. So a `block` comes before every redirect, wherever it is written.
 */
export async function scrub(visit: Sited, edge: Edge): Promise<Step<Clean>> {
  const limit = overLimit(visit, edge.config.settings.limits);
  if (limit) {
    visit.trail.note("scrub", limit);
    return answered(refuse(limit));
  }
  const flaw = pathFlaw(visit.url.pathname);
  if (flaw) {
    visit.trail.note("scrub", `bad-path:${flaw}`);
    return answered(refuse("bad-path"));
  }
  const rules: Rule[] = [];
  const clean: Clean = { ...visit, bot: botOf(visit.fields.get("user-agent"), edge.remember), rules };
  const refusal = await applyRules(clean, edge, rules);
  if (refusal) return answered(refusal);
  visit.trail.note("scrub", summary(clean));
  return go(clean);
}

/** "clean", and what was found out on the way: "clean;bot=gptbot;rules=static,hide-admin". */
function summary({ bot, rules }: Clean): string {
  const found = bot === "" ? "clean" : `clean;bot=${bot}`;
  return rules.length === 0 ? found : `${found};rules=${rules.map(({ name }) => tokenOf(name)).join(",")}`;
}
