/** Door of the scrub room: what should not reach cache or origin ends here. */
import { refuse, type Answer } from "../answer.ts";
import type { Rule, Settings } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import type { PathFlaw } from "../http/path.ts";
import { isAmbiguous } from "../http/path-readings.ts";
import { tokenOf } from "../trail.ts";
import { answered, go, type Clean, type Identified, type Sited, type Step } from "../visit.ts";
import { botOf } from "./bots/name.ts";
import { fieldFlaw } from "./fields.ts";
import { overLimit } from "./limits.ts";
import { refuseMethod } from "./method.ts";
import { applies, readingsOf } from "./readings.ts";
import { applyRules } from "./rules.ts";

/**
 * The method, limits, then the fields and the path, then the rules. All rules are asked here, once, about the request as it arrived; later rooms
 * act on their own part of those that apply. So a `block` comes before every redirect, wherever it is written.
 */
export async function scrub(visit: Sited, edge: Edge): Promise<Step<Clean>> {
  const malformed = refuseMethod(visit) ?? refuseMalformed(visit, edge.config.settings);
  if (malformed) return answered(malformed);
  const rules: Rule[] = [];
  const clean: Clean = { ...identify(visit, edge), rules };
  const refusal = await applyRules(clean, edge, rules);
  if (refusal) return answered(refusal);
  visit.trail.note("scrub", summary(clean));
  return go(clean);
}

/** What comes of a visit that was let in, as far as it counts for those that come after it. */
export function settle(_visit: Clean, answer: Answer, _edge: Edge): Answer {
  return answer;
}

/**
 * The same visit at a shield: it was let in at its location, so that only what later rooms need is found out again, which
 * bot it is of and which rules apply.
 */
export function recognise(visit: Sited, edge: Edge): Clean {
  const identified = identify(visit, edge);
  const readings = readingsOf(identified);
  return { ...identified, rules: edge.config.rules.filter((rule) => applies(rule, readings)) };
}

/** Who it is, as far as that is known at once. */
function identify(visit: Sited, edge: Edge): Identified {
  const bot = botOf(visit.fields.get("user-agent"), edge.remember);
  return { ...visit, bot, proof: bot === "" ? "none" : "claimed" };
}

/** What is refused for its form, whatever the rules say. */
function refuseMalformed(visit: Sited, settings: Settings): Answer | undefined {
  const because = overLimit(visit, settings.limits) ?? fieldFlaw(visit, settings);
  if (because) {
    visit.trail.note("scrub", because);
    return refuse(because);
  }
  const flaw = flawOf(visit);
  if (!flaw) return undefined;
  visit.trail.note("scrub", `bad-path:${flaw}`);
  return refuse("bad-path");
}

/** What is wrong with the path for every site, or for one that takes only what all servers read alike. */
function flawOf({ url, site }: Sited): PathFlaw | "ambiguous" | undefined {
  return url.flaw ?? (site.paths === "strict" && isAmbiguous(url.pathname) ? "ambiguous" : undefined);
}

/** "clean", and what was found out on the way: "clean;bot=gptbot;rules=static,hide-admin". */
function summary({ bot, rules }: Clean): string {
  const found = bot === "" ? "clean" : `clean;bot=${bot}`;
  return rules.length === 0 ? found : `${found};rules=${rules.map(({ name }) => tokenOf(name)).join(",")}`;
}
