import { expect, test } from "vitest";
import { configOf, linesOf } from "./load.ts";

test("an origin's part in choosing has defaults", () => {
  expect(configOf().origins[0]).toMatchObject({ weight: 1, priority: 0, drain: false, followed: false });
});

test.each([
  ["least-connections", true],
  ["least-traffic", true],
  ["two-choices", true],
  ["fastest", false],
  ["nearest", false],
])("bodies are followed to their end where a policy goes by them: %s", (balance, followed) => {
  expect(configOf({ RULES: [{ balance }] }).origins.map((origin) => origin.followed)).toEqual([followed, followed]);
  expect(configOf({ SITES: [{ hosts: ["*"], balance }] }).origins[0]!.followed).toBe(followed);
});

test("an origin with a limit is followed by itself", () => {
  const ORIGINS = [
    { name: "frankfurt", url: "https://fra.example.com", maxConnections: 10 },
    { name: "virginia", url: "https://iad.example.com" },
  ];
  expect(configOf({ ORIGINS }).origins.map(({ followed }) => followed)).toEqual([true, false]);
});

test("sticky is a duration, or a table with the cookie's name", () => {
  const stickyOf = (sticky: unknown) => configOf({ SITES: [{ hosts: ["*"], sticky }] }).sites.any!.sticky;
  expect(stickyOf("1h")).toEqual({ for: 3_600_000, cookie: "perigee-sticky" });
  expect(stickyOf({ for: "1d", cookie: "home" })).toEqual({ for: 86_400_000, cookie: "home" });
});

test("a split is a list, or a table with the list in it", () => {
  const among = [
    { origins: ["virginia"], weight: 1 },
    { name: "rest", weight: 99 },
  ];
  const { rules } = configOf({ RULES: [{ split: among }, { split: { per: "${client.ip}", among } }] });
  for (const { split } of rules) {
    expect(split!.arms).toMatchObject([
      { name: "arm0", weight: 1, origins: [{ name: "virginia" }] },
      { name: "rest", weight: 99, origins: undefined },
    ]);
  }
});

test.each([
  [{ SITES: [{ hosts: ["*"], balance: { by: "hash" } }] }, "SITES[0].balance.key: It is missing."],
  [{ RULES: [{ split: [{ weight: 1 }] }] }, "RULES[0].split: A list of 1 is not a list with at least two members."],
  [
    { RULES: [{ split: [{ origins: ["virgina"], weight: 1 }, { weight: 0 }] }] },
    'RULES[0].split[0].origins[0]: "virgina" is not the name of an origin; did you mean "virginia"?',
  ],
  [{ SITES: [{ hosts: ["*"], sticky: "1hour" }] }, "SITES[0].sticky: "],
])("what is wrong with %j", (config, says) => {
  expect(linesOf(config).join("\n")).toContain(says);
});
