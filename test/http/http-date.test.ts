import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatHttpDate, parseHttpDate } from "../../src/http/http-date.ts";

const now = Date.parse("2026-03-01T00:00:00Z");

describe("HTTP-date (RFC 9110 §5.6.7)", () => {
  test.for(["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])(
    "%s is read",
    (value) => {
      expect(parseHttpDate(value, now)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  test.for([
    "",
    "0",
    "-1",
    "now",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 UTC",
    "Sun, 06 Nov 1994 08:49:37 +0000",
    "Sun, 06 Nov 1994 24:00:00 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 31 Feb 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
    "1994-11-06T08:49:37Z",
  ])("%s is none", (value) => {
    expect(parseHttpDate(value, now)).toBeUndefined();
  });

  test("a two-digit year is at most fifty years ahead", () => {
    const year = (digits: string) =>
      new Date(parseHttpDate(`Sunday, 06-Nov-${digits} 08:49:37 GMT`, now)!).getUTCFullYear();
    expect([year("26"), year("76"), year("77"), year("00")]).toEqual([2026, 2076, 1977, 2000]);
  });

  test("a time that was written is read, to the second", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }), (date) => {
        const time = Math.floor(date.getTime() / 1000) * 1000;
        expect(parseHttpDate(formatHttpDate(time), now)).toBe(time);
      }),
    );
  });

  test("any text is read without an error", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: 4e12 }), (text, at) => {
        const time = parseHttpDate(text, at);
        expect(time === undefined || Number.isSafeInteger(time)).toBe(true);
      }),
    );
  });
});
