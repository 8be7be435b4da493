/** What bots are called: the names that `client.bot` has. */
import { entriesOf, knownBots, knownTokens, nameOf } from "./table.ts";

/** A bot that gives no name, and a request without any User-Agent, which no browser sends. */
export const unnamed = "unknown";

/** Words that look like a bot's and name nobody. */
export const nobody: ReadonlySet<string> = new Set([
  "mozilla",
  "http",
  "https",
  "compatible",
  "bot",
  "crawler",
  "spider",
]);

/** Of a bot: it goes into the log, on the trail, and perhaps into a cache key. */
export const longestName = 64;

/** Of all that the edge knows without being told. */
export const knownNames: readonly string[] = entriesOf(knownTokens).map(([, token]) => nameOf(token));

/** Whether there could be a bot that is called so: in lower case, and not by a longer name of one that is known. */
export function isBotName(name: string): boolean {
  const isOne = /^[a-z0-9][ -@[-~]*$/.test(name) && name.length <= longestName && !nobody.has(name);
  return isOne && (knownNames.includes(name) || (knownBots.find(name)?.name ?? name) === name);
}
