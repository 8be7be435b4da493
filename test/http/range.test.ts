import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentRange, parseContentLength, parseRange, resolveRange } from "../../src/http/range.ts";

/** The examples of RFC 9110 §14.1.2, and their edges, in a representation of 10,000 bytes. */
const inTenThousand = [
  ["bytes=0-499", "bytes 0-499/10000"],
  ["bytes=500-999", "bytes 500-999/10000"],
  ["bytes=-500", "bytes 9500-9999/10000"],
  ["bytes=9500-", "bytes 9500-9999/10000"],
  ["bytes=0-0", "bytes 0-0/10000"],
  ["bytes=-1", "bytes 9999-9999/10000"],
  ["bytes=-20000", "bytes 0-9999/10000"],
  ["bytes=9999-99999999999999999999999999", "bytes 9999-9999/10000"],
  ["BYTES=, 1-2 ,", "bytes 1-2/10000"],
  ["bytes=10000-", "unsatisfiable"],
  ["bytes=99999999999999999999999999-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=500-499", "ignored"],
  ["bytes=0-0,-1", "ignored"],
  ["bytes=", "ignored"],
  ["bytes=-", "ignored"],
  ["bytes=a-b", "ignored"],
  ["bytes=0x1-2", "ignored"],
  ["bytes=1--2", "ignored"],
  ["lines=1-2", "ignored"],
  ["", "ignored"],
] as const;

describe("byte ranges (RFC 9110 §14)", () => {
  test.for(inTenThousand)("%s → %s", ([value, expected]) => {
    const asked = parseRange(value);
    const range = asked && resolveRange(asked, 10_000);
    expect(asked ? (range ? contentRange(range, 10_000) : "unsatisfiable") : "ignored").toBe(expected);
  });

  test("any field value is read without an error, and what comes of it lies inside", () => {
    const digits = fc.string({ unit: fc.constantFrom("0", "1", "9", "-", ",", " ", "=") });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          digits.map((d) => `bytes=${d}`),
        ),
        fc.nat(),
        (value, length) => {
          const asked = parseRange(value);
          const range = asked && resolveRange(asked, length);
          if (!range) return;
          expect(range.first).toBeGreaterThanOrEqual(0);
          expect(range.first).toBeLessThanOrEqual(range.last);
          expect(range.last).toBeLessThan(length);
        },
      ),
    );
  });

  test("a range that was written is read", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (first, more) => {
        expect(parseRange(`bytes=${first}-${first + more}`)).toEqual({ first, last: first + more });
      }),
    );
  });

  test("a content length is one whole number", () => {
    expect(["0", "42", "1, 1", "-1", "1e3", " 1", "", "1".repeat(16), undefined].map(parseContentLength)).toEqual([
      0,
      42,
      ...Array<undefined>(7).fill(undefined),
    ]);
  });
});
