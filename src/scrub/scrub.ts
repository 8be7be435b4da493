/** Door of the scrub room: what should not reach cache or origin ends here. */
import { refuse, type Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { TallyRow } from "../tally.ts";
import { tokenOf } from "../trail.ts";
import { answered, go, type Clean, type Sited, type Step } from "../visit.ts";
import { spelled } from "./bots/score.ts";
import { imposeSite } from "./bots/site.ts";
import { clearanceCookie } from "./challenge/clearance.ts";
import { withPlainNames } from "./fields.ts";
import { redirectToHttps } from "./https.ts";
import { refuseMalformed } from "./malformed.ts";
import { passOn } from "./passed.ts";
import { noteMisdeed, refuseBanned } from "./rates/bans.ts";
import { isMisdeed } from "./rates/misdeed.ts";
import { applyRules, type Ruled } from "./rules.ts";
import { identify } from "./who.ts";

export { clear } from "./challenge/clear.ts";
export { recognise } from "./who.ts";

/**
 * The request's form, who it is and whether they are banned, then the rules, then the site's policies for bots. All rules are asked here, once,
 * about the request as it arrived; later rooms act on their own part of those that apply. So a `block` comes before every redirect, wherever it is
 * written.
 */
export async function scrub(arrived: Sited, edge: Edge): Promise<Step<Clean>> {
  const malformed = refuseMalformed(arrived, edge.config.settings);
  if (malformed) return answered(noted(arrived, malformed, edge));
  const visit = withPlainNames(arrived, edge.config.settings);
  const ruled: Ruled = { rules: [], passed: carriesClearance(visit) ? [{ cookies: [clearanceCookie] }] : [] };
  const clean: Clean = { ...(await identify(visit, edge)), rules: ruled.rules, dues: [] };
  const banned = refuseBanned(clean, edge);
  if (banned) return answered(banned);
  const moved = redirectToHttps(clean, edge.config.settings);
  if (moved) return answered(moved);
  const refusal = await refusalOf(clean, edge, ruled).catch((error: unknown) => {
    // A bug; but what was taken is given back.
    payDues(clean, refuse("edge-error"));
    throw error;
  });
  if (clean.score.wasAsked()) visit.trail.note("scrub", spelled(clean.score, clean.proof));
  if (refusal) return answered(payDues(clean, noted(clean, refusal, edge)));
  visit.trail.note("scrub", summary(clean));
  return go(passOn(clean, ruled.passed));
}

/** By the rules, and then by the site's policies for bots. */
async function refusalOf(visit: Clean, edge: Edge, ruled: Ruled): Promise<Answer | undefined> {
  return (await applyRules(visit, edge, ruled)) ?? imposeSite(visit, edge);
}

/** What rules and policies have done in this isolate. */
export function reportRules({ tally }: Edge): readonly TallyRow[] {
  return tally.rows();
}

/** What comes of a visit that was let in, as far as it counts for those that come after it. */
export function settle(visit: Clean, answer: Answer, edge: Edge): Answer {
  if (isMisdeed(visit, answer)) noteMisdeed(visit, answer.status, edge);
  return payDues(visit, answer);
}

/** The refusal, which may count against its client. */
function noted(visit: Sited, refusal: Answer, edge: Edge): Answer {
  if (isMisdeed(visit, refusal)) noteMisdeed(visit, "refused", edge);
  return refusal;
}

function payDues({ dues }: Clean, answer: Answer): Answer {
  return dues.reduce((paid, due) => due(paid), answer);
}

/** What a client has that passed a challenge is for the edge alone. */
function carriesClearance({ fields }: Sited): boolean {
  return fields.get("cookie")?.includes(`${clearanceCookie}=`) ?? false;
}

/** "clean", and what was found out on the way: "clean;bot=gptbot;kind=ai-training;rules=static,hide-admin". */
function summary({ bot, kind, rules }: Clean): string {
  const found = bot === "" ? "clean" : `clean;bot=${bot};kind=${kind}`;
  return rules.length === 0 ? found : `${found};rules=${rules.map(({ name }) => tokenOf(name)).join(",")}`;
}
