/** Which bot a request says it is from. What the User-Agent says is a claim, not a proof: anybody can write it. */
import { isbot, isbotMatch } from "isbot";
import { isBrowserlike, isShortBrowser, withoutDevice } from "../../bots/browsers.ts";
import type { Kind } from "../../bots/kinds.ts";
import { longestName, nobody, unnamed } from "../../bots/name.ts";
import type { BotTable } from "../../bots/table.ts";
import type { Edge } from "../../edge.ts";

/** The first product of an agent that doesn't pretend to be a browser, or what one that does is `compatible` with. */
const product = /^(?!mozilla\b)[a-z][\w.-]*|(?<=compatible; ?)(?!msie\b)[a-z][\w.-]*/;

/** No browser's is longer, and so no person's. What comes after is not looked at, and a longer one is not worth remembering. */
const longestAgent = 512;

/** Who a request says it is from. */
export interface Named {
  /** A lower-case token such as "gptbot" or "curl"; "" for what looks like a person's browser, "unknown" for a bot without a name. */
  readonly bot: string;
  readonly kind: Kind;
}

/** What has to be known of the edge. */
interface Knowing {
  readonly table: BotTable;
  readonly remember: Edge["remember"];
}

/** Without a User-Agent it is a bot's. Costs a look-up for an agent seen before. */
export function nameOf(agent: string | undefined, { table, remember }: Knowing): Named {
  if (!agent) return { bot: unnamed, kind: "unknown" };
  if (agent.length > longestAgent) return examine(agent, table);
  const known = remember(`bot ${agent}`, () => written(examine(agent, table)));
  const space = known.indexOf(" ");
  return { kind: known.slice(0, space) as Kind, bot: known.slice(space + 1) };
}

/** To be remembered, as one text. */
function written({ bot, kind }: Named): string {
  return `${kind} ${bot}`;
}

/** By the table; a bot that isn't in it has the name that it gives itself, and a kind where that name tells one. */
function examine(agent: string, table: BotTable): Named {
  const said = agent.slice(0, longestAgent).toLowerCase();
  const known = table.find(said);
  if (known) return { bot: known.name.slice(0, longestName), kind: known.kind };
  const heard = withoutDevice(said);
  const isPerson = isShortBrowser(said) || (isBrowserlike(said) && !isbot(heard));
  if (isPerson && agent.length <= longestAgent) return { bot: "", kind: "person" };
  const bot = selfGiven(heard);
  return { bot, kind: telling.find(([, words]) => words.test(bot))?.[0] ?? "unknown" };
}

/** Words in the names of bots that say what these do. */
const telling: readonly (readonly [kind: Kind, words: RegExp])[] = [
  ["feed", /feed|rss|podcast|news-?reader/],
  ["preview", /preview|unfurl|embed|favicon|thumb/],
  ["monitor", /monitor|uptime|health-?check|pingdom|status|seo|audit|valid|link-?check/],
  ["scanner", /scan|vuln|pentest|recon/],
  ["tool", /http-?client|headless|php-?curl|download/],
];

function selfGiven(said: string): string {
  const name = product.exec(said)?.[0] ?? wordAround(said, isbotMatch(said) ?? "");
  return /^[a-z0-9]/.test(name) && !nobody.has(name) ? name.slice(0, longestName) : unnamed;
}

/** The whole word in which a pattern was found: "headlesschrome" for "headless". */
function wordAround(said: string, match: string): string {
  const at = said.indexOf(match);
  let [start, end] = [at, at];
  while (start > 0 && inWord.test(said[start - 1]!)) start--;
  while (end < said.length && inWord.test(said[end]!)) end++;
  return said.slice(start, end);
}

const inWord = /[\w.-]/;
