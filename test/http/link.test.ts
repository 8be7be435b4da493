import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapLinks, mapRefresh } from "../../src/http/link.ts";

const shout = (reference: string) => reference.toUpperCase();

describe("Link (RFC 8288)", () => {
  test.for([
    ['<http://a.example/b>; rel="previous"; title="b"', '<HTTP://A.EXAMPLE/B>; rel="previous"; title="b"'],
    ['</a>; rel="x", </b>; rel=y', '</A>; rel="x", </B>; rel=y'],
    ['<a>; title="not <b>, nor \\"<c>"; rel=x, <d>', '<A>; title="not <b>, nor \\"<c>"; rel=x, <D>'],
    ['<>; rel=self; anchor="http://a.example"', '<>; rel=self; anchor="HTTP://A.EXAMPLE"'],
    ["<unclosed", "<UNCLOSED"],
    ['"unclosed <a>', '"unclosed <a>'],
    ["no link at all", "no link at all"],
  ] as const)("%s", ([value, mapped]) => {
    expect(mapLinks(value, shout)).toBe(mapped);
  });

  test("nothing but targets changes, whatever the value", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("<", ">", '"', "\\", "a", ",", ";", "$&", "anchor=") }),
        (value) => {
          expect(mapLinks(value, (target) => target)).toBe(value);
          expect(mapLinks(value, shout).toLowerCase()).toBe(value.toLowerCase());
        },
      ),
    );
  });

  test("a value that opens brackets and quotes without end is read in one pass", () => {
    const started = performance.now();
    for (const value of ['"\\'.repeat(50_000), "<".repeat(100_000), `anchor="${'\\"'.repeat(50_000)}`])
      mapLinks(value, shout);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("Refresh", () => {
  test.for([
    ["5; url=/next", "5; url=/NEXT"],
    ["0;URL='http://a.example'", "0;URL='HTTP://A.EXAMPLE'"],
    ["5, /next", "5, /NEXT"],
    ["5", "5"],
    ["", ""],
  ] as const)("%s", ([value, mapped]) => {
    expect(mapRefresh(value, shout)).toBe(mapped);
  });

  test("any value is mapped without an error, and stays the same under the identity", () => {
    fc.assert(
      fc.property(fc.string(), (value) => void expect(mapRefresh(value, (reference) => reference)).toBe(value)),
    );
  });
});
