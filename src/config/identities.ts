/**
 * Who bots can be shown to be: what those who run them publish of them, as of autumn 2026. By the bot's name; a config may add to
 * it, or say otherwise.
 */
export interface Identity {
  /** Hosts whose keys sign its requests (Web Bot Auth). */
  readonly agents?: readonly string[];
  /** What the names of its addresses end with, at a dot. */
  readonly dns?: readonly string[];
  /** URLs of its address ranges, as JSON or a text. */
  readonly ranges?: readonly string[];
}

const google = { dns: ["googlebot.com", "google.com"] };
const googleRanges = "https://developers.google.com/static/search/apis/ipranges";
const openai = (file: string): Identity => ({ ranges: [`https://openai.com/${file}.json`] });
const yandex: Identity = { dns: ["yandex.ru", "yandex.net", "yandex.com"] };

export const identities: Readonly<Record<string, Identity>> = {
  // search engines
  googlebot: { ...google, ranges: [`${googleRanges}/googlebot.json`] },
  "googlebot-image": { ...google, ranges: [`${googleRanges}/googlebot.json`] },
  googleother: { ...google, ranges: [`${googleRanges}/googlebot.json`] },
  "google-inspectiontool": { ...google, ranges: [`${googleRanges}/googlebot.json`] },
  "storebot-google": { ...google, ranges: [`${googleRanges}/googlebot.json`] },
  "adsbot-google": { ...google, ranges: [`${googleRanges}/special-crawlers.json`] },
  "mediapartners-google": { ...google, ranges: [`${googleRanges}/special-crawlers.json`] },
  bingbot: { dns: ["search.msn.com"], ranges: ["https://www.bing.com/toolbox/bingbot.json"] },
  applebot: { dns: ["applebot.apple.com"], ranges: ["https://search.developer.apple.com/applebot.json"] },
  duckduckbot: { ranges: ["https://duckduckgo.com/duckduckbot.json"] },
  yandexbot: yandex,
  yandeximages: yandex,
  baiduspider: { dns: ["baidu.com", "baidu.jp"] },
  petalbot: { dns: ["petalsearch.com"] },
  seznambot: { dns: ["seznam.cz"] },
  slurp: { dns: ["crawl.yahoo.net"] },
  qwantbot: { dns: ["qwant.com"] },
  mojeekbot: { dns: ["mojeek.com"] },
  coccocbot: { dns: ["coccoc.com"] },
  yeti: { dns: ["naver.com"] },
  // models and assistants
  gptbot: openai("gptbot"),
  "oai-searchbot": openai("searchbot"),
  "chatgpt-user": openai("chatgpt-user"),
  "chatgpt-agent": { agents: ["chatgpt.com"] },
  "google-agent": { agents: ["agent.bot.goog"] },
  perplexitybot: { ranges: ["https://www.perplexity.com/perplexitybot.json"] },
  "perplexity-user": { ranges: ["https://www.perplexity.com/perplexity-user.json"] },
  duckassistbot: { ranges: ["https://duckduckgo.com/duckassistbot.json"] },
  amazonbot: { dns: ["crawl.amazonbot.amazon"] },
  ccbot: { dns: ["crawl.commoncrawl.org"], ranges: ["https://index.commoncrawl.org/ccbot.json"] },
  // tools of those who look after sites
  ahrefsbot: { dns: ["ahrefs.com", "ahrefs.net"] },
  semrushbot: { dns: ["semrush.com"] },
};
