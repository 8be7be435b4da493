import { expect, test } from "vitest";
import type { Store } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { createMemoryTier } from "../../src/platform/memory/tier.ts";
import { createTiers } from "../../src/platform/tiers.ts";
import { cacheStatus, createWorld, dawn, type World } from "../harness/world.ts";

/** An isolate of a location whose platform's cache is `platform`, with memory in front of it. */
function createIsolate(platform: Store, rules: readonly object[] = []): World {
  const now = (): number => world.clock.now;
  const memory = createMemoryTier({ bytes: 1 << 20, longest: 5_000, now });
  const store = createTiers({ memory, platform, now, defer: (work) => world.edge.defer(work) });
  const world: World = createWorld({ vars: { SETTINGS: { trail: true }, RULES: rules }, ports: { store } });
  return world;
}

async function visit(world: World, headers: Readonly<Record<string, string>> = {}) {
  const response = await world.visit("/a", { headers });
  const text = await response.text();
  await world.settle();
  const [decision] = /cache=[^;,+]*/.exec(response.headers.get("perigee-trail") ?? "") ?? [];
  return { text, decision, status: response.status, cached: cacheStatus(response), headers: response.headers };
}

const headers = { "cache-control": "max-age=60", "content-length": "3", date: new Date(dawn).toUTCString() };

test("a hit comes from memory, after five seconds once from the platform's cache, then from memory again", async () => {
  const world = createIsolate(createMemoryStore());
  const origin = world.origin("frankfurt");
  await origin.answers("/a", { headers, body: "one" });
  expect((await visit(world)).decision).toBe("cache=uri-miss");
  expect(await visit(world)).toMatchObject({
    text: "one",
    decision: "cache=hit:memory",
    cached: expect.stringContaining("hit; ttl=60"),
  });
  world.clock.advance(5);
  expect(await visit(world)).toMatchObject({
    text: "one",
    decision: "cache=hit",
    cached: expect.stringContaining("hit; ttl=55"),
  });
  world.clock.advance(1);
  expect(await visit(world)).toMatchObject({
    text: "one",
    decision: "cache=hit:memory",
    cached: expect.stringContaining("hit; ttl=54"),
  });
  expect(await origin.seen()).toHaveLength(1);
});

test("what a rule does to the fields of one hit is gone at the next", async () => {
  const rule = { name: "note", when: "true", headers: { response: { add: { "x-note": "seen" } } } };
  const world = createIsolate(createMemoryStore(), [rule]);
  await world.origin("frankfurt").answers("/a", { headers, body: "one" });
  for (const decision of ["cache=uri-miss", "cache=hit:memory", "cache=hit:memory"]) {
    const seen = await visit(world);
    expect(seen).toMatchObject({ text: "one", decision });
    expect(seen.headers.get("x-note")).toBe("seen");
  }
});

test("what is stale in memory is asked about, and fresh again in memory afterwards", async () => {
  const world = createIsolate(createMemoryStore());
  const [etag, short] = ['"1"', { ...headers, "cache-control": "max-age=2" }];
  await world
    .origin("frankfurt")
    .answers("/a", { headers: { ...short, etag }, body: "one" }, { status: 304, headers: { ...headers, etag } });
  await visit(world);
  world.clock.advance(3);
  expect(await visit(world)).toMatchObject({ text: "one", decision: "cache=stale" });
  expect(await visit(world)).toMatchObject({ text: "one", decision: "cache=hit:memory" });
});

test("a range, a 304 and a compressed body are made from the bytes in memory, which stay what they are", async () => {
  const world = createIsolate(createMemoryStore());
  const body = "a,b\n".repeat(1_000);
  const csv = { ...headers, "content-length": "4000", "content-type": "text/csv", etag: '"1"' };
  await world.origin("frankfurt").answers("/a", { headers: csv, body });
  await visit(world);
  expect(await visit(world, { range: "bytes=2-3" })).toMatchObject({ status: 206, text: "b\n" });
  expect(await visit(world, { "if-none-match": '"1"' })).toMatchObject({ status: 304, text: "" });
  const gzipped = await world.visit("/a", { headers: { "accept-encoding": "gzip" } });
  expect(gzipped.headers.get("content-encoding")).toBe("gzip");
  await gzipped.body?.cancel();
  const whole = await visit(world);
  expect(whole).toMatchObject({ status: 200, text: body, decision: "cache=hit:memory" });
  expect(whole.headers.get("content-length")).toBe("4000");
});

test("a POST is seen at once where it passed, and after five seconds by the location's other isolates", async () => {
  const platform = createMemoryStore();
  const [here, there] = [createIsolate(platform), createIsolate(platform)];
  for (const [world, body] of [
    [here, "old"],
    [there, "new"],
  ] as const)
    await world.origin("frankfurt").answers("/a", { headers, body });
  await visit(here);
  await visit(there);
  expect(await visit(there)).toMatchObject({ text: "old", decision: "cache=hit:memory" });

  await here.visit("/a", { method: "POST", body: "x" });
  expect((await visit(here)).decision).toBe("cache=uri-miss");
  await platform.delete("https://www.example.com/a"); // as the POST left it, before `here` asked again
  there.clock.advance(4);
  expect(await visit(there)).toMatchObject({ text: "old", decision: "cache=hit:memory" });
  there.clock.advance(1);
  expect(await visit(there)).toMatchObject({ text: "new", decision: "cache=uri-miss" });
});
