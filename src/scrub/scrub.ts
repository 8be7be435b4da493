/** Door of the scrub room: what should not reach cache or origin ends here. */
import { refuse, type Answer } from "../answer.ts";
import type { Rule, Settings } from "../config/model.ts";
import type { Edge } from "../edge.ts";
import { pathFlaw, writtenPath } from "../http/path.ts";
import { tokenOf } from "../trail.ts";
import { answered, go, type Clean, type Identified, type Sited, type Step } from "../visit.ts";
import { botOf } from "./bots/name.ts";
import { noteMisdeed, refuseBanned } from "./rates/bans.ts";
import { fieldFlaw } from "./fields.ts";
import { overLimit } from "./limits.ts";
import { applyRules } from "./rules.ts";

/**
 * Limits, then the fields and the path, then the rules. All rules are asked here, once, about the request as it arrived; later rooms
 * act on their own part of those that apply. So a `block` comes before every redirect, wherever it is written.
 */
export async function scrub(visit: Sited, edge: Edge): Promise<Step<Clean>> {
  const malformed = refuseMalformed(visit, edge.config.settings);
  if (malformed) return answered(noted(visit, malformed, edge));
  const rules: Rule[] = [];
  const clean: Clean = { ...identify(visit, edge), rules, dues: [] };
  const banned = refuseBanned(clean, edge);
  if (banned) return answered(banned);
  const refusal = await applyRules(clean, edge, rules).catch((error: unknown) => {
    // A bug; but what was taken is given back.
    payDues(clean, refuse("edge-error"));
    throw error;
  });
  if (refusal) return answered(payDues(clean, noted(clean, refusal, edge)));
  visit.trail.note("scrub", summary(clean));
  return go(clean);
}

/** What comes of a visit that was let in, as far as it counts for those that come after it. */
export function settle(visit: Clean, answer: Answer, edge: Edge): Answer {
  noteMisdeed(visit, answer.status, edge);
  return payDues(visit, answer);
}

/** The refusal, which counts against its client. */
function noted(visit: Sited, refusal: Answer, edge: Edge): Answer {
  noteMisdeed(visit, "refused", edge);
  return refusal;
}

function payDues({ dues }: Clean, answer: Answer): Answer {
  return dues.reduce((paid, due) => due(paid), answer);
}

/**
 * The same visit at a shield: it was let in at its location, so that only what later rooms need is found out again, which
 * bot it is of and which rules apply.
 */
export function recognise(visit: Sited, edge: Edge): Clean {
  const identified = identify(visit, edge);
  return { ...identified, dues: [], rules: edge.config.rules.filter(({ when }) => when(identified)) };
}

/** Who it is, as far as that is known at once. */
function identify(visit: Sited, edge: Edge): Identified {
  const bot = botOf(visit.fields.get("user-agent"), edge.remember);
  return { ...visit, bot, proof: bot === "" ? "none" : "claimed" };
}

/** What is refused for its form, whatever the rules say. */
function refuseMalformed(visit: Sited, settings: Settings): Answer | undefined {
  if (echoing.has(visit.method)) {
    visit.trail.note("scrub", "method-not-allowed");
    return refuse("method-not-allowed", { allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" });
  }
  const because = overLimit(visit, settings.limits) ?? fieldFlaw(visit, settings);
  if (because) {
    visit.trail.note("scrub", because);
    return refuse(because);
  }
  const flaw = pathFlaw(writtenPath(visit.request.url));
  if (!flaw) return undefined;
  visit.trail.note("scrub", `bad-path:${flaw}`);
  return refuse("bad-path");
}

/** They show the client what the origin got, its Host and what the edge added among it (RFC 9110 §9.3.8). */
const echoing: ReadonlySet<string> = new Set(["TRACE", "TRACK"]);

/** "clean", and what was found out on the way: "clean;bot=gptbot;rules=static,hide-admin". */
function summary({ bot, rules }: Clean): string {
  const found = bot === "" ? "clean" : `clean;bot=${bot}`;
  return rules.length === 0 ? found : `${found};rules=${rules.map(({ name }) => tokenOf(name)).join(",")}`;
}
