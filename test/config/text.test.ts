import { describe, expect, test } from "vitest";
import { configOf, linesOf } from "./load.ts";

const rule = (...text: readonly object[]) => ({ RULES: [{ text }] });

describe("one problem, with its place", () => {
  test.each<[Record<string, unknown>, string]>([
    [rule({ find: "", with: "b" }), 'RULES[0].text[0].find: "" is not a text that isn\'t empty.'],
    [rule({ find: "a" }), "RULES[0].text[0].with: It is missing."],
    [rule({ with: "b" }), "RULES[0].text[0].find: It is missing."],
    [
      rule({ find: "a", pattern: "b", with: "c" }),
      'RULES[0].text[0].find: "a" is not alone: an edit has either find or pattern.',
    ],
    [
      rule({ find: "a", with: "b" }, { pattern: "(a", with: "b" }),
      'RULES[0].text[1].pattern: "(a" is not a pattern that can be had: a group isn\'t closed.',
    ],
    [
      rule({ pattern: "a*", with: "b" }),
      'RULES[0].text[0].pattern: "a*" is not a pattern that can be had: it finds nothing, too, which is everywhere.',
    ],
    [rule({ pattern: "(?=a)", with: "b" }), "looking ahead or behind isn't possible"],
    [rule({ pattern: "[😀]", with: "b" }), "a character beyond U+FFFF can stand in no class"],
    [rule({ pattern: "😀+", with: "b" }), "a character beyond U+FFFF can stand in no class"],
    [rule({ pattern: "a{700}", with: "b" }), "it is too long"],
    [
      rule({ pattern: "a{400}", with: "b" }, { pattern: "b{400}", with: "b" }),
      "is not a list that can be had: together it is too long",
    ],
    [
      rule({ pattern: "(a)", with: "$1 $2" }),
      'RULES[0].text[0].with: "$1 $2" is not a text of groups that the pattern has: it has no "2".',
    ],
    [rule({ pattern: "(?<x>a)", with: "$<y>${client.ip}" }), 'it has no "y"'],
    [rule({ find: "a", with: "${client.ipp}" }), 'RULES[0].text[0].with: "ipp" is not a field of client'],
    [rule({ find: "a".repeat(20_000), with: "" }), "a list whose texts have at most 16384 bytes"],
    [rule({ find: "a", with: "b", types: ["html"] }), 'RULES[0].text[0].types[0]: "html" is not a media type'],
    [rule({ find: "a", with: "b", times: -1 }), "RULES[0].text[0].times: -1 is not a whole number"],
    [rule({ find: "a", with: "b", tims: 1 }), 'did you mean "times"?'],
    [rule(), "RULES[0].text: An empty list is not a list with at least one member."],
  ])("%j", (vars, says) => {
    const lines = linesOf(vars);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(says);
  });
});

const shapeOf = (...text: readonly object[]) => configOf(rule(...text)).rules[0]!.shapes![0]!;

test("what is done has a name by which it is told from all else", () => {
  const one = { find: "a", with: "b" };
  const others = [
    { find: "a", with: "c" },
    { find: "b", with: "b" },
    { pattern: "a", with: "b" },
    { ...one, ignoreCase: true },
    { ...one, times: 1 },
    { ...one, types: ["text/html"] },
  ];
  const ids = [[one], [one, one], ...others.map((each) => [each])].map((edits) => shapeOf(...edits).id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(shapeOf(one).id).toBe(shapeOf({ ...one, times: 0 }).id);
});

test.each([
  ["b", "before"],
  ["$1 ${client.country}", "after"],
])("%s is put in %s the store", (by, side) => {
  expect(shapeOf({ pattern: "(a)", with: by }).side).toBe(side);
});
