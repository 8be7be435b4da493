/** Door of the scrub room: what should not reach cache or origin ends here. */
import { refuse, type Answer } from "../answer.ts";
import type { Settings } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import type { PathFlaw } from "../http/path.ts";
import { isAmbiguous } from "../http/path-readings.ts";
import type { TallyRow } from "../tally.ts";
import { tokenOf } from "../trail.ts";
import { answered, go, type Clean, type Identified, type Sited, type Step, type Who } from "../visit.ts";
import { nameOf, type Named } from "./bots/name.ts";
import { imposeSite } from "./bots/site.ts";
import { createScore, spelled } from "./bots/score.ts";
import { verify, type Verdict } from "./bots/verify/verify.ts";
import { clearanceCookie } from "./challenge/clearance.ts";
import { fieldFlaw } from "./fields.ts";
import { overLimit } from "./limits.ts";
import { refuseMethod } from "./method.ts";
import { passOn } from "./passed.ts";
import { applyRules, recogniseRules, type Ruled } from "./rules.ts";

export { clear } from "./challenge/clear.ts";

/**
 * The method, limits, then the fields and the path, then the rules, then the site's policies for bots. All rules are asked here, once, about the
 * request as it arrived; later rooms
 * act on their own part of those that apply. So a `block` comes before every redirect, wherever it is written.
 */
export async function scrub(visit: Sited, edge: Edge): Promise<Step<Clean>> {
  const malformed = refuseMethod(visit) ?? refuseMalformed(visit, edge.config.settings);
  if (malformed) return answered(malformed);
  const ruled: Ruled = { rules: [], passed: carriesClearance(visit) ? [{ cookies: [clearanceCookie] }] : [] };
  const clean: Clean = { ...(await identify(visit, edge)), rules: ruled.rules };
  const refusal = (await applyRules(clean, edge, ruled)) ?? (await imposeSite(clean, edge));
  if (clean.score.wasAsked()) visit.trail.note("scrub", spelled(clean.score, clean.proof));
  if (refusal) return answered(refusal);
  visit.trail.note("scrub", summary(clean));
  return go(passOn(clean, ruled.passed));
}

/** What rules and policies have done in this isolate. */
export function reportRules({ tally }: Edge): readonly TallyRow[] {
  return tally.rows();
}

/** What comes of a visit that was let in, as far as it counts for those that come after it. */
export function settle(_visit: Clean, answer: Answer, _edge: Edge): Answer {
  return answer;
}

/** What a client has that passed a challenge is for the edge alone. */
function carriesClearance({ fields }: Sited): boolean {
  return fields.get("cookie")?.includes(`${clearanceCookie}=`) ?? false;
}

/**
 * The same visit at a shield: it was let in at its location, where it was also found out who it is, so that only which rules
 * apply is asked again.
 */
export function recognise(visit: Sited, who: Who, edge: Edge): Clean {
  const identified = { ...visit, ...who, score: createScore({ ...visit, ...who }) };
  return { ...identified, rules: recogniseRules(identified, edge) };
}

/** Who it is: at once, unless a signature has to be looked at. */
function identify(visit: Sited, edge: Edge): Identified | Promise<Identified> {
  const { bots: table } = edge.config;
  const named = nameOf(visit.fields.get("user-agent"), { table, remember: edge.remember });
  const verdict = verify(visit, named.bot, edge);
  const toIdentified = ({ proof, by, bot = named.bot }: Verdict): Identified => {
    if (by !== undefined) visit.trail.note("scrub", `${proof}:${by}`);
    const known: Named = bot === named.bot ? named : { bot, kind: table.find(bot)?.kind ?? "unknown" };
    return { ...visit, ...known, proof, score: createScore({ ...visit, ...known }) };
  };
  return verdict instanceof Promise ? verdict.then(toIdentified) : toIdentified(verdict);
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

/** "clean", and what was found out on the way: "clean;bot=gptbot;kind=ai-training;rules=static,hide-admin". */
function summary({ bot, kind, rules }: Clean): string {
  const found = bot === "" ? "clean" : `clean;bot=${bot};kind=${kind}`;
  return rules.length === 0 ? found : `${found};rules=${rules.map(({ name }) => tokenOf(name)).join(",")}`;
}
