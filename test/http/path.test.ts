import fc from "fast-check";
import { expect, test } from "vitest";
import { pathFlaw, normalPath, writtenPath, type PathFlaw } from "../../src/http/path.ts";

/** Paths as the URL parser hands them over: the plain dot segments and their %2e spellings are already resolved. */
const cases: readonly [path: string, flaw: PathFlaw | undefined][] = [
  // what every shared cache passes
  ["/", undefined],
  ["/a/b/c.html", undefined],
  ["/a%2Fb", undefined],
  ["/a%5Cb", undefined],
  ["/a%252Fb", undefined],
  ["//a//b/", undefined],
  ["//evil.example/x", undefined],
  ["/%2F%2Fevil.example", undefined],
  ["/a%20b", undefined],
  ["/a+b", undefined],
  ["/caf%C3%A9", undefined],
  ["/%F0%9F%90%98", undefined],
  ["/100%25", undefined],
  ["/100%25%20off", undefined],
  ["/50%25ab", undefined],
  ["/a%253Fb", undefined],
  ["/redirect/https%3A%2F%2Fa.example%2F%3Fnext%3Dhttps%253A%252F%252Fb.example%252F", undefined],
  ["/a..b", undefined],
  ["/..a", undefined],
  ["/a..", undefined],
  ["/...", undefined],
  ["/.../b", undefined],
  ["/a/..b/c", undefined],
  ["/v1.0..2.0/diff", undefined],
  ["/a%2F.%2Fb", undefined],
  ["/.well-known/acme-challenge/x", undefined],
  ["/.hidden", undefined],
  ["/a;b=c/d", undefined],
  ["/a;..b/c", undefined],
  ["/a%3Bb", undefined],
  ["/|^`{}[]~!$&'()*,=:@", undefined],
  ["/%C2%85", undefined],
  ["/%EF%BC%8F%EF%BC%8E", undefined],
  // dot segments in disguise
  ["/..%2f", "traversal"],
  ["/..%2Fetc/passwd", "traversal"],
  ["/a/..%2Fb", "traversal"],
  ["/a%2F..", "traversal"],
  ["/a%2F../b", "traversal"],
  ["/a%2f..%2fb", "traversal"],
  ["/%2e%2e%2fb", "traversal"],
  ["/%2E%2E%2Fb", "traversal"],
  ["/.%2e%2fb", "traversal"],
  ["/%2e.%2fb", "traversal"],
  ["/..%5cb", "traversal"],
  ["/..%5Cb", "traversal"],
  ["/a%5c..%5cb", "traversal"],
  ["/a%5c..", "traversal"],
  ["/%2e%2e%5cwindows", "traversal"],
  ["/..\\b", "traversal"],
  ["/a\\..\\b", "traversal"],
  ["/..", "traversal"],
  ["/../a", "traversal"],
  ["..", "traversal"],
  ["/..;/manager", "traversal"],
  ["/..;a=b/manager", "traversal"],
  ["/a/..;", "traversal"],
  ["/..%3b/manager", "traversal"],
  ["/%2e%2e%3B/manager", "traversal"],
  ["/..%20/b", "traversal"],
  ["/..%20%20;x", "traversal"],
  // in fullwidth
  ["/%EF%BC%8E%EF%BC%8E/b", "traversal"],
  ["/．．/b", "traversal"],
  ["/..／b", "traversal"],
  ["/％2e％2e/b", "traversal"],
  ["/a．．b", undefined],
  // encoded twice and more
  ["/%252e%252e/b", "traversal"],
  ["/%252e%252e%252fb", "traversal"],
  ["/..%252fb", "traversal"],
  ["/..%252Fb", "traversal"],
  ["/..%255cb", "traversal"],
  ["/%252e./b", "traversal"],
  ["/.%252e/b", "traversal"],
  ["/%2e%252e/b", "traversal"],
  ["/%25252e%25252e/b", "traversal"],
  ["/%2525252e%2525252e%2525252fb", "traversal"],
  ["/%25%32%65%25%32%65/b", "traversal"],
  ["/%25%32e%252%65/b", "traversal"],
  ["/%252525%32%65./b", "traversal"],
  [`/${"%25".repeat(5000)}`, undefined],
  [`/%${"25".repeat(5000)}2e./b`, "traversal"],
  // a part that is no escape doesn't hide the rest
  ["/%252e%252e%252f%25", "traversal"],
  ["/%25ff/%252e%252e/b", "traversal"],
  ["/%25zz/%252e%252e/b", "traversal"],
  // NUL and other control characters
  ["/%00", "control"],
  ["/a.php%00.png", "control"],
  ["/%2500", "control"],
  ["/%25%30%30", "control"],
  ["/%0d%0aSet-Cookie:a=b", "control"],
  ["/%250d%250a", "control"],
  ["/%09", "control"],
  ["/%1B[2J", "control"],
  ["/%1f", "control"],
  ["/%7F", "control"],
  ["/%257f", "control"],
  ["/a\nb", "control"],
  ["/a\0b", "control"],
  ["/..%00/", "control"],
  // no percent-encoded UTF-8
  ["/%", undefined],
  ["/100%", undefined],
  ["/%2", undefined],
  ["/%zz", undefined],
  ["/%u002e%u002e/", "encoding"],
  ["/%u4e2d", "encoding"],
  ["/100%unique", undefined],
  ["/%-1", undefined],
  ["/%%32%65", undefined],
  ["/%ff", undefined],
  ["/caf%E9", undefined],
  ["/%C3", undefined],
  ["/%80", undefined],
  ["/%C0%AE%C0%AE/", "encoding"],
  ["/%c0%af", "encoding"],
  ["/%c1%9c", "encoding"],
  ["/%E0%80%AE/", "encoding"],
  ["/%F0%80%80%AE/", "encoding"],
  ["/%F8%80%80%80%AE/", "encoding"],
  ["/%FC%80%80%80%80%AE/", "encoding"],
  ["/%FC%80ber", undefined],
  ["/%ED%A0%80", undefined],
  ["/%F4%90%80%80", undefined],
  ["/%25c0%25ae%25c0%25ae/", "encoding"],
  ["/%25E0%2580%25AE/", "encoding"],
  ["/%25F0%2580%2580%25AE/", "encoding"],
];

test.each(cases)("%j: %s", (path, flaw) => {
  expect(pathFlaw(path)).toBe(flaw);
});

test("a traversal is found however often each of its characters is encoded", () => {
  const encoded = (character: string, times: number): string =>
    times === 0 ? character : escaped(encoded(character, times - 1));
  const spelling = (character: string): fc.Arbitrary<string> =>
    fc.integer({ min: 0, max: 4 }).map((times) => encoded(character, times));
  const slash = fc.constantFrom("/", "\\").chain(spelling);
  const tame = fc.constantFrom("", "a", "a%20b", "%25", "caf%C3%A9", "%252F");
  fc.assert(
    fc.property(tame, slash, spelling("."), spelling("."), slash, tame, (before, ...rest) => {
      expect(pathFlaw(`/${before}${rest.join("")}`)).toBe("traversal");
    }),
    { numRuns: 500 },
  );
});

/** Every character of it percent-encoded. */
function escaped(text: string): string {
  return [...text].map((character) => `%${character.charCodeAt(0).toString(16)}`).join("");
}

test("whatever a URL's path holds, a flaw is found or none, and encoded text has none", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect([undefined, "encoding", "control", "traversal"]).toContain(pathFlaw(text));
      expect([undefined, "encoding", "control", "traversal"]).toContain(
        pathFlaw(new URL(`https://a/${text}`).pathname),
      );
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~\u00a0-\ud7ff]*$/), (text) => {
      fc.pre(!text.includes("%") && !text.includes(".."));
      expect(pathFlaw(`/${encodeURIComponent(text)}`)).toBeUndefined();
    }),
  );
});

test.for([
  ["/admin", "/admin"],
  ["/%61dmin", "/admin"],
  ["/%41%2d%5F%7e%2E", "/A-_~."],
  ["/a%2fb%3a%c3%a9", "/a%2Fb%3A%C3%A9"],
  ["/%2561dmin", "/%2561dmin"],
  ["/%", "/%25"],
  ["/%%32%65", "/%252e"],
] as const)("the normal form of %s is %s", ([path, plain]) => {
  expect(normalPath(path)).toBe(plain);
  expect(normalPath(plain)).toBe(plain);
});

test("the deepest nesting costs no more than its length", () => {
  const path = `/%${"25".repeat(500_000)}`;
  const start = performance.now();
  expect(pathFlaw(path)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(2_000);
});

test.for([
  ["https://a.example/b/../c?d=/../e", "/b/../c"],
  ["https://a.example", "/"],
  ["https://a.example?b", ""],
  ["https://a.example/%2e%2e/b#/..", "/%2e%2e/b"],
  ["https://a.example\\..\\b", "\\..\\b"],
] as const)("the path that was written in %s is %s", ([url, path]) => {
  expect(writtenPath(url)).toBe(path);
});
