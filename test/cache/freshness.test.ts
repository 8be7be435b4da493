import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { controlOf } from "../../src/cache/control.ts";
import { bornAt, lifetimeOf } from "../../src/cache/freshness.ts";
import { completePolicy } from "../../src/config/complete.ts";
import { Fields } from "../../src/http/fields.ts";
import { edgeWith } from "../harness/rooms.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const date = (seconds: number): string => new Date(now + seconds * 1000).toUTCString();

const policy = completePolicy(undefined);
const edge = edgeWith();

function lifetime(
  headers: Record<string, string>,
  { status = 200, ttl }: { status?: number; ttl?: number } = {},
): number {
  const answer = Fields.of({ date: date(0), ...headers });
  const basis = { control: controlOf(answer, edge), policy: { ...policy, ttl }, answeredAt: now };
  return lifetimeOf(status, answer, basis) / 1000;
}

describe("how long an answer is fresh, in seconds (RFC 9111 §4.2.1)", () => {
  test.for<[Record<string, string>, number]>([
    [{}, 0],
    [{ "cache-control": "max-age=60" }, 60],
    [{ "cache-control": "MAX-AGE=60" }, 60],
    [{ "cache-control": "max-age=60, s-maxage=5" }, 5],
    [{ "cache-control": "max-age=60, max-age=5" }, 60],
    [{ "cache-control": 'max-age="60"' }, 60],
    [{ "cache-control": "max-age='60'" }, 0],
    [{ "cache-control": "max-age=-60" }, 0],
    [{ "cache-control": "max-age=60.5" }, 0],
    [{ "cache-control": "max-age= 60" }, 0],
    [{ "cache-control": 'x="max-age=3600", max-age=1' }, 1],
    [{ "cache-control": "max-age=99999999999" }, 2 ** 31],
    [{ "cache-control": "max-age=0", expires: date(60) }, 0],
    [{ expires: date(60) }, 60],
    [{ expires: date(-60) }, 0],
    [{ expires: "0" }, 0],
    [{ expires: date(60).replace("GMT", "gmt") }, 60],
    [{ expires: date(60).replace("GMT", "UTC") }, 0],
    [{ date: date(-30), expires: date(60) }, 90],
    [{ "cdn-cache-control": "max-age=7", "cache-control": "max-age=60", expires: date(90) }, 7],
    [{ "cdn-cache-control": "not a dictionary !", "cache-control": "max-age=60" }, 60],
    [{ "cdn-cache-control": "public", expires: date(90) }, 0],
    [{ "last-modified": date(-1000) }, 100],
    [{ "last-modified": date(-1e9) }, 24 * 3600],
    [{ "last-modified": date(60) }, 0],
    [{ "last-modified": "once upon a time" }, 0],
  ])("%j → %d", ([headers, seconds]) => {
    expect(lifetime(headers)).toBe(seconds);
  });

  test.for<[number, string, number]>([
    [404, "", 100],
    [410, "", 100],
    [403, "", 0],
    [502, "", 0],
    [599, "", 0],
    [599, "public", 100],
  ])("heuristics for %d %s → %d", ([status, control, seconds]) => {
    expect(lifetime({ "last-modified": date(-1000), "cache-control": control }, { status })).toBe(seconds);
  });

  test("a rule's ttl goes before all of it", () => {
    expect(lifetime({ "cache-control": "max-age=60", expires: date(9) }, { ttl: 5000 })).toBe(5);
  });

  test("never is negative or not a number, whatever the origin writes", () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom("max-age=", "s-maxage=1e9", 'max-age="', "Sun, 06 Nov 1994 08:49:37 GMT"),
    );
    const names = ["cache-control", "cdn-cache-control", "expires", "last-modified", "date", "age"] as const;
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
    fc.assert(
      fc.property(headers, (written) => {
        const seconds = lifetime(written as Record<string, string>);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(
          bornAt(Fields.of(written as Record<string, string>), { askedAt: now, answeredAt: now }),
        ).toBeLessThanOrEqual(now);
      }),
    );
  });
});

describe("how old an answer is when it arrives, in seconds (RFC 9111 §4.2.3)", () => {
  test.for<[Record<string, string>, number]>([
    [{ date: date(0) }, 2],
    [{}, 2],
    [{ date: date(-10) }, 10],
    [{ date: date(-10), age: "30" }, 32],
    [{ date: date(-60), age: "30" }, 60],
    [{ date: date(60) }, 2],
    [{ age: "abc" }, 2],
    [{ age: "-7200" }, 2],
    [{ age: "7200.0" }, 2],
    [{ age: "7200, 0" }, 7202],
    [{ age: "0, 7200" }, 2],
    [{ age: "99999999999" }, 2 ** 31 + 2],
  ])("%j, after two seconds of asking → %d", ([headers, seconds]) => {
    expect((now - bornAt(Fields.of(headers), { askedAt: now - 2000, answeredAt: now })) / 1000).toBe(seconds);
  });
});
