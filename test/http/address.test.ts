import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress, visitedAddress, withPath } from "../../src/http/address.ts";
import { normalPath } from "../../src/http/path.ts";

test.each([
  "https://www.example.com/",
  "http://WWW.example.com:8080/a/../b?c=d#e",
  "https://[2001:db8::1]:443/%61?",
  "http://xn--bcher-kva.example/caf%E9",
])("%s has the parts that the platform's URL has", (text) => {
  const address = parseAddress(text)!;
  for (const [part, value] of Object.entries(address)) expect(value, part).toBe(new URL(text)[part as keyof URL]);
  expect(Object.keys(address)).toHaveLength(8);
});

test.each(["", "/a", "http://", "http://[::1", "https://a b/"])("%o is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test.for([
  ["https://a.example/%61?b=%61", "https://a.example/a?b=%61"],
  ["https://a.example./b", "https://a.example/b"],
  ["https://a.example.:8443/b", "https://a.example:8443/b"],
  ["https://a.example../b", "https://a.example/b"],
  ["https://a.example...:8443/b", "https://a.example:8443/b"],
  ["https://./b", "https://./b"],
  ["https://u:p@a.example/b", "https://a.example/b"],
  ["http://a.example:80?", "http://a.example/?"],
  ["https://a.example/100%#x", "https://a.example/100%25#x"],
] as const)("%s is visited as %s", ([text, href]) => {
  const visited = visitedAddress(text)!;
  expect(visited.href).toBe(href);
  for (const [part, value] of Object.entries(parseAddress(href)!)) {
    expect(visited[part as keyof typeof visited], part).toBe(value);
  }
});

/** What an attacker plays with, and anything else. */
const paths = fc.oneof(
  fc
    .array(
      fc.constantFrom(...["/", "//", ".", "..", ";", "\\", "%", "25", "2e", "%2F", "%5c", "%3B", "%C3%A9", "a", "%61"]),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join("")),
  fc.stringMatching(/^(%[0-9a-fA-F]{2}|[./%;a-f0-9])*$/),
  fc.string({ unit: "binary" }),
);

test("what is normal stays as it is, and so does its path when it is parsed again", () => {
  fc.assert(
    fc.property(paths, fc.constantFrom("", "?", "?a=%61", "#b"), (path, rest) => {
      const visited = visitedAddress(`https://a.example/${path}${rest}`)!;
      const again = visitedAddress(visited.href)!;
      // What was wrong with a path as it was written may be resolved in the URL.
      const { flaw, readings } = visited.flaw ? again : visited;
      expect(again).toEqual({ ...visited, flaw, readings });
      expect(parseAddress(visited.href)).toEqual(parseAddress(again.href));
      expect(visited.pathname).toMatch(/^\/(?:[!-$&-~]|%[\dA-F]{2}|%25)*$/);
    }),
    { numRuns: 1000 },
  );
});

test("each reading is a normal path without a flaw, there are some dozens at most, and the last is read no further", () => {
  fc.assert(
    fc.property(paths, (path) => {
      const visited = visitedAddress(`https://a.example/${path}`)!;
      for (const reading of visited.readings) {
        expect([visitedAddress(withPath(visited, reading).href)!.flaw, normalPath(reading)]).toEqual([
          undefined,
          reading,
        ]);
      }
      expect(new Set([visited.pathname, ...visited.readings]).size).toBe(visited.readings.length + 1);
      expect(visited.readings.length).toBeLessThanOrEqual(63);
      const bare = visited.readings.at(-1);
      if (bare === undefined) return;
      expect(bare).not.toMatch(/\/\/|;|\.(?:\/|$)/);
      expect(visitedAddress(`https://a.example${bare}`)!.readings).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
