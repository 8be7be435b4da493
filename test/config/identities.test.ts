/** Who bots can be shown to be, by names that they get. */
import { describe, expect, test } from "vitest";
import { entriesOf, knownTokens, nameOf as nameOfToken } from "../../src/bots/table.ts";
import { defaultBots, identities } from "../../src/config/identities.ts";
import { nameOf } from "../../src/scrub/bots/name.ts";

function botOf(agent: string, table = defaultBots): string {
  return nameOf(agent, { table, remember: (_, make) => make() }).bot;
}

test.each(Object.entries(identities))("%s is what some User-Agent gets, or a signature gives", (name, { agents }) => {
  const tokens = entriesOf(knownTokens).map(([, token]) => token.replace("^", ""));
  const token = tokens.find((each) => nameOfToken(each) === name);
  expect(agents ?? (token && botOf(`Mozilla/5.0 (compatible; ${token}/1.0)`))).toEqual(agents ?? name);
});

/** They send requests for Google's and Bing's indexes and services, or are said to. */
const ofGoogleAndBing = entriesOf(knownTokens)
  .filter(([kind]) => kind === "search" || kind === "ai-training")
  .map(([, token]) => token)
  .filter((token) => /google|^bing|^adidx|^msn/i.test(token) && token !== "Google-Extended");

test.each([...ofGoogleAndBing, "BingPreview", "MicrosoftPreview"])("%s can be verified", (token) => {
  expect(ofGoogleAndBing.length).toBeGreaterThan(12);
  expect(identities).toHaveProperty([botOf(`Mozilla/5.0 (compatible; ${token})`)]);
});

describe("a name that can be verified wins", () => {
  test.each([
    ["curl/8.11.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "googlebot"],
    ["python-requests/2.32 bingbot/2.0", "bingbot"],
    ["Slackbot 1.0 facebookexternalhit/1.1 GPTBot/1.3", "gptbot"],
    ["Googlebot/2.1 (curl/8.11.0)", "googlebot"],
    ["Mozilla/5.0 (compatible; Googlebot/2.1) bingbot/2.0", "googlebot"],
    // but of a longer one, which is another's, no part does
    ["curl/8.11.0 Applebot-Extended/0.1", "curl"],
    // and who is only like one says that it is another
    ["python-requests/2.32 (like Googlebot)", "python-requests"],
    ["TelegramBot (like TwitterBot)", "telegrambot"],
  ])("%s: %s", (agent, name) => {
    expect(botOf(agent)).toBe(name);
  });
});
