import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kind } from "../../../src/bots/kinds.ts";
import { createBotTable, entriesOf, keyOf, knownBots, knownTokens, tokenForm } from "../../../src/bots/table.ts";
import { nameOf } from "../../../src/scrub/bots/name.ts";
import { agents } from "./agents.ts";

const remember = (_key: string, make: () => string): string => make();

function kindOf(agent: string, table = knownBots): Kind {
  return nameOf(agent, { table, remember }).kind;
}

const rows = Object.entries(agents).flatMap(([kind, all]) => all.map((agent) => [kind as Kind, agent] as const));

test("there are at least 350 of them, and each once", () => {
  expect(rows.length).toBeGreaterThanOrEqual(350);
  expect(new Set(rows.map(([, agent]) => agent)).size).toBe(rows.length);
});

test.each(rows)("%s: %s", (kind, agent) => {
  expect(kindOf(agent)).toBe(kind);
});

describe("the table", () => {
  const entries = entriesOf(knownTokens);

  test("has at least 250 tokens, each well formed, and each once", () => {
    expect(entries.length).toBeGreaterThanOrEqual(250);
    expect(entries.filter(([, token]) => !tokenForm.test(token))).toEqual([]);
    expect(new Set(entries.map(([, token]) => keyOf(token))).size).toBe(entries.length);
  });

  test.each(entries)("%s has %s", (kind, token) => {
    expect(knownBots.find(`${keyOf(token)}/1.0`)).toMatchObject({ kind });
  });

  test("is extended and overridden by a config's own, in which nothing is a pattern", () => {
    const table = createBotTable({ scanner: ["GPTBot", "Some.Bot"], monitor: ["^Watcher"] });
    expect(kindOf("Mozilla/5.0 (compatible; GPTBot/1.2)", table)).toBe("scanner");
    expect(kindOf("Some.Bot/1", table)).toBe("scanner");
    expect(kindOf("SomeXBot/1", table)).toBe("unknown");
    expect([kindOf("Watcher/1", table), kindOf("Mozilla/5.0 (Watcher; bot)", table)]).toEqual(["monitor", "unknown"]);
    expect(table.robotsTokens("ai-training")).not.toContain("GPTBot");
    expect(table.robotsTokens("scanner")).toContain("Some.Bot");
  });

  test("no token and no agent make it throw", () => {
    const token = fc.string().filter((text) => tokenForm.test(text));
    fc.assert(
      fc.property(fc.array(token, { maxLength: 3 }), fc.string({ unit: "binary" }), (tokens, agent) => {
        const table = createBotTable({ tool: tokens });
        expect(table.find(agent.toLowerCase())?.name ?? "x").toMatch(/^[a-z0-9._-]+$/);
        for (const each of tokens) expect(table.find(keyOf(each))?.kind).toBe("tool");
      }),
      { numRuns: 20 },
    );
  });
});
