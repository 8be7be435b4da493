import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fill, parseFilling, parsePathPattern, type PathPattern } from "../../src/http/path-pattern.ts";
import { PathTrie } from "../../src/http/path-trie.ts";

function patternOf(text: string): PathPattern {
  const pattern = parsePathPattern(text);
  if ("flaw" in pattern) throw new Error(`${text}: ${pattern.flaw}`);
  return pattern;
}

/** What a pattern takes of a path, by name; undefined when it doesn't fit. */
function taken(text: string, path: string): Record<string, string> | undefined {
  const pattern = patternOf(text);
  const trie = new PathTrie<object>();
  trie.add(pattern, {});
  const found = trie.find(path);
  return found && Object.fromEntries(pattern.names.map((name, index) => [name, found.taken[index]!]));
}

test.each<[pattern: string, path: string, taken: Record<string, string> | undefined]>([
  ["/", "/", {}],
  ["/a", "/a", {}],
  ["/a", "/a/", undefined],
  ["/a", "/b", undefined],
  ["/p/:id", "/p/7", { id: "7" }],
  ["/p/:id", "/p/", undefined],
  ["/p/:id", "/p/7/8", undefined],
  ["/p/:id/", "/p/7/", { id: "7" }],
  ["/p/:id/*", "/p/7/", { id: "7", splat: "" }],
  ["/p/:id/*", "/p/7/a/b", { id: "7", splat: "a/b" }],
  ["/p/:id/*", "/p/7", undefined],
  ["/old/*", "/old", undefined],
  ["/old*", "/old", { splat: "" }],
  ["/old*", "/older/x", { splat: "er/x" }],
  ["/*", "/", { splat: "" }],
  ["/*.jpg", "/a/b.jpg", { splat: "a/b" }],
  ["/*.jpg", "/a/b.png", undefined],
  ["/*/index.html", "/a/b/index.html", { splat: "a/b" }],
  ["/aa*aa", "/aaa", undefined],
  ["/img-:id.jpg", "/img-7.jpg", { id: "7" }],
  ["/img-:id.jpg", "/img-.jpg", undefined],
  ["/img-:id.jpg", "/img-7.jpg.jpg", { id: "7.jpg" }],
  ["/:year/:slug", "/2020/hello", { year: "2020", slug: "hello" }],
  ["/wiki/Talk:Main", "/wiki/Talk:Main", {}],
  ["/a:8080", "/a:8080", {}],
  ["/caf\u00e9/:x", "/caf%C3%A9/1", { x: "1" }],
  ["/a%7Eb/:x", "/a~b/1", { x: "1" }],
  ["/a b", "/a%20b", {}],
  ["/a.b/:x", "/a.b/%2E", { x: "%2E" }],
])("%s takes of %s: %j", (pattern, path, expected) => expect(taken(pattern, path)).toEqual(expected));

test.each([
  ["a", "begin"],
  ["", "begin"],
  ["/a?b", '"?"'],
  ["/a#b", '"#"'],
  ["/../a", '".."'],
  ["/a/./b", '"."'],
  ["/a/%2e%2e/b", '".."'],
  ["/:a-:b", "more than one name"],
  ["/a/:a/b/:c-:d/*", "more than one name"],
  ["/*/*", 'more than one "*"'],
  ["/*/:id", "behind it"],
  ["/:id*", "behind it"],
  ["/:a/:a", '"a" is there twice'],
  ["/:splat/*", '"splat" is there twice'],
  ["/a".repeat(41), "40 segments"],
])("%j is no pattern: %s", (text, flaw) => {
  expect(parsePathPattern(text)).toEqual({ flaw: expect.stringContaining(flaw) as string });
});

describe("of several, the one that says more", () => {
  const trie = new PathTrie<{ readonly written: string }>();
  const written = [
    "/*",
    "/a/*",
    "/a/:x",
    "/a/b",
    "/a/b-:x",
    "/a/b-:x.html",
    "/a/:x/c",
    "/:x/b/c",
    "/a*",
    "/a/*.html",
    "/a/b*.html",
  ];
  for (const text of written) trie.add(patternOf(text), { written: text });
  test.each([
    ["/a/b", "/a/b"],
    ["/a/z", "/a/:x"],
    ["/a/b-7", "/a/b-:x"],
    ["/a/b-7.html", "/a/b-:x.html"],
    ["/a/z/c", "/a/:x/c"],
    ["/a/b/c", "/a/:x/c"],
    ["/z/b/c", "/:x/b/c"],
    ["/a/z/d", "/a/*"],
    ["/a/z/d.html", "/a/*.html"],
    ["/a/b/d.html", "/a/b*.html"],
    ["/ab", "/a*"],
    ["/b", "/*"],
  ])("%s: %s", (path, expected) => expect(trie.find(path)?.value.written).toBe(expected));
});

test("what was taken on a way that came to nothing is forgotten", () => {
  const trie = new PathTrie<object>();
  for (const text of ["/a-:x/:y/b", "/:x/:y/c", "/:x/*", "/a-*"]) trie.add(patternOf(text), {});
  expect(trie.find("/a-1/2/b")?.taken).toEqual(["1", "2"]);
  expect(trie.find("/a-1/2/c")?.taken).toEqual(["a-1", "2"]);
  expect(trie.find("/a-1/2/d")?.taken).toEqual(["a-1", "2/d"]);
  expect(trie.find("/a-1")?.taken).toEqual(["1"]);
});

const segment = fc.stringMatching(/^[a-c.-]{0,3}$/).filter((text) => text !== "." && text !== "..");
const pathOf = (segments: readonly string[]): string => segments.map((each) => `/${each}`).join("");

test("what was taken, put back, is the path; whatever else there is", () => {
  const part = fc.oneof(
    segment,
    fc.tuple(segment, segment).map(([before, after]) => `${before.replace(/[a-c]$/, "")}-:NAME-${after}`),
  );
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      fc.array(fc.array(segment, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
      fc.array(segment, { minLength: 1, maxLength: 5 }),
      (parts, hasRest, others, visited) => {
        const names = parts.map((each, index) => each.replace("NAME", `n${index}`));
        const text = pathOf(names) + (hasRest ? "/*" : "");
        const trie = new PathTrie<{ readonly text: string }>();
        for (const other of others) trie.add(patternOf(pathOf(other)), { text: pathOf(other) });
        trie.add(patternOf(text), { text });
        const path = pathOf(visited);
        const found = trie.find(path);
        const expected = new RegExp(`^${regexOf(text)}$`).test(path) || others.some((other) => pathOf(other) === path);
        expect(found !== undefined).toBe(expected);
        if (!found) return;
        const filling = parseFilling(found.value.text.replace("*", ":splat"), patternOf(found.value.text).names);
        expect("flaw" in filling ? filling : fill(filling, found.taken)).toBe(path);
      },
    ),
  );
});

/** The same, as a regular expression. */
function regexOf(pattern: string): string {
  return pattern.replace(/[.-]/g, "\\$&").replace(/:\w+/g, "[^/]+").replace("*", ".*");
}

test("no text makes a pattern throw, nor a path", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (text, path) => {
      const pattern = parsePathPattern(text.startsWith("/") ? text : `/${text}`);
      if ("flaw" in pattern) return;
      const trie = new PathTrie<object>();
      trie.add(pattern, {});
      trie.find(path);
      trie.find(`/${path}`);
      parseFilling(path, pattern.names);
    }),
  );
});

describe("what is put together", () => {
  const filled = (text: string, taken: Record<string, string>): unknown => {
    const filling = parseFilling(text, Object.keys(taken));
    return "flaw" in filling ? filling : fill(filling, Object.values(taken));
  };
  test.each<[string, Record<string, string>, string]>([
    ["/n/:id", { id: "7" }, "/n/7"],
    ["/n/:id-:id", { id: "7" }, "/n/7-7"],
    ["https://h:8080/:id", { id: "7" }, "https://h:8080/7"],
    ["/Talk:id", { id: "7" }, "/Talk:id"],
    ["/s?q=:id&r=:id", { id: "a&b=c+d" }, "/s?q=a%26b%3Dc%2Bd&r=a%26b%3Dc%2Bd"],
    ["/:id?q=1", { id: "a&b" }, "/a&b?q=1"],
  ])("%s with %j: %s", (text, taken, expected) => expect(filled(text, taken)).toBe(expected));

  test("names that aren't there are told", () => {
    expect(filled("/:idd", { id: "7" })).toEqual({ flaw: expect.stringContaining(":id)") as string });
    expect(filled("/:id", {})).toEqual({ flaw: expect.stringContaining("it takes none") as string });
  });
});
