import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findTrails, RedirectTable, toEntry, type Entry, type Redirect } from "../../src/redirects/redirects.ts";

/** "FROM TO", and what is otherwise about it. */
function entryOf(line: string, parts: Partial<Redirect> = {}): Entry {
  const [from = "", to = ""] = line.split(" ");
  const entry = toEntry({ from, to, status: 301, query: true, ...parts });
  if ("flaw" in entry) throw new Error(`${line}: ${entry.flaw}`);
  return entry;
}

function find(lines: readonly string[], visited: string, parts: Partial<Redirect> = {}): string | undefined {
  return new RedirectTable(lines.map((line) => entryOf(line, parts))).find(new URL(visited, "https://www.example.com"))
    ?.to;
}

test.each<[lines: string[], visited: string, to: string | undefined]>([
  [["/a /b"], "/a", "/b"],
  [["/a /b"], "/a/", undefined],
  [["/a /b"], "/a?x=1", "/b?x=1"],
  [["/a /b?y=2#top"], "/a?x=1", "/b?y=2&x=1#top"],
  [["/a /b"], "/a?", "/b"],
  [["/a?x=1 /b", "/a /c"], "/a?x=1", "/b"],
  [["/a?x=1 /b", "/a /c"], "/a?x=2", "/c?x=2"],
  [["/a?x=1 /b"], "/a", undefined],
  [["www.example.com/a /b", "/a /c"], "/a", "/b"],
  [["www.example.com/a /b", "/a /c"], "https://other.example/a", "/c"],
  [["http://WWW.example.com/a /b"], "/a", "/b"],
  [["www.example.com/* /host/:splat", "/a/b /exact", "/a/* /any/:splat"], "/a/b", "/exact"],
  [["www.example.com/* /host/:splat", "/a/b /exact", "/a/* /any/:splat"], "/a/c", "/host/a/c"],
  [["/a/:id/* https://new.example/:id?rest=:splat"], "/a/7/b&c?d=e", "https://new.example/7?rest=b%26c&d=e"],
  [["/a/:id /b"], "/a/7", "/b"],
  [["/über /b"], "/%C3%BCber", "/b"],
])("%j: %s leads to %s", (lines, visited, to) => expect(find(lines, visited)).toBe(to));

test("the query stays behind where that is said", () => {
  expect(find(["/a /b"], "/a?x=1", { query: false })).toBe("/b");
});

test.each<[Partial<Redirect>, field: string, flaw: string]>([
  [{ from: "a" }, "from", "neither a path"],
  [{ from: "/a b" }, "from", "neither a path"],
  [{ from: "http://" }, "from", "neither a path"],
  [{ from: "/a#b" }, "from", "neither a path"],
  [{ from: "/a/../b" }, "from", '".."'],
  [{ from: "/:a?x=1" }, "from", "any query"],
  [{ to: "b" }, "to", "neither a path"],
  [{ to: "//evil.example/" }, "to", "neither a path"],
  [{ to: "/\\evil.example/" }, "to", "neither a path"],
  [{ to: "javascript:alert(1)" }, "to", "neither a path"],
  [{ to: "https://" }, "to", "neither a path"],
  [{ to: "http://[" }, "to", "no URL"],
  [{ to: "/b\r\nset-cookie:a" }, "to", "a space"],
  [{ from: "/:host/x", to: "https://:host.example/" }, "to", "its host"],
  [{ from: "/:id", to: "/:ident" }, "to", "it takes :id"],
  [{ status: 200 }, "status", "301"],
])("%j is refused for its %s", (parts, field, flaw) => {
  expect(toEntry({ from: "/a", to: "/b", status: 301, query: true, ...parts })).toEqual({
    field,
    flaw: expect.stringContaining(flaw) as string,
  });
});

describe("circles and chains", () => {
  const trails = (...lines: string[]): string[] =>
    findTrails([lines.map((line) => entryOf(line))], (host) => host === "www.example.com").map(({ kind, steps }) =>
      [kind, ...steps].join(" "),
    );

  test.each<[lines: string[], found: string[]]>([
    [["/a /b"], []],
    [["/a /a"], ["circle /a /a"]],
    [["/a /b", "/b /a"], ["circle /a /b /a"]],
    [["/x /a", "/a /b", "/b /a"], ["circle /x /a /b /a"]],
    [
      ["/a /b", "/b /c", "/c /d"],
      ["chain /a /b /c /d", "chain /b /c /d"],
    ],
    [["/a/* /b/:splat", "/b/* /a/:splat"], ["circle /a/ /b/ /a/"]],
    [["/a/* /a/:splat"], ["circle /a/ /a/"]],
    [["/a/* /a/x/:splat"], ["circle /a/ /a/x/ /a/x/x/ …"]],
    [["/a/:id /b/:id", "/b/7 /a/7"], ["circle /b/7 /a/7 /b/7"]],
    [["/b/* /a/:splat", "/a/c/* /b/c/:splat"], ["circle /a/c/ /b/c/ /a/c/"]],
    [
      ["/a https://www.example.com/b", "www.example.com/b /a"],
      ["circle /a www.example.com/b www.example.com/a www.example.com/b"],
    ],
    // Who is there already is served.
    [["/* https://www.example.com/:splat"], []],
    [["/* https://other.example/:splat"], []],
    // The visited query goes along, and is none of what the other is for.
    [["/a /b?x=1", "/b?x=2 /a"], ["chain /b?x=2 /a /b?x=1"]],
    [["/a /b?x=1", "/b?x=1 /a"], ["circle /a /b?x=1 /a"]],
    // An exact one is an exception from the pattern.
    [["/a/* /b/:splat", "/b/ /", "/b/x /"], ["chain /a/ /b/ /"]],
  ])("%j: %j", (lines, found) => expect(trails(...lines)).toEqual(found));
});

test("whatever is written and visited, nothing throws, and what is found is for that path", () => {
  const piece = fc.constantFrom(
    "/",
    ":a",
    ":b",
    "*",
    "x",
    "y",
    ".",
    "?",
    "=",
    "&",
    "#",
    "%41",
    "%",
    "https://",
    "www.example.com",
    " ",
    "é",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), text, (lines, path) => {
      const read = lines.map(([from, to]) => toEntry({ from, to: `/${to}`, status: 301, query: true }));
      const entries = read.flatMap((each) => ("flaw" in each ? [] : [each]));
      findTrails([entries], () => true);
      const url = URL.parse(`https://www.example.com/${path}`);
      const moved = url && new RedirectTable(entries).find(url);
      if (moved) expect(entries.map(({ from }) => from)).toContain(moved.from);
    }),
    { numRuns: 1_000 },
  );
});
