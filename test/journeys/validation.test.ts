import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";

const minute = { "cache-control": "max-age=60" };
const at = (seconds: number): string => new Date(dawn + seconds * 1000).toUTCString();

/** Fields of the stored answer, and of a 304 that the origin then gives. */
type Pair = readonly [
  what: string,
  stored: Readonly<Record<string, string>>,
  notModified: Readonly<Record<string, string>>,
];

const others: readonly Pair[] = [
  ["another strong tag", { etag: '"A"' }, { etag: '"B"' }],
  ["another weak tag", { etag: 'W/"A"' }, { etag: 'W/"B"' }],
  ["another date", { "last-modified": at(-900) }, { "last-modified": at(-90) }],
  ["another date without the tag", { etag: '"A"', "last-modified": at(-900) }, { "last-modified": at(-90) }],
  ["a tag of which nothing is known", { "last-modified": at(-900) }, { etag: '"B"' }],
];

const same: readonly Pair[] = [
  ["the same tag", { etag: '"A"' }, { etag: '"A"' }],
  ["the weak form of the tag", { etag: '"A"' }, { etag: 'W/"A"' }],
  [
    "the same tag with another date",
    { etag: '"A"', "last-modified": at(-900) },
    { etag: '"A"', "last-modified": at(-90) },
  ],
  ["no validator", { etag: '"A"' }, {}],
];

describe("a 304 with", () => {
  test.each(others)("%s updates nothing: all of the new answer is asked for", async (_, stored, notModified) => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    const now = { ...minute, ...notModified };
    await origin.answers(
      "/a",
      { headers: { ...minute, ...stored }, body: "bytes of A" },
      { status: 304, headers: now },
      { headers: now, body: "bytes of B" },
    );
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(61);
    const asked = await world.visit("/a");
    expect([await asked.text(), cacheStatus(asked)]).toEqual(["bytes of B", "fwd=stale; fwd-status=200; stored"]);
    await world.settle();
    expect(await (await world.visit("/a")).text()).toBe("bytes of B");
    const conditions = (await origin.seen()).map(
      ({ headers }) => "if-none-match" in headers || "if-modified-since" in headers,
    );
    expect(conditions).toEqual([false, true, false]);
  });

  test.each(same)("%s updates the stored answer, which keeps its tag", async (_, stored, notModified) => {
    const world = createWorld();
    const confirmation = { status: 304, headers: { ...minute, ...notModified, "x-new": "yes" } };
    await world
      .origin("frankfurt")
      .answers("/a", { headers: { ...minute, ...stored }, body: "bytes of A" }, confirmation);
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(61);
    const confirmed = await world.visit("/a");
    expect([await confirmed.text(), confirmed.headers.get("x-new")]).toEqual(["bytes of A", "yes"]);
    expect(confirmed.headers.get("etag")).toBe('"A"');
    expect(cacheStatus(confirmed)).toContain("fwd-status=304");
  });

  test("another tag makes a refresh behind the client's back ask for all of it", async () => {
    const world = createWorld();
    const headers = { "cache-control": "max-age=60, stale-while-revalidate=60" };
    const now = { ...headers, etag: '"B"' };
    await world
      .origin("frankfurt")
      .answers(
        "/a",
        { headers: { ...headers, etag: '"A"' }, body: "bytes of A" },
        { status: 304, headers: now },
        { headers: now, body: "bytes of B" },
      );
    await (await world.visit("/a")).text();
    await world.settle();
    world.clock.advance(61);
    expect(await (await world.visit("/a")).text()).toBe("bytes of A");
    await world.settle();
    const refreshed = await world.visit("/a");
    expect([await refreshed.text(), refreshed.headers.get("etag")]).toEqual(["bytes of B", '"B"']);
    expect(cacheStatus(refreshed)).toBe("hit; ttl=60");
  });

  test("another tag doesn't confirm slices", async () => {
    const vars = { RULES: [{ cache: { slice: "64KB" } }], SITES: [{ hosts: ["*"], origins: ["frankfurt"] }] };
    const world = createWorld({ vars });
    const origin = world.origin("frankfurt");
    const file = { bytes: 200_000, ranges: true };
    await origin.answers(
      "/a",
      { ...file, headers: { ...minute, etag: '"A"' } },
      { status: 304, headers: { ...minute, etag: '"B"' } },
      { ...file, headers: { ...minute, etag: '"B"' } },
    );
    const range = { headers: { range: "bytes=0-9" } };
    expect((await world.visit("/a", range)).headers.get("etag")).toBe('"A"');
    await world.settle();
    world.clock.advance(61);
    const asked = await world.visit("/a", range);
    expect([asked.status, asked.headers.get("etag")]).toEqual([206, '"B"']);
    await asked.arrayBuffer();
    await world.settle();
    expect((await origin.seen()).map(({ headers }) => headers["range"])).toEqual([
      "bytes=0-65535",
      "bytes=0-0",
      "bytes=0-65535",
    ]);
  });
});
