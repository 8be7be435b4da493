import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWeak, matchesStrongly, matchesWeakly, parseETagList, weaken } from "../../src/http/etag.ts";

describe("entity tags (RFC 9110 §8.8.3)", () => {
  test.for([
    ['W/"1"', 'W/"1"', false, true],
    ['W/"1"', 'W/"2"', false, false],
    ['W/"1"', '"1"', false, true],
    ['"1"', '"1"', true, true],
  ] as const)("%s and %s: strong %s, weak %s", ([a, b, strong, weak]) => {
    expect(matchesStrongly(a, b)).toBe(strong);
    expect(matchesWeakly(a, b)).toBe(weak);
    expect(matchesWeakly(b, a)).toBe(weak);
  });

  test.for([
    ["*", "*"],
    [' "xyzzy" ', ['"xyzzy"']],
    ['"xyzzy", "r2d2xxxx", "c3piozzzz"', ['"xyzzy"', '"r2d2xxxx"', '"c3piozzzz"']],
    ['W/"xyzzy",W/"r2d2xxxx" , "a,b"', ['W/"xyzzy"', 'W/"r2d2xxxx"', '"a,b"']],
    [',,"a",,', ['"a"']],
    ['bare, "a"', ["bare", '"a"']],
    ['""', ['""']],
    ["", []],
  ] as const)("the list %s", ([value, tags]) => {
    expect(parseETagList(value)).toEqual(tags);
  });

  const opaque = fc.stringMatching(/^[!#-~]{0,12}$/);
  const tag = fc.tuple(fc.boolean(), opaque).map(([weak, text]) => `${weak ? "W/" : ""}"${text}"`);

  test("a list that was written is read", () => {
    fc.assert(fc.property(fc.array(tag), (tags) => void expect(parseETagList(tags.join(", "))).toEqual(tags)));
  });

  test("a weakened tag is weak, matches its like weakly and nothing strongly", () => {
    fc.assert(
      fc.property(tag, (etag) => {
        expect(isWeak(weaken(etag))).toBe(true);
        expect(weaken(weaken(etag))).toBe(weaken(etag));
        expect(matchesWeakly(weaken(etag), etag)).toBe(true);
        expect(matchesStrongly(weaken(etag), etag)).toBe(false);
      }),
    );
  });

  test("any list is read without an error or an end", () => {
    const text = fc.string({ unit: fc.constantFrom('"', ",", " ", "W/", "a", "\t", "\u0000", "é") });
    fc.assert(fc.property(fc.oneof(fc.string(), text), (value) => void expect(parseETagList(value)).toBeDefined()));
  });
});
