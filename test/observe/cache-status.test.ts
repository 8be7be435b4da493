import fc from "fast-check";
import { parseList, type Token } from "structured-headers";
import { expect, test } from "vitest";
import type { Answer, CacheStatus } from "../../src/answer.ts";
import type { Settings } from "../../src/config/model.ts";
import { Fields } from "../../src/http/fields.ts";
import { cacheStatus } from "../../src/observe/cache-status.ts";
import type { Reason } from "../../src/reasons.ts";

const settings = { name: "perigee", trail: true } as Settings;

function answer(cache: CacheStatus | undefined, because?: Reason): Answer {
  return { status: 200, fields: new Fields(), body: null, ...(cache && { cache }), ...(because && { because }) };
}

const cases: readonly [what: string, cache: CacheStatus | undefined, member: string][] = [
  ["a hit with freshness left", { hit: true, ttl: 58 }, "perigee; hit; ttl=58"],
  ["a stale hit", { hit: true, ttl: -3, detail: "refreshing" }, "perigee; hit; ttl=-3; detail=refreshing"],
  ["a miss that was stored", { fwd: "uri-miss", stored: true, ttl: 60 }, "perigee; fwd=uri-miss; ttl=60; stored"],
  ["a validation", { fwd: "stale", fwdStatus: 304, ttl: 60 }, "perigee; fwd=stale; fwd-status=304; ttl=60"],
  ["a bypass", { fwd: "bypass", detail: "rule" }, "perigee; fwd=bypass; detail=rule"],
  ["a fraction of a second", { hit: true, ttl: 1.9 }, "perigee; hit; ttl=1"],
  ["a key", { hit: true, key: 'https://a/"b\\' }, 'perigee; hit; key="https://a/\\"b\\\\"'],
  ["a detail that is no token", { hit: true, detail: "two words" }, 'perigee; hit; detail="two words"'],
  ["nothing known", undefined, "perigee"],
];

test.each(cases)("%s", (_what, cache, member) => {
  expect(cacheStatus(settings, answer(cache))).toBe(member);
});

test("an answer of the edge's own has its reason as the detail", () => {
  expect(cacheStatus(settings, answer(undefined, "blocked-by-rule"))).toBe("perigee; detail=blocked-by-rule");
});

test("the key stays inside without the trail: it may name origins", () => {
  const member = cacheStatus({ ...settings, trail: false }, answer({ hit: true, key: "https://a/ origins=frankfurt" }));
  expect(member).toBe("perigee; hit");
});

test("whatever it holds, it is one member of a structured list that reads back as it was written", () => {
  const texts = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(
      texts,
      texts,
      fc.double({ noNaN: true }),
      fc.stringMatching(/^[\x20-\x7e]+$/),
      (key, detail, ttl, name) => {
        const list = parseList(cacheStatus({ ...settings, name }, answer({ hit: true, ttl, key, detail })));
        expect(list).toHaveLength(1);
        const [[identifier, parameters]] = list as [[string | Token, Map<string, unknown>]];
        expect(identifier.toString()).toBe(name);
        expect([...parameters.keys()]).toEqual(["hit", "ttl", "key", "detail"]);
        if (/^[\x20-\x7e]*$/.test(key)) expect(parameters.get("key")).toBe(key);
      },
    ),
  );
});
