import { createBotTable } from "../bots/table.ts";

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
const googleRanges = "https://developers.google.com/static/crawling/ipranges";
const googleCrawler: Identity = { ...google, ranges: [`${googleRanges}/googlebot.json`] };
/** For a purpose of its own, such as checking advertisements. */
const googleSpecial: Identity = { ...google, ranges: [`${googleRanges}/special-crawlers.json`] };
/** For a user of Google's. The names of its addresses may be those of anybody's programs there. */
const googleFetcher: Identity = {
  ranges: [`${googleRanges}/user-triggered-fetchers.json`, `${googleRanges}/user-triggered-fetchers-google.json`],
};
/** The published ranges are of bingbot alone. */
const bing: Identity = { dns: ["search.msn.com"] };
const openai = (file: string): Identity => ({ ranges: [`https://openai.com/${file}.json`] });
const yahoo: Identity = { dns: ["crawl.yahoo.net"] };
const yandex: Identity = { dns: ["yandex.ru", "yandex.net", "yandex.com"] };

export const identities: Readonly<Record<string, Identity>> = {
  // search engines
  googlebot: googleCrawler,
  googleother: googleCrawler,
  "google-cloudvertexbot": googleCrawler,
  "google-inspectiontool": googleCrawler,
  "storebot-google": googleCrawler,
  "adsbot-google": googleSpecial,
  "adsbot-google-mobile": googleSpecial,
  "apis-google": googleSpecial,
  "duplexweb-google": google,
  "google-safety": googleSpecial,
  "mediapartners-google": googleSpecial,
  "google-site-verification": googleFetcher,
  bingbot: { ...bing, ranges: ["https://www.bing.com/toolbox/bingbot.json"] },
  adidxbot: bing,
  bingpreview: bing,
  bingvideopreview: bing,
  microsoftpreview: bing,
  msnbot: bing,
  applebot: { dns: ["applebot.apple.com"], ranges: ["https://search.developer.apple.com/applebot.json"] },
  duckduckbot: { ranges: ["https://duckduckgo.com/duckduckbot.json"] },
  yandexbot: yandex,
  yandeximages: yandex,
  baiduspider: { dns: ["baidu.com", "baidu.jp"] },
  petalbot: { dns: ["petalsearch.com"] },
  seznambot: { dns: ["seznam.cz"] },
  slurp: yahoo,
  "yahoo-slurp": yahoo,
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

/** The table of a config that says nothing of bots. */
export const defaultBots = createBotTable({}, new Set(Object.keys(identities)));
