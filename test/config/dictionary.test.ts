/** What is said of dictionaries, and what can't be. */
import { describe, expect, test } from "vitest";
import { configOf, linesOf } from "./load.ts";

const rules = (dictionary: unknown) => ({ RULES: [{ dictionary }] });

describe("a dictionary", () => {
  test("is a pattern, or says more", () => {
    const [short, long] = configOf({
      RULES: [{ dictionary: "/app.*.js" }, { dictionary: { match: "/v/:version/x.js?a=*", id: "v 1", ttl: "1h" } }],
    }).rules;
    expect(short?.dictionary).toMatchObject({ match: "/app.*.js", id: undefined, ttl: 30 * 86_400_000 });
    expect(long?.dictionary).toMatchObject({ match: "/v/:version/x.js?a=*", id: "v 1", ttl: 3_600_000 });
    const fits = (url: string): boolean => short!.dictionary!.pattern.test(url);
    expect(["https://a.example/app.1.js", "http://b.example:8080/app.x.js?v=1"].map(fits)).toEqual([true, true]);
    expect(["https://a.example/app.js", "https://a.example/x/app.1.js"].map(fits)).toEqual([false, false]);
    expect(long!.dictionary!.pattern.test("https://a.example/v/7/x.js?a=1")).toBe(true);
  });

  test.each([
    ["app.*.js", '"app.*.js" is not a pattern that begins with a path, such as "/app.*.js".'],
    ["//cdn.example/app.js", '"//cdn.example/app.js" is not a pattern that begins with a path, such as "/app.*.js".'],
    [
      "https://a.example/app.js",
      '"https://a.example/app.js" is not a pattern that begins with a path, such as "/app.*.js".',
    ],
    ["/ä.js", '"/ä.js" is not a pattern in ASCII, with all else percent-encoded.'],
    ["/app.{js", '"/app.{js" is not a pattern as URLPattern has them, such as "/app.*.js".'],
    [
      "/app.(\\d+).js",
      '"/app.(\\\\d+).js" is not a pattern without regular expressions, which browsers refuse: "*" stands for anything, ":name" for a part of a path.',
    ],
  ])("has a pattern that every browser can read: %s", (pattern, says) => {
    expect(linesOf(rules(pattern))).toEqual([`RULES[0].dictionary: ${says}`]);
    expect(linesOf(rules({ match: pattern }))).toEqual([`RULES[0].dictionary.match: ${says}`]);
  });

  test.each([
    [{ id: "a" }, "RULES[0].dictionary.match:"],
    [{ match: "/a*", id: "" }, "RULES[0].dictionary.id:"],
    [{ match: "/a*", id: "é" }, "RULES[0].dictionary.id:"],
    [{ match: "/a*", id: "a".repeat(1025) }, "RULES[0].dictionary.id:"],
    [{ match: `/${"a".repeat(1024)}` }, "RULES[0].dictionary.match:"],
    [{ match: "/a*", ttl: "1s" }, "RULES[0].dictionary.ttl:"],
    [{ match: "/a*", dest: "script" }, "RULES[0].dictionary.dest:"],
    [true, "RULES[0].dictionary:"],
  ])("has an id and a time that may be: %#", (dictionary, at) => {
    const lines = linesOf(rules(dictionary));
    expect(lines.map((line) => line.slice(0, at.length))).toEqual([at]);
  });
});
