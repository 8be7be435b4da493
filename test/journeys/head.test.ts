import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";

const at = (seconds: number): string => new Date(dawn + seconds * 1000).toUTCString();
const first = { "cache-control": "max-age=60", etag: '"v1"', "content-length": "3", date: at(0) };

/** A GET that is stored, a HEAD when it has become stale, and then a GET again. */
async function story(...later: readonly OriginAnswer[]) {
  const world = createWorld();
  const origin = world.origin("frankfurt");
  await origin.answers("/a", { headers: { ...first, "x-run": "1" }, body: "one" }, ...later);
  await (await world.visit("/a")).text();
  await world.settle();
  world.clock.advance(61);
  const head = await world.visit("/a", { method: "HEAD" });
  await world.settle();
  const again = await world.visit("/a");
  return { head, again, text: await again.text(), seen: await origin.seen() };
}

describe("a HEAD that the origin answers", () => {
  test.for([
    ["with the same validator and length", { etag: '"v1"', "content-length": "3" }],
    ["with the same validator", { etag: '"v1"' }],
    ["without any", {}],
  ] as const)("%s brings the stored answer up to date", async ([, fields]) => {
    const headers = { "cache-control": "max-age=600", date: at(61), "x-run": "2", ...fields };
    const { head, again, text, seen } = await story({ headers });
    expect(head.headers.get("x-run")).toBe("2");
    expect(cacheStatus(head)).toBe("fwd=stale; fwd-status=200; ttl=600; stored");
    expect(cacheStatus(again)).toBe("hit; ttl=600");
    expect([text, again.headers.get("x-run"), again.headers.get("content-length")]).toEqual(["one", "2", "3"]);
    expect(seen.map(({ method }) => method)).toEqual(["GET", "HEAD"]);
  });

  test.for([
    ["another entity tag", { etag: '"v2"', "content-length": "3" }],
    ["another length", { etag: '"v1"', "content-length": "4" }],
    ["a date of change that the stored one lacks", { "last-modified": at(-60), "content-length": "3" }],
  ] as const)("with %s makes the stored answer go", async ([, fields]) => {
    const headers = { "cache-control": "max-age=600", date: at(61), ...fields };
    const next = { headers: { ...first, date: at(61) }, body: "two" };
    const { head, again, text } = await story({ headers }, next);
    expect(head.headers.get("content-length")).toBe(fields["content-length"]);
    expect(cacheStatus(head)).toBe("fwd=stale; fwd-status=200; detail=not-get");
    expect(cacheStatus(again)).toContain("fwd=uri-miss");
    expect(text).toBe("two");
  });

  test("with 304 does what it does for a GET", async () => {
    const { head, again } = await story({ status: 304, headers: { ...first, date: at(61) } });
    expect(cacheStatus(head)).toContain("fwd-status=304");
    expect(cacheStatus(again)).toBe("hit; ttl=60");
  });
});

describe("a HEAD answered from the store", () => {
  test("says what a GET would, and a range means nothing to it", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: first, body: "one" });
    await (await world.visit("/a")).text();
    await world.settle();
    const head = await world.visit("/a", { method: "HEAD", headers: { range: "bytes=0-0" } });
    expect([head.status, head.headers.get("content-length"), head.headers.get("content-range")]).toEqual([
      200,
      "3",
      null,
    ]);
    expect(head.headers.get("accept-ranges")).toBe("bytes");
    expect(cacheStatus(head)).toBe("hit; ttl=60");
  });
});
