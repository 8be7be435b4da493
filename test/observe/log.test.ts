import { expect, test } from "vitest";
import { refuse, type CacheStatus } from "../../src/answer.ts";
import { Fields } from "../../src/http/fields.ts";
import { writeLine } from "../../src/observe/log.ts";
import type { Settings } from "../../src/config/model.ts";
import { createStage } from "./stage.ts";

const found = { status: 200, fields: new Fields(), body: null };

test("a line says who asked for what, what they got, from where, and how long it took", () => {
  const { edge, arrive, clock, lines } = createStage();
  const visit = arrive({
    headers: {
      "user-agent": "curl/8",
      "cf-connecting-ip": "192.0.2.7",
      cookie: "session=hush",
      authorization: "Bearer hush",
    },
    cf: { country: "DE", asn: 64496 },
  });
  visit.trail.note("site", "www");
  visit.trail.note("origin", "frankfurt:200", 12);
  clock.now += 15;
  const fields = Fields.of({ "content-length": "420", "set-cookie": "session=hush" });
  writeLine(visit, { ...found, fields, origin: "frankfurt", cache: { fwd: "uri-miss" } }, edge);
  expect(JSON.parse(lines[0]!)).toEqual({
    time: "2026-03-01T12:00:00.000Z",
    id: visit.id,
    site: "www",
    method: "GET",
    host: "www.example.com",
    path: "/a",
    status: 200,
    cache: "uri-miss",
    origin: "frankfurt",
    ms: 15,
    bytes: 420,
    ip: "192.0.2.7",
    country: "DE",
    asn: 64496,
    agent: "curl/8",
    trail: ["site=www", "origin=frankfurt:200 12ms"],
  });
});

test("a line holds no query, cookie or credential", () => {
  const { edge, arrive, lines } = createStage();
  writeLine(
    arrive({ headers: { cookie: "s=hush", authorization: "hush" } }, "https://hush:hush@www.example.com/a?k=hush#hush"),
    found,
    edge,
  );
  expect(lines[0]).not.toContain("hush");
});

const words: readonly [CacheStatus, string][] = [
  [{ hit: true, ttl: 5 }, "hit"],
  [{ hit: true, ttl: -5 }, "stale"],
  [{ fwd: "stale", fwdStatus: 304 }, "revalidated"],
  [{ fwd: "stale", fwdStatus: 200 }, "expired"],
  [{ fwd: "stale", fwdStatus: 503, ttl: -5, detail: "stale-if-error" }, "stale"],
  [{ fwd: "uri-miss" }, "uri-miss"],
  [{ fwd: "bypass" }, "bypass"],
];

test.each(words)("%j is called %s", (cache, word) => {
  const { edge, arrive, lines } = createStage();
  writeLine(arrive(), { ...found, cache }, edge);
  expect(JSON.parse(lines[0]!)).toMatchObject({ cache: word });
});

const wanted: readonly [Settings["log"], readonly number[]][] = [
  ["all", [200, 403, 502]],
  ["errors", [502]],
  ["none", []],
];

test.each(wanted)("with the setting %j there are lines for %j", (log, statuses) => {
  const { edge, arrive, lines } = createStage({ log });
  for (const answer of [found, refuse("blocked-by-rule"), refuse("no-origin-answered")])
    writeLine(arrive(), answer, edge);
  expect(lines.map((line) => (JSON.parse(line) as { status: number }).status)).toEqual(statuses);
});

test("a line is bounded, whatever the client makes long", () => {
  const { edge, arrive, lines } = createStage();
  const headers = { "user-agent": `"\\${"x".repeat(50_000)}` };
  writeLine(arrive({ headers }, `https://${"a.".repeat(10_000)}example/${"x".repeat(50_000)}`), found, edge);
  expect(lines[0]).not.toContain("\n");
  expect(lines[0]!.length).toBeLessThan(5_000);
});
