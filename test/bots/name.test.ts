import fc from "fast-check";
import { expect, test } from "vitest";
import { isBotName, knownNames, longestName, unnamed } from "../../src/bots/name.ts";
import { defaultBots } from "../../src/config/identities.ts";
import { nameOf } from "../../src/scrub/bots/name.ts";

const named = (agent: string): string => nameOf(agent, { table: defaultBots, remember: (_key, make) => make() }).bot;

test.each([...new Set(knownNames), unnamed, "curl", "python-requests", "my_crawler.2"])(
  "a bot may be called %s",
  (name) => {
    expect(isBotName(name)).toBe(true);
  },
);

test.each(["", "GPTBot", "gptbot-image", "-a", "mozilla", "bot", "ä", "a".repeat(longestName + 1)])(
  "none is ever called %j",
  (name) => {
    expect(isBotName(name)).toBe(false);
    expect(named(name)).not.toBe(name);
  },
);

test("what a bot is called may be written, whatever it says", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-zA-Z][\w./ ;+-]*$/)), (agent) => {
      const name = named(agent);
      return name === "" || isBotName(name);
    }),
    { numRuns: 2_000 },
  );
});
