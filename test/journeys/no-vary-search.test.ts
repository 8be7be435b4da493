/** Queries that share an answer, because the origin says that they may (No-Vary-Search). */
import { describe, expect, test } from "vitest";
import type { Edge } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { cacheStatus, createWorld, type World } from "../harness/world.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";

const minute = { "cache-control": "max-age=60" };
const byId = { ...minute, "no-vary-search": 'key-order, except=("id")' };
const token = "a-long-secret-token";

/** The origin answers "1", "2", "3" … at /item, with these fields; the store tells what it was asked. */
async function createShop(headers: Readonly<Record<string, string>> = byId, more: Partial<OriginAnswer> = {}) {
  const store = createMemoryStore();
  const matched: string[] = [];
  const match: Edge["store"]["match"] = (key) => (matched.push(key), store.match(key));
  const world = createWorld({ vars: { ADMIN_TOKEN: token }, ports: { store: { ...store, match } } });
  await restock(world, headers, more);
  return { world, matched, see: (target: string, request = {}) => see(world, target, request) };
}

async function restock(world: World, headers: Readonly<Record<string, string>>, more: Partial<OriginAnswer> = {}) {
  const answers = Array.from({ length: 9 }, (_, at) => ({ headers, body: String(at + 1), ...more }));
  await world.origin("frankfurt").answers("/item", ...answers);
}

/** The body, and how the cache came to it. */
async function see(world: World, target: string, request: Readonly<Record<string, string>>): Promise<string> {
  const response = await world.visit(target, { headers: request });
  const seen = `${await response.text()} ${cacheStatus(response).split(";")[0]}`;
  await world.settle();
  return seen;
}

describe("an answer that tells what of its query counts", () => {
  test("serves all queries that agree in that, also the empty one, and no other", async () => {
    const { see } = await createShop();
    expect(await see("/item?id=7&utm_source=mail")).toBe("1 fwd=uri-miss");
    expect(await see("/item?id=7&utm_source=ad")).toBe("1 hit");
    expect(await see("/item?x&%69d=7")).toBe("1 hit");
    expect(await see("/item?id=8")).toBe("2 fwd=uri-miss");
    expect(await see("/item?utm_source=mail")).toBe("3 fwd=uri-miss");
    expect(await see("/item")).toBe("3 hit");
    expect(await see("/other?id=7")).toMatch(/fwd=uri-miss$/);
  });

  test("reaches the client with the field as it is", async () => {
    const { world, see } = await createShop();
    await see("/item?id=7");
    const hit = await world.visit("/item?id=7&x=1");
    expect([cacheStatus(hit), hit.headers.get("no-vary-search")]).toEqual(["hit; ttl=60", byId["no-vary-search"]]);
  });

  test("varies by request fields as well", async () => {
    const { see } = await createShop({ ...byId, vary: "accept-language" });
    expect(await see("/item?id=7&x=1", { "accept-language": "de" })).toBe("1 fwd=uri-miss");
    expect(await see("/item?id=7&x=2", { "accept-language": "fr" })).toBe("2 fwd=miss");
    expect(await see("/item?id=7&x=3", { "accept-language": "de" })).toBe("1 hit");
    expect(await see("/item?id=7&x=3", { "accept-language": "fr" })).toBe("2 hit");
  });

  test("is asked about under any of its queries when it is stale, and goes on for all", async () => {
    const { world, see } = await createShop({ ...byId, etag: '"v1"' });
    await see("/item?id=7&x=1");
    world.clock.advance(100);
    await world.origin("frankfurt").answers("/item", { status: 304, headers: { ...minute, etag: '"v1"' } });
    expect(await see("/item?id=7&x=2")).toBe("1 fwd=stale");
    expect(await see("/item?id=7&x=3")).toBe("1 hit");
  });

  test("takes the place of one that was stored under its query alone", async () => {
    const { world, see } = await createShop(minute);
    expect(await see("/item?id=7&x=1")).toBe("1 fwd=uri-miss");
    world.clock.advance(100);
    await restock(world, byId);
    expect(await see("/item?id=7&x=1")).toBe("1 fwd=stale");
    expect(await see("/item?id=7&x=2")).toBe("1 hit");
    expect(await see("/item?id=7&x=1")).toBe("1 hit");
  });

  test("makes way for one that is for its query alone", async () => {
    const { world, see } = await createShop();
    await see("/item?id=7&x=1");
    world.clock.advance(100);
    await restock(world, minute);
    expect(await see("/item?id=7&x=1")).toBe("1 fwd=stale");
    expect(await see("/item?id=7&x=1")).toBe("1 hit");
    expect(await see("/item?id=7&x=2")).toBe("2 fwd=stale");
  });

  test("is stored in slices like any other", async () => {
    const { see } = await createShop({ ...byId, etag: '"v1"' }, { body: "", bytes: 3_000_000, ranges: true });
    const status = async (target: string): Promise<string> =>
      (await see(target, { range: "bytes=2000000-2000001" })).slice(-"fwd=uri-miss".length).trim();
    expect(await status("/item?id=7&x=1")).toBe("fwd=uri-miss");
    expect(await status("/item?id=7&x=2")).toMatch(/ hit$/);
    expect(await status("/item?id=8&x=2")).toBe("fwd=uri-miss");
  });

  test("leaves the others behind when it says something else than they did", async () => {
    const { world, see } = await createShop();
    await see("/item?id=7&x=1");
    await restock(world, { ...minute, "no-vary-search": 'params=("x")' });
    expect(await see("/item?id=8&x=1")).toBe("1 fwd=uri-miss");
    expect(await see("/item?x=2&id=8")).toBe("1 hit");
    expect(await see("/item?id=7&x=1")).toBe("2 fwd=uri-miss");
  });

  test("many who ask for it by different queries wait for one of them", async () => {
    const { world } = await createShop();
    await (await world.visit("/item?id=7&x=0")).text();
    await world.settle();
    world.clock.advance(100);
    const crowd = await Promise.all(Array.from({ length: 9 }, (_, x) => world.visit(`/item?id=7&x=${x + 1}`)));
    expect(await Promise.all(crowd.map((each) => each.text()))).toEqual(Array(9).fill("2"));
    expect(await world.origin("frankfurt").seen()).toHaveLength(2);
  });
});

describe("nobody shares", () => {
  test.for([["params=x"], ["params=?1"], ['params=("id"), except=("id")'], [""]])(
    "by a field that says nothing: %s",
    async ([field]) => {
      const { see } = await createShop({ ...minute, ...(field && { "no-vary-search": field }) });
      expect(await see("/item?id=7")).toBe("1 fwd=uri-miss");
      expect(await see("/item?id=7&x=1")).toBe("2 fwd=uri-miss");
    },
  );

  test("an error: what the origin ignores may have provoked it", async () => {
    const { world, see } = await createShop(byId, { status: 404 });
    expect(await see("/item?id=7&x=<script>")).toBe("1 fwd=uri-miss");
    await restock(world, byId);
    expect(await see("/item?id=7")).toBe("1 fwd=uri-miss");
  });

  test("what a rule keeps apart", async () => {
    const apart = createWorld({ vars: { RULES: [{ cache: { key: { headers: ["x-kind"] } } }] } });
    await restock(apart, byId);
    expect(await see(apart, "/item?id=7&x=1", { "x-kind": "a" })).toBe("1 fwd=uri-miss");
    expect(await see(apart, "/item?id=7&x=2", { "x-kind": "b" })).toBe("2 fwd=uri-miss");
    expect(await see(apart, "/item?id=7&x=3", { "x-kind": "a" })).toBe("1 hit");
  });
});

describe("what is shared is forgotten", () => {
  const purge = (world: World, url: string): Promise<Response> =>
    world.visit("/.perigee/purge", {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ urls: [url] }),
    });

  test("by a purge of any of its URLs, and of no other", async () => {
    const { world, see } = await createShop();
    await see("/item?id=7&x=1");
    await see("/item?id=8");
    world.clock.advance(1);
    await purge(world, "https://www.example.com/item?y=2&id=7");
    world.clock.advance(1);
    expect(await see("/item?id=8&x=1")).toBe("2 hit");
    expect(await see("/item?id=7&x=3")).toBe("3 fwd=uri-miss");
    expect(await see("/item?id=7&x=1")).toBe("3 hit");
  });

  test("when any of its URLs is changed", async () => {
    const { world, see } = await createShop();
    await see("/item?id=7&x=1");
    await (await world.visit("/item?id=7&x=2", { method: "POST" })).text();
    await world.settle();
    expect(await see("/item?id=7&x=1")).toBe("3 fwd=uri-miss");
  });

  test("but a POST with a query leaves what stands without one, where nothing is shared", async () => {
    const { world, see } = await createShop(minute);
    await see("/item");
    await (await world.visit("/item?id=7", { method: "POST" })).text();
    expect(await see("/item")).toBe("1 hit");
  });
});

describe("who doesn't use it", () => {
  test("pays nothing for a hit, and one look-up for a miss of a URL with a query", async () => {
    const { matched, see } = await createShop(minute);
    await see("/item?id=7");
    expect(matched.splice(0)).toEqual(["https://www.example.com/item?id=7", "https://www.example.com/item"]);
    expect(await see("/item?id=7")).toBe("1 hit");
    expect(matched.splice(0)).toEqual(["https://www.example.com/item?id=7"]);
    await see("/item");
    expect(matched).toEqual(["https://www.example.com/item"]);
  });
});
