/** Which bot a request says it is from. What the User-Agent says is a claim, not a proof: anybody can write it. */
import { isbot, isbotMatch } from "isbot";
import type { Edge } from "../../edge.ts";
import { crawler, longestName, nobody, unnamed } from "../../http/bot-name.ts";

/** The first product of an agent that doesn't pretend to be a browser, or what one that does is `compatible` with. */
const product = /^(?!mozilla\b)[a-z][\w.-]*|(?<=compatible; ?)(?!msie\b)[a-z][\w.-]*/;

/** No browser's is longer. What comes after is not looked at, and a longer one is not worth remembering. */
const longestAgent = 512;

/**
 * The bot's name, a lower-case token such as "gptbot" or "curl"; "" for what looks like a person's browser; "unknown"
 * for a bot without a name or a request without a User-Agent. Costs a look-up for an agent seen before.
 */
export function botOf(agent: string | undefined, remember: Edge["remember"]): string {
  if (!agent) return unnamed;
  if (agent.length > longestAgent) return nameBot(agent.slice(0, longestAgent));
  return remember(`bot ${agent}`, () => nameBot(agent));
}

function nameBot(agent: string): string {
  const said = agent.toLowerCase();
  const known = crawler.exec(said);
  if (known) return known[0];
  if (!isbot(said)) return "";
  const name = product.exec(said)?.[0] ?? wordAround(said, isbotMatch(said) ?? "");
  return /^[a-z0-9]/.test(name) && !nobody.has(name) ? name.slice(0, longestName) : unnamed;
}

/** The whole word in which a pattern was found: "headlesschrome" for "headless". */
function wordAround(said: string, match: string): string {
  const at = said.indexOf(match);
  const before = /[\w.-]*$/.exec(said.slice(0, at))![0];
  const after = /^[\w.-]*/.exec(said.slice(at))![0];
  return before + after;
}
