/** Door of challenges: who looks like a machine shows that it is a browser, with somebody behind it or not. */
import { refuse, type Answer } from "../../answer.ts";
import type { Rule } from "../../config/model.ts";
import type { Edge } from "../../edge.ts";
import { preferredLanguage } from "../../http/accept.ts";
import { tokenOf } from "../../trail.ts";
import type { Identified, Sited } from "../../visit.ts";
import { isCleared } from "./clearance.ts";
import { policyOf, renderPage } from "./page.ts";
import { isSpared, takesPage } from "./spared.ts";
import { giveToken } from "./waiting.ts";
import { words } from "./words.ts";
import { giveWork } from "./work.ts";

/** Challenges where a rule says so. */
export function challengeByRule(
  visit: Identified,
  { name, challenge: wanted }: Rule,
  edge: Edge,
): Promise<Answer | undefined> | undefined {
  return wanted && challenge(visit, edge, name);
}

/**
 * The page that asks for work; undefined when the visit may go on: its client passed one lately, or is spared.
 * Without a key nobody can be asked, and everybody goes on; the trail says so.
 * @param because for the trail, such as the rule's name.
 */
export async function challenge(visit: Identified, edge: Edge, because: string): Promise<Answer | undefined> {
  const note = (what: string): undefined => {
    visit.trail.note("scrub", `${what}:${tokenOf(because)}`);
    return undefined;
  };
  if (isSpared(visit, edge.config.settings.challenge.spare)) return note("spared");
  if (await isCleared(visit, edge)) return note("cleared");
  const answer = await ask(visit, edge, toOf(visit));
  if (!answer) return note("no-key");
  note("challenged");
  return answer;
}

/** The page, or a line of text for who takes no page; undefined without a key. */
export async function ask(visit: Sited, edge: Edge, to: string): Promise<Answer | undefined> {
  const { challenge: how } = edge.config.settings;
  const [work, token] = [await giveWork(visit, edge), await giveToken(visit, edge)];
  if (!work || token === undefined) return undefined;
  const refusal = refuse("challenged");
  if (!takesPage(visit)) return refusal;
  const language = preferredLanguage(visit.fields.get("accept-language"), languages);
  refusal.fields
    .set("content-type", "text/html;charset=utf-8")
    .set("content-language", language)
    .set("content-security-policy", await policyOf(how.turnstile !== undefined))
    .set("referrer-policy", "same-origin")
    .set("x-content-type-options", "nosniff");
  const wait = Math.ceil(how.wait / 1000);
  const asked = { language, words: words[language]!, work, token, wait, to, turnstile: how.turnstile, visit: visit.id };
  return { ...refusal, body: renderPage(asked) };
}

const languages = Object.keys(words);

/** Where the client goes on: to what it asked for, if that can be asked for again, else to the page that it came from. */
function toOf({ method, url, fields }: Identified): string {
  if (method === "GET" || method === "HEAD") return url.pathname + url.search;
  const from = URL.parse(fields.get("referer") ?? "");
  return from?.origin === url.origin ? from.pathname + from.search : "/";
}
