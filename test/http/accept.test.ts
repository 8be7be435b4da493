import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  acceptance,
  canonicalCoding,
  likedCodings,
  normalAcceptLanguage,
  parseAcceptEncoding,
} from "../../src/http/accept.ts";

const ours = ["br", "gzip"];
const preferred = (value: string | undefined) => likedCodings(parseAcceptEncoding(value), ours)[0] ?? "identity";
const liked = (value: string) => likedCodings(parseAcceptEncoding(value), ["zstd", "br", "gzip"]);

describe("Accept-Encoding (RFC 9110 §12.5.3)", () => {
  test.for([
    [undefined, "identity"],
    ["", "identity"],
    ["gzip", "gzip"],
    ["gzip, br", "br"],
    ["gzip, deflate, br, zstd", "br"],
    ["br;q=0.5, gzip;q=0.8", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["x-gzip", "gzip"],
    ["GZIP", "gzip"],
    ["*", "br"],
    ["br;q=0, *", "gzip"],
    ["*;q=0", "identity"],
    ["identity", "identity"],
    ["identity;q=1, gzip;q=0.5", "identity"],
    ["identity;q=0.5, gzip;q=1.0", "gzip"],
    ["identity;q=0, gzip;q=0.001", "gzip"],
    ["compress, gzip", "gzip"],
    ["deflate", "identity"],
    ["gzip;q=nonsense", "identity"],
    ["gzip ; q=0.4 , br ; q=0.3", "gzip"],
    [" , gzip,, ", "gzip"],
  ] as const)("%s → %s", ([value, coding]) => {
    expect(preferred(value)).toBe(coding);
  });

  test("what is liked equally is told in the server's order", () => {
    expect(liked("gzip, deflate, br, zstd")).toEqual(["zstd", "br", "gzip"]);
    expect(liked("gzip;q=0.5, br;q=0.8, zstd;q=0.8")).toEqual(["zstd", "br"]);
    expect(liked("*;q=0.4, identity;q=0.5")).toEqual([]);
    expect(liked("*;q=0.5, identity;q=0.5, gzip;q=0")).toEqual(["zstd", "br"]);
    expect(liked("zstd;q=0")).toEqual([]);
  });

  test("a coding that isn't mentioned isn't accepted, but identity is unless it is ruled out", () => {
    const accepted = parseAcceptEncoding("gzip");
    expect(acceptance(accepted, "br")).toBe(0);
    expect(acceptance(accepted, "identity")).toBeGreaterThan(0);
    expect(acceptance(parseAcceptEncoding("gzip, *;q=0"), "identity")).toBe(0);
    expect(acceptance(parseAcceptEncoding("gzip, identity;q=0"), "identity")).toBe(0);
  });

  test("whatever the field holds, the choice is a coding that the client accepts, or identity", () => {
    const member = fc.oneof(
      fc
        .tuple(fc.constantFrom("gzip", "br", "*", "identity", "x"), fc.double({ min: 0, max: 1 }))
        .map(([c, q]) => `${c};q=${q.toFixed(3)}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(member), (members) => {
        const value = members.join(",");
        const choice = preferred(value);
        const weight = acceptance(parseAcceptEncoding(value), choice);
        expect(choice === "identity" || weight > 0).toBe(true);
        for (const coding of ours)
          expect(choice === "identity" || acceptance(parseAcceptEncoding(value), coding) <= weight).toBe(true);
      }),
    );
  });

  test("coding names compare without case, and x-gzip is gzip", () => {
    expect(canonicalCoding(" X-GZip ")).toBe("gzip");
    expect(canonicalCoding("BR")).toBe("br");
  });
});

test.for([
  ["en-GB , de; q=0.50", "en-gb;1,de;0.5"],
  ["de;q=.5, en", "de;q=.5, en"],
  ["de;q=0.5, en;q=1.000, *;q=0", "en;1,de;0.5,*;0"],
  ["de, en", "de;1,en;1"],
  ["en, de", "en;1,de;1"],
  [" , ", ""],
])("the languages %j are %j", ([value, expected]) => {
  expect(normalAcceptLanguage(value!)).toBe(expected);
});
