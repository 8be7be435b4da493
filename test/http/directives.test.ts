import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deltaSeconds, fieldNames, parseDirectives } from "../../src/http/directives.ts";

describe("directives (RFC 9111 §5.2)", () => {
  test.for([
    ["max-age=60, public", { "max-age": "60", public: "" }],
    ["Max-Age=60,PUBLIC", { "max-age": "60", public: "" }],
    ['private="set-cookie, x", no-cache', { private: "set-cookie, x", "no-cache": "" }],
    ['max-age="60"', { "max-age": "60" }],
    ['x="a\\"b"', { x: 'a"b' }],
    ["max-age=1, max-age=2", { "max-age": "1" }],
    ["max-age=1 x, no-store", { "no-store": "" }],
    [" , ,no-store, ", { "no-store": "" }],
    ["=5, no-store", { "no-store": "" }],
    ["", {}],
    [undefined, {}],
  ] as const)("%s", ([value, directives]) => {
    expect(Object.fromEntries(parseDirectives(value))).toEqual(directives);
  });

  test.for([
    ["max-age=0", 0],
    ["max-age=3600", 3600],
    ["max-age=99999999999999999999", 2 ** 31],
    ["max-age=-1", Number.NaN],
    ["max-age=1.5", Number.NaN],
    ["max-age=1e3", Number.NaN],
    ["max-age", Number.NaN],
    ["public", undefined],
  ] as const)("delta-seconds of %s", ([value, seconds]) => {
    expect(deltaSeconds(parseDirectives(value), "max-age")).toEqual(seconds);
  });

  test("a directive's field names are read in lower case", () => {
    expect(fieldNames(parseDirectives('private="Set-Cookie, X-User,,"'), "private")).toEqual(["set-cookie", "x-user"]);
    expect(fieldNames(parseDirectives("private"), "private")).toEqual([]);
  });

  test.each([
    ['private="a", private', ""],
    ['private, private="a"', ""],
    ['private="a", private="b"', "a,b"],
  ])("%s names what all of them name together", (value, argument) => {
    expect(parseDirectives(value).get("private")).toBe(argument);
    expect(parseDirectives(value.replaceAll("private", "no-cache")).get("no-cache")).toBe(argument);
  });

  test("directives that were written are read", () => {
    const name = fc.stringMatching(/^[a-z][a-z-]{0,8}$/);
    const argument = fc.option(fc.string({ unit: fc.constantFrom("a", "1", ",", " ", '"', "\\", "=") }), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, argument), { selector: ([key]) => key }), (pairs) => {
        const written = pairs.map(([key, text]) =>
          text === undefined ? key : `${key}="${text.replace(/["\\]/g, "\\$&")}"`,
        );
        expect([...parseDirectives(written.join(", "))]).toEqual(pairs.map(([key, text]) => [key, text ?? ""]));
      }),
    );
  });

  test("any value is read without an error, in one pass", () => {
    fc.assert(fc.property(fc.string(), (value) => void deltaSeconds(parseDirectives(value), "max-age")));
    const started = performance.now();
    for (const value of ['a="'.repeat(40_000), 'a="\\'.repeat(30_000), "a ".repeat(60_000)]) parseDirectives(value);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
