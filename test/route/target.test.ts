import fc from "fast-check";
import { expect, test } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import { pathFlaw } from "../../src/http/path.ts";
import { targetOf } from "../../src/route/target.ts";
import { clean, rule } from "../harness/rooms.ts";

function rewriting(path: string | undefined, query?: string, name = "rewrite"): Rule {
  const text = (value: string | undefined) => (value === undefined ? undefined : () => value);
  return rule(name, { rewrite: { path: text(path), query: text(query) } });
}

const paths: readonly [written: string, target: string][] = [
  ["/new", "/new?a=b"],
  ["new/page", "/new/page?a=b"],
  ["/a%2Fb", "/a%2Fb?a=b"],
  ["/a b", "/a%20b?a=b"],
  ["/café", "/caf%C3%A9?a=b"],
  ["/caf%c3%a9/%7Eb", "/caf%C3%A9/~b?a=b"],
  ["/a?b", "/a%3Fb?a=b"],
  ["/a#b", "/a%23b?a=b"],
  ["/a/./b", "/a/b?a=b"],
  ["/a//b", "/a//b?a=b"],
  ["//evil.example/x", "/evil.example/x?a=b"],
  ["///evil.example/x", "/evil.example/x?a=b"],
  ["/.//evil.example/x", "/evil.example/x?a=b"],
  ["/\\evil.example/x", "/evil.example/x?a=b"],
  ["\\\\evil.example", "/evil.example?a=b"],
  ["https://evil.example/x", "/https://evil.example/x?a=b"],
  ["@evil.example", "/@evil.example?a=b"],
  [":8080/x", "/:8080/x?a=b"],
];

test.each(paths)("a path rewritten to %j asks for %s", (written, target) => {
  expect(targetOf(clean("/old?a=b", rewriting(written)))).toEqual({ target, changes: ["rewrite=rewrite"] });
});

test.each(["", "/../x", "/a/..", "/..%2fx", "/%252e%252e/x", "/a\\..\\b", "/%", "/%c0%ae", "/a\r\nb", "/%00"])(
  "a path rewritten to %j stays what it was, and the trail says so",
  (written) => {
    const rewritten = targetOf(clean("/old?a=b", rewriting(written)));
    expect(rewritten).toEqual({ target: "/old?a=b", changes: ["rewrite-unusable=rewrite"] });
  },
);

const queries: readonly [written: string, target: string][] = [
  ["c=d", "/old?c=d"],
  ["?c=d", "/old?c=d"],
  ["", "/old"],
  ["a b#c", "/old?a%20b%23c"],
  ["next=../x", "/old?next=../x"],
];

test.each(queries)("a query rewritten to %j asks for %s", (written, target) => {
  expect(targetOf(clean("/old?a=b", rewriting(undefined, written)))).toMatchObject({ target });
});

test("without a rewrite it is what was visited, to the letter", () => {
  for (const target of ["/", "//a//b/?", "/a%2Fb%2F?x=%zz&&y", "/%C3%A9?q=%e9"]) {
    expect(targetOf(clean(`https://www.example.com${target}`, rule("none")))).toEqual({
      target,
      changes: [],
    });
  }
});

test("of two rewrites of the same part the later one wins; of two parts each stays", () => {
  const rules = [rewriting("/one", "one", "first"), rewriting("/two", undefined, "second")];
  expect(targetOf(clean("/old?a=b", ...rules))).toEqual({
    target: "/two?one",
    changes: ["rewrite=first", "rewrite=second"],
  });
});

test("a later one that can't be used leaves the earlier one's path", () => {
  expect(targetOf(clean("/old", rewriting("/one"), rewriting("/../two")))).toMatchObject({ target: "/one" });
});

test("whatever is written, the target begins with one slash, has no flaw, and stays on the origin's host", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[./\\%;?#@:0-9a-f]*$/));
  fc.assert(
    fc.property(text, fc.option(text, { nil: undefined }), (path, query) => {
      const { target } = targetOf(clean("/old", rewriting(path, query)));
      expect(target).toMatch(/^\/(?!\/)[!-~]*$/);
      const url = new URL(`https://origin.example${target}`);
      expect(url.host).toBe("origin.example");
      expect(pathFlaw(url.pathname)).toBeUndefined();
      expect(url.pathname + url.search).toBe(target);
    }),
    { numRuns: 1000 },
  );
});
