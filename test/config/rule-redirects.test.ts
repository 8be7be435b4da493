/** Circles that redirects of rules are in. */
import { describe, expect, test } from "vitest";
import { linesOf } from "./load.ts";

const moved = (path: string, redirect: unknown, others: object = {}) => ({
  when: `request.path == "${path}"`,
  redirect,
  ...others,
});
const [there, back] = [moved("/a", "/b"), moved("/b", "/a")];

describe("refused", () => {
  test.each<[vars: Record<string, unknown>, line: string]>([
    [{ RULES: [there, back] }, 'RULES[0].redirect: It leads round in a circle: "/a" → "/b" → "/a".'],
    [{ RULES: [moved("/a", { to: "/b", status: 301 }), back] }, "RULES[0].redirect: "],
    [{ RULES: [moved("/a", "/b?c=d"), back] }, '"/a" → "/b?c=d" → "/a".'],
    [{ RULES: [there, { when: '"/b" == request.path && request.method == "GET"', redirect: "/a" }] }, "RULES[0]"],
    [{ RULES: [there, moved("/b", "https://www.example.com/a")] }, '"/a" → "/b" → "www.example.com/a"'],
    [{ RULES: [there], REDIRECTS: ["/b /a"] }, "RULES[0].redirect: "],
    [{ RULES: [moved("/a/x", "/b")], REDIRECTS: ["/b /a/x", "/a/x /c"] }, "RULES[0].redirect: "],
    [{ RULES: [moved("/a/b", "/b"), moved("/b", "/a/b")] }, "RULES[0].redirect: "],
    [
      {
        SITES: [{ hosts: ["www.example.com"] }, { hosts: ["b.example.com"] }],
        RULES: [moved("/a", "/b", { sites: ["b.example.com"] }), moved("/b", "/a", { sites: ["b.example.com"] })],
      },
      '"b.example.com/a" → "b.example.com/b" → "b.example.com/a"',
    ],
    [{ RULES: [there, { ...back, sites: ["www.example.com"] }] }, "RULES[1].redirect: "],
  ])("%j", (vars, line) => {
    const lines = linesOf(vars);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(line);
  });
});

describe("not refused, as it may end", () => {
  const atB = 'request.path == "/b"';
  const respond = { body: "here" };
  test.each([
    [there],
    [there, moved("/b", "/c")],
    // Who is there already is served.
    [moved("/a", "/a")],
    [moved("/a", "https://www.example.com/a")],
    [moved("/a", "/a?b")],
    // On other conditions.
    [there, { when: 'request.path == "/b" && !("a" in request.cookies)', redirect: "/a" }],
    [there, { when: 'request.path == "/b" && request.method == "POST"', redirect: "/a" }],
    [there, { when: 'request.path != "/b"', redirect: "/a" }],
    [there, moved("/b", "/${request.query}")],
    // Another rule comes first, or may.
    [there, { when: atB, respond }, back],
    [there, moved("/b", "/c"), back],
    [{ when: '"a" in request.cookies', respond }, there, back],
    [there, back, { when: atB, block: 403 }],
    [there, { ...back, monitor: true }],
    [there, moved("/b/*", "/a"), moved("/b/x", "/y")],
  ])("%j", (...rules) => {
    expect(linesOf({ RULES: rules })).toEqual([]);
  });
});
