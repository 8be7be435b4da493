import { expect, test } from "vitest";
import { withQuery } from "../../src/cache/key.ts";
import type { KeyParts } from "../../src/config/model.ts";
import { configOf } from "../config/load.ts";

type Part = Pick<KeyParts, "query" | "sort">;
const sorted: Part = { query: "all", sort: true };
const without = (...except: string[]): Part => ({ query: { except }, sort: false });

/** The key of a rule, as the config completes it. */
function keyOfRule(key: Readonly<Record<string, unknown>>): Part {
  return configOf({ RULES: [{ cache: { key } }] }).rules[0]!.cache!.key!;
}

test.for<[target: string, part: Part, expected: string]>([
  ["/a?b=1&a=2", { query: "all", sort: false }, "/a?b=1&a=2"],
  ["/a?b=1&a=2", sorted, "/a?a=2&b=1"],
  ["/a?b&a=2&=x", sorted, "/a?=x&a=2&b"],
  ["/a", sorted, "/a"],
  // Which of two an origin takes is its own affair, so their order stays
  ["/a?x=2&b=1&x=1", sorted, "/a?b=1&x=2&x=1"],
  ["/a?x=2&%78=1&b=1", sorted, "/a?b=1&x=2&%78=1"],
  ["/a?utm_source=1&utm_=2&utmost=3", without("utm_*"), "/a?utmost=3"],
  ["/a?v=1&version=2", { query: { only: ["v*"] }, sort: false }, "/a?v=1&version=2"],
  ["/a?v=1&%zz=2", without("%zz"), "/a?v=1"],
])("%s, by %j, is %s", ([target, part, expected]) => {
  expect(withQuery(target, part)).toBe(expected);
  expect(withQuery(expected, part)).toBe(expected);
});

test('"tracking" stands for the parameters of advertisers and mailers', () => {
  const key = keyOfRule({ query: { except: ["tracking", "session"] } });
  const followed = "/a?id=7&utm_source=x&UTM=y&gclid=1&fbclid=2&msclkid=3&mc_eid=4&_ga=5&session=6&page=2";
  expect(withQuery(followed, key)).toBe("/a?id=7&UTM=y&page=2");
});
