import fc from "fast-check";
import { expect, test } from "vitest";
import { createMemo } from "../../../src/platform/memory/memo.ts";
import { defaultBots } from "../../../src/config/identities.ts";
import { nameOf } from "../../../src/scrub/bots/name.ts";

/** Nothing is remembered. */
const forget = (_key: string, make: () => string): string => make();

const table = defaultBots;

function botOf(agent: string | undefined, remember: typeof forget): string {
  return nameOf(agent, { table, remember }).bot;
}

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko";

const people: readonly string[] = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
  "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Linux; Android 10; CUBOT NOTE 20) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
];

test.each(people)("a person: %s", (agent) => {
  expect(botOf(agent, forget)).toBe("");
});

const bots: readonly [agent: string, name: string][] = [
  [`Mozilla/5.0 ${webkit}; compatible; GPTBot/1.2; +https://openai.com/gptbot)`, "gptbot"],
  [`Mozilla/5.0 ${webkit}; compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot)`, "oai-searchbot"],
  [`Mozilla/5.0 ${webkit}; compatible; ChatGPT-User/1.0; +https://openai.com/bot)`, "chatgpt-user"],
  [`Mozilla/5.0 ${webkit}; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)`, "claudebot"],
  [`Mozilla/5.0 ${webkit}; compatible; Claude-User/1.0; +Claude-User@anthropic.com)`, "claude-user"],
  [`Mozilla/5.0 ${webkit}; compatible; Claude-SearchBot/1.0; +Claude-SearchBot@anthropic.com)`, "claude-searchbot"],
  ["anthropic-ai", "anthropic-ai"],
  [`Mozilla/5.0 ${webkit}; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)`, "perplexitybot"],
  [
    `Mozilla/5.0 ${webkit}; compatible; Perplexity-User/1.0; +https://perplexity.ai/perplexity-user)`,
    "perplexity-user",
  ],
  ["Google-Extended", "google-extended"],
  ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "googlebot"],
  ["Googlebot-Image/1.0", "googlebot"],
  [
    `Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) ${webkit}) Chrome/126.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
    "googlebot",
  ],
  [
    `Mozilla/5.0 ${webkit}; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/126.0.0.0 Safari/537.36`,
    "bingbot",
  ],
  [
    "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)",
    "bytespider",
  ],
  ["CCBot/2.0 (https://commoncrawl.org/faq/)", "ccbot"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Amazonbot/0.1; +https://developer.amazon.com/support/amazonbot)",
    "amazonbot",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "applebot",
  ],
  ["Mozilla/5.0 (compatible; Applebot-Extended/0.1)", "applebot-extended"],
  ["meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", "meta-externalagent"],
  [
    "Mozilla/5.0 (compatible; FacebookBot/1.0; +https://developers.facebook.com/docs/sharing/webmasters/facebookbot/)",
    "facebookbot",
  ],
  ["DuckAssistBot/1.2; (+http://duckduckgo.com/duckassistbot.html)", "duckassistbot"],
  ["DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)", "duckduckbot"],
  [`Mozilla/5.0 ${webkit}; compatible; MistralAI-User/1.0; +https://docs.mistral.ai/robots)`, "mistralai-user"],
  ["cohere-ai", "cohere-ai"],
  [`Mozilla/5.0 ${webkit}; compatible; YouBot (+http://www.you.com)`, "youbot"],
  [
    "Mozilla/5.0 (Windows; U; Windows NT 5.1; en-US; rv:1.9.1.2) Gecko/20090729 Firefox/3.5.2 (.NET CLR 3.5.30729; Diffbot/0.1)",
    "diffbot",
  ],
  ["Timpibot/0.8 (+http://www.timpi.io)", "timpibot"],
  ["Mozilla/5.0 (compatible; ImagesiftBot; +imagesift.com)", "imagesiftbot"],
  ["omgili/0.5 +http://omgili.com", "omgili"],
  [
    "Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot)",
    "petalbot",
  ],
  ["Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", "yandexbot"],
  ["Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "baiduspider"],
  // not in our table: named by what they call themselves
  ["curl/8.5.0", "curl"],
  ["Wget/1.21.4", "wget"],
  ["python-requests/2.31.0", "python-requests"],
  ["Go-http-client/1.1", "go-http-client"],
  ["okhttp/4.9", "okhttp"],
  ["node", "node"],
  ["Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)", "semrushbot"],
  ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "slackbot-linkexpanding"],
  ["facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "facebookexternalhit"],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
    "headlesschrome",
  ],
  [`Mozilla/5.0 (Linux; x86_64) ${webkit}) Chrome/126.0.0.0 Safari/537.36 (SomeNewCrawler/3.1)`, "somenewcrawler"],
  // a bot, but which?
  ["Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; +http://a.example)", "unknown"],
  ["Mozilla/5.0", "unknown"],
  ["-", "unknown"],
  ["bot", "unknown"],
  ['"', "unknown"],
  ["' or 1=1--", "unknown"],
  ["${jndi:ldap://x}", "unknown"],
  // nor known to anybody, but by the name that it gives
  ["acme-sync/2.1 (linux; x64)", "acme-sync"],
  ["claude-cli/2.0.1 (external, cli)", "claude-cli"],
  ["harvest/1.0 (by me)", "harvest"],
  ["C# App", "c"],
  ["() { :; }; /bin/true", "unknown"],
];

test.each(bots)("a bot: %s → %s", (agent, name) => {
  expect(botOf(agent, forget)).toBe(name);
});

test("a request without a User-Agent is no browser's", () => {
  expect(botOf(undefined, forget)).toBe("unknown");
  expect(botOf("", forget)).toBe("unknown");
});

test("an agent seen before is looked up and not examined again", () => {
  const memo = createMemo<string>(10);
  const made: string[] = [];
  const remember = (key: string, make: () => string): string => memo(key, () => (made.push(key), make()));
  expect([1, 2, 3].map(() => botOf("curl/8.5.0", remember))).toEqual(["curl", "curl", "curl"]);
  expect(made).toHaveLength(1);
});

test("an agent longer than any browser's is no person's and not remembered, and only its beginning is read", () => {
  const remembered: string[] = [];
  const remember = (key: string, make: () => string): string => (remembered.push(key), make());
  expect(botOf(`Mozilla/5.0 (compatible; GPTBot/1.2) ${"x".repeat(30_000)}`, remember)).toBe("gptbot");
  const person = people[0]!;
  expect(botOf(person.padEnd(512), remember)).toBe("");
  remembered.length = 0;
  for (const long of [person.padEnd(513), `${person.padEnd(600)}Googlebot/2.1`]) {
    expect(nameOf(long, { table, remember })).toEqual({ bot: "unknown", kind: "unknown" });
  }
  expect(remembered).toEqual([]);
});

test("whatever the agent says, its name can stand on a trail", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ maxLength: 2000 }).map((text) => `bot ${text}`),
  );
  fc.assert(
    fc.property(anything, (agent) => {
      expect(botOf(agent, forget)).toMatch(/^[a-z0-9._-]{0,64}$/);
    }),
    { numRuns: 500 },
  );
});
