/** What bots are called: the names that `client.bot` has. */

/** A bot that gives no name, and a request without any User-Agent, which no browser sends. */
export const unnamed = "unknown";

/**
 * Product tokens of the crawlers that rules most often speak of: here so that their names stay the same whatever else
 * their User-Agent says, and because isbot doesn't find all of them. Every other bot gets its name from what else it says.
 * Of two that begin alike, the longer stands first.
 */
export const crawlers: readonly string[] = [
  // gather text and images to train models
  "gptbot",
  "claudebot",
  "anthropic-ai",
  "claude-web",
  "google-extended",
  "google-cloudvertexbot",
  "applebot-extended",
  "meta-externalagent",
  "facebookbot",
  "bytespider",
  "tiktokspider",
  "ccbot",
  "amazonbot",
  "cohere-ai",
  "cohere-training-data-crawler",
  "ai2bot",
  "diffbot",
  "imagesiftbot",
  "omgilibot",
  "omgili",
  "webzio-extended",
  "timpibot",
  "pangubot",
  "icc-crawler",
  // fetch for an assistant's index, or because its user asked just now
  "oai-searchbot",
  "chatgpt-user",
  "claude-searchbot",
  "claude-user",
  "perplexitybot",
  "perplexity-user",
  "mistralai-user",
  "duckassistbot",
  "meta-externalfetcher",
  "google-notebooklm",
  "amzn-searchbot",
  "youbot",
  "iaskspider",
  // index for a search engine
  "googlebot",
  "googleother",
  "google-inspectiontool",
  "adsbot-google",
  "storebot-google",
  "bingbot",
  "bingpreview",
  "applebot",
  "duckduckbot",
  "yandexbot",
  "baiduspider",
  "petalbot",
  "yisouspider",
  "seznambot",
  "qwantbot",
  "mojeekbot",
  "coccocbot",
];

/** Finds one of them in an agent, in lower case. */
export const crawler = new RegExp(`\\b(?:${crawlers.join("|")})\\b`);

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

/** Whether there could be a bot that is called so: in lower case, and not by a longer name of a crawler that is known. */
export function isBotName(name: string): boolean {
  const isOne = /^[a-z0-9][ -@[-~]*$/.test(name) && name.length <= longestName && !nobody.has(name);
  return isOne && (crawler.exec(name)?.[0] ?? name) === name;
}
