import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../../src/rules/pattern/pattern.ts";
import { patterns, texts } from "./patterns.ts";

function has(pattern: string, text: string): boolean {
  const read = compilePattern(pattern);
  if (read.kind === "flaw") throw new Error(`${pattern}: ${read.flaw}`);
  return read.test(text);
}

function flawOf(pattern: string): string | undefined {
  const read = compilePattern(pattern);
  return read.kind === "flaw" ? read.flaw : undefined;
}

/** By the runtime; undefined for what it can't read. */
function runtime(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern);
  } catch {
    return undefined;
  }
}

test("whatever the pattern and the text, it finds what the runtime's own matcher finds", () => {
  const seen = { found: 0, notFound: 0 };
  fc.assert(
    fc.property(patterns, fc.array(texts, { minLength: 4 }), (pattern, asked) => {
      const expected = runtime(pattern);
      if (expected === undefined || flawOf(pattern) !== undefined) return;
      for (const text of asked) {
        const finds = expected.test(text);
        expect([pattern, text, has(pattern, text)]).toEqual([pattern, text, finds]);
        seen[finds ? "found" : "notFound"]++;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(seen.found).toBeGreaterThan(1_000);
  expect(seen.notFound).toBeGreaterThan(1_000);
}, 60_000);

test("what it reads, the runtime reads; and the reverse, but for what RE2 doesn't have, and what is too long", () => {
  const marks = fc.string({ unit: fc.constantFrom(..."ab01,-^$.*+?|()[]{}\\dDwbBxu:<>=!né"), maxLength: 12 });
  fc.assert(
    fc.property(marks, (pattern) => {
      const flaw = flawOf(pattern);
      const isRead = runtime(pattern) !== undefined;
      if (flaw === undefined) expect([pattern, isRead]).toEqual([pattern, true]);
      else if (isRead) expect([pattern, flaw]).toEqual([pattern, expect.stringMatching(onlyHere)]);
    }),
    { numRuns: 5_000 },
  );
}, 60_000);

const onlyHere =
  /^(?:looking ahead|flags|what a group has found|".*" (?:means nothing|repeats nothing|isn't possible)|it is too long)/s;

describe("patterns that make a backtracking matcher slow", () => {
  const length = 100_000;

  test.each([
    ["(a+)+$", "a", "!"],
    ["(a|aa)+$", "a", "!"],
    ["(a*)*[bc]", "a", "!"],
    ["(?:a?){30}a{30}[bc]", "a", "!"],
    ["(.*a){20}$", "a", "b"],
    ["^(?:[a-z]+-?)+$", "a", "!"],
    ["^([\\w.-]+)+[@;]", "a.", "!"],
    ["\\s+$", " ", "x"],
    [".*.*[=:].*", "a", "\n"],
    ["a.*b.*[cd]", "ab", ""],
    ["(\\d+)*[^\\d]$", "1", ""],
    ["^(([a-z])+.)+[A-Z]([a-z])+$", "a", "!"],
  ])("%s", (pattern, unit, end) => {
    expect(has(pattern, unit.repeat(length / unit.length) + end)).toBe(false);
  });

  test("so do those of which every text makes new states", () => {
    const text = Array.from({ length: 5_000 }, (_, index) => ((index * index * 7919) % 1009 < 505 ? "a" : "b")).join(
      "",
    );
    expect(has("a.{150}[cd]", text)).toBe(false);
    expect(has("(?:a|b)*a(?:a|b){60}[cd]", text)).toBe(false);
    expect(has("a.{100}b$", `${text}a${"x".repeat(100)}b`)).toBe(true);
  });
});

test("states that were forgotten are made again, and right", () => {
  const bits = Array.from({ length: 3_000 }, (_, index) => ((index * index * 7919) % 1009 < 505 ? "a" : "b")).join("");
  for (let end = 20; end < bits.length; end += 10) {
    expect(has("a(?:a|b){12}$", bits.slice(0, end))).toBe(bits[end - 13] === "a");
  }
});

test.each([
  ["\\.(css|js|woff2)$", "/a/b.js", "/a/b.jsx"],
  ["^/(?:wp-(?:admin|login)|xmlrpc)", "/wp-admin/", "/blog/wp-admin"],
  ["^/[a-z]{2}(?:-[A-Z]{2})?/", "/de-AT/", "/deu/"],
  ["\\bbot\\b", "a bot!", "robots"],
  ["^\\d{4}-\\d{2}-\\d{2}$", "2026-11-26", "2026-11-26 "],
  ["^$", "", " "],
  ["", "", undefined],
  ["^.$", "é", "😀"],
  ["[\\]\\-]", "-", "a"],
  ["^[:digit:]$", ":", "1"],
])("%s finds %s, and not %s", (pattern, inside, outside) => {
  expect(has(pattern, inside)).toBe(true);
  if (outside !== undefined) expect(has(pattern, outside)).toBe(false);
});

test.each([
  ["(a)\\1", "what a group has found can't be asked for again"],
  ["(?<x>a)\\k<x>", "what a group has found can't be asked for again"],
  ["a(?=b)", "looking ahead or behind isn't possible"],
  ["(?<!a)b", "looking ahead or behind isn't possible"],
  ["(?i)bot", "lowerAscii()"],
  ["[[:digit:]]", '"[:digit:]" isn\'t possible; for "[:digit:]" write "0-9"'],
  ["[^a[:^space:]b]", '"[:^space:]" isn\'t possible; for "[:space:]" write "\\t-\\r "'],
  ["[[:nothing:]]", '"[:nothing:]" isn\'t possible'],
  ["\\pL", '"\\p" means nothing'],
  ["\\Aa\\z", '"\\A" means nothing'],
  ["a**", '"*" repeats nothing'],
  ["^*", '"*" repeats nothing'],
  ["(a", "a group isn't closed"],
  ["a)", "a closing bracket closes nothing"],
  ["[a", "a class isn't closed"],
  ["[b-a]", "the ends of a range are out of order"],
  ["a{2,1}", "out of order"],
  ["a\\", '"\\" means nothing'],
  ["a{601}", "it is too long"],
  ["(?:(?:a{20}){20}){20}", "it is too long"],
  ["(".repeat(60) + ")".repeat(60), "nested more than 50 deep"],
])("%s can't be had", (pattern, flaw) => expect(flawOf(pattern)).toContain(flaw));

test("what is repeated a million times and is empty takes no time", () => {
  expect(has("(?:(?:){1000000000}){1000000000}b", "ab")).toBe(true);
});
