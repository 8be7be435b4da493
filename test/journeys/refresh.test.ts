/** Refreshing behind the client's back: when it happens, and that it never costs a good answer. */
import { describe, expect, test } from "vitest";
import { createCacheApiStore } from "../../src/platform/cloudflare/store.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { cacheStatus, createWorld, dawn, type World } from "../harness/world.ts";

const at = (seconds: number): string => new Date(dawn + seconds * 1000).toUTCString();
const control = (value: string, more: Readonly<Record<string, string>> = {}) => ({ "cache-control": value, ...more });

async function visit(world: World, path: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await world.visit(path, { headers });
  return { response, status: cacheStatus(response), bytes: (await response.arrayBuffer()).byteLength };
}

describe("a refresh that comes to nothing leaves the good answer, and its fields", () => {
  const good = control("max-age=60, stale-while-revalidate=600", { "x-version": "good" });
  const fresh = control("max-age=60");
  const bytes = 3_000_000;
  const length = { "content-length": String(bytes) };
  const outcomes: readonly (readonly [string, OriginAnswer])[] = [
    ["a 500", { status: 500 }],
    ["a 503 that may be kept", { status: 503, headers: fresh }],
    ["a 501 that may be kept", { status: 501, headers: fresh }],
    ["a 520 that may be kept", { status: 520, headers: fresh }],
    ["a 429", { status: 429, headers: fresh }],
    ["no-store", { headers: control("no-store"), body: "x" }],
    ["private", { headers: control("private, max-age=60"), body: "x" }],
    ["a cookie", { headers: { ...fresh, "set-cookie": "id=1" }, body: "x" }],
    ["an answer without freshness", { body: "x" }],
    ["Vary: *", { headers: { ...fresh, vary: "*" }, body: "x" }],
    ["a reset", { breaks: "before" }],
    ["a short body that breaks off", { headers: { ...fresh, "content-length": "9000" }, bytes: 9000, breaks: 5000 }],
    ["a short chunked body that breaks off", { headers: fresh, bytes: 9000, breaks: 5000 }],
    ["a long body that breaks off", { headers: { ...fresh, ...length }, bytes, breaks: 2_000_000 }],
    ["a long chunked body that breaks off", { headers: fresh, bytes, breaks: 2_000_000 }],
    ["a body that is too large", { headers: fresh, bytes: 5_000_000 }],
  ];
  const stores = { memory: createMemoryStore, "the Cache API": () => createCacheApiStore(caches.default) };

  describe.each(Object.entries(stores))("in %s", (_, createStore) => {
    test.for(outcomes)("%s", async ([, outcome]) => {
      const RULES = [{ cache: { maxSize: "4MB" } }];
      const world = createWorld({ vars: { RULES, SETTINGS: { tries: 1 } }, ports: { store: createStore() } });
      const path = `/${crypto.randomUUID()}`;
      await world.origin("frankfurt").answers(path, { headers: good, bytes: 1000 }, outcome);
      await visit(world, path);
      await world.settle();
      world.clock.advance(70);
      for (const refreshed of ["not yet", "in vain"]) {
        const { response, status, bytes: received } = await visit(world, path);
        expect([received, response.headers.get("x-version")], refreshed).toEqual([1000, "good"]);
        expect(status, refreshed).toContain("hit; ttl=-10");
        await world.settle();
      }
      expect((await world.origin("frankfurt").seen()).length).toBeGreaterThan(1);
    });

    test.for([
      ["a long body", { headers: { ...fresh, ...length }, bytes }],
      ["a long chunked body", { headers: fresh, bytes }],
      ["an empty one", { status: 204, headers: fresh }],
    ] as const)("but %s that came whole takes its place, and nothing else is left", async ([, outcome]) => {
      const store = createStore();
      const put: string[] = [];
      const deleted: string[] = [];
      const world = createWorld({
        ports: {
          store: {
            match: store.match,
            put: (key, entry) => store.put(key, entry).then(() => void put.push(key)),
            delete: (key) => (deleted.push(key), store.delete(key)),
          },
        },
      });
      const path = `/${crypto.randomUUID()}`;
      await world.origin("frankfurt").answers(path, { headers: good, bytes: 1000 }, outcome);
      for (const _ of ["stored", "refreshed"]) {
        await visit(world, path);
        await world.settle();
        world.clock.advance(70);
      }
      world.clock.advance(-65);
      const { status, bytes: received } = await visit(world, path);
      expect(status).toContain("hit");
      expect(received).toBe("bytes" in outcome ? bytes : 0);
      const [key] = put;
      expect(put.filter((each) => each !== key)).toEqual(deleted);
    });
  });
});

test("a 304 that comes late is no word on what has taken the answer's place meanwhile", async () => {
  const world = createWorld();
  const origin = world.origin("frankfurt");
  const version = (name: string) => control("max-age=60, stale-while-revalidate=600", { etag: `"${name}"` });
  await origin.answers(
    "/a",
    { headers: version("1"), body: "the first" },
    { status: 304, headers: version("1"), delay: 300 },
    { headers: version("2"), body: "another" },
  );
  await visit(world, "/a");
  await world.settle();
  world.clock.advance(70);
  await visit(world, "/a");
  while ((await origin.seen()).length < 2);
  await visit(world, "/a", { "cache-control": "no-cache" });
  await world.settle();
  const after = await world.visit("/a");
  expect(cacheStatus(after)).toContain("hit; ttl=60");
  expect([await after.text(), after.headers.get("etag")]).toEqual(["another", '"2"']);
});

describe("how long a stale answer is of use", () => {
  const week = 7 * 24 * 3600;
  const month = "stale-while-revalidate=2592000, stale-if-error=2592000";

  /** What a visit gets that many seconds after a minute of freshness, from an origin that fails by then. */
  async function whenStale(cache: object, said: string, seconds: number): Promise<string> {
    const world = createWorld({ vars: { RULES: [{ cache }], SETTINGS: { tries: 1 } } });
    const headers = control(`max-age=60, ${said}`, { date: at(0) });
    await world.origin("frankfurt").answers("/a", { headers, body: "good" }, { status: 503, body: "down" });
    await visit(world, "/a");
    await world.settle();
    world.clock.advance(60 + seconds);
    const { response, status } = await visit(world, "/a");
    return status.includes("stale-if-error") ? "stale-if-error" : response.status === 503 ? "503" : "hit";
  }

  test.for<[cache: object, said: string, seconds: number, expected: string]>([
    [{}, month, week - 1, "hit"],
    [{}, month, week, "503"],
    [{}, "stale-if-error=2592000", week - 1, "stale-if-error"],
    [{}, "stale-if-error=2592000", week, "503"],
    [{ maxStale: "1h" }, month, 3599, "hit"],
    [{ maxStale: "1h" }, month, 3600, "503"],
    [{ maxStale: "1h" }, "stale-if-error=60", 60, "503"],
    [{ maxStale: "0s" }, month, 0, "503"],
    // What the operator says is the operator's, and counts where the origin says nothing
    [{ maxStale: "0s", stale: "1h" }, "public", 3599, "hit"],
    [{ maxStale: "0s", staleIfError: "1h" }, "public", 3599, "stale-if-error"],
    [{ staleIfError: "1h" }, "public", 3600, "503"],
    [{ stale: "1h" }, "stale-while-revalidate=60, stale-if-error=60", 60, "503"],
  ])("%j, '%s', %d s after → %s", async ([cache, said, seconds, expected]) => {
    expect(await whenStale(cache, said, seconds)).toBe(expected);
  });

  test("a client that takes any by itself isn't bound", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: control("max-age=60", { date: at(0) }), body: "good" });
    await visit(world, "/a");
    await world.settle();
    world.clock.advance(2 * week);
    expect((await visit(world, "/a", { "cache-control": "max-stale" })).status).toContain("hit");
  });
});

describe("what is asked for often", () => {
  /** Fresh for 100 s, from an origin that takes 2 s to say so. */
  async function popular(cache: object = {}) {
    let drawn = 0;
    const world = createWorld({
      vars: { RULES: [{ cache }], SETTINGS: { tries: 1, trail: true } },
      ports: {
        random: () => drawn,
        fetch: async (target, init) => {
          const answer = await fetch(target, init);
          world.clock.advance(2);
          return answer;
        },
      },
    });
    const origin = world.origin("frankfurt");
    const headers = control("max-age=100");
    const aged = (name: string, seconds: number) => ({ ...headers, etag: `"${name}"`, date: at(seconds) });
    await origin.answers("/a", { headers: aged("1", 2), body: "first" }, { headers: aged("2", 96), body: "second" });
    await visit(world, "/a");
    await world.settle();
    return {
      world,
      asked: async () => (await origin.seen()).length,
      /** What a visit gets that many seconds after the answer was asked for, with that draw; what it begins is ended. */
      after: async (seconds: number, draw = 0) => {
        drawn = draw;
        world.clock.now = dawn + seconds * 1000;
        const response = await world.visit("/a");
        const told = [await response.text(), cacheStatus(response).split(";")[0]];
        await world.settle();
        return told;
      },
    };
  }

  /** The draw by which a hit refreshes when this many times what the origin took is left, and not before. */
  const drawFor = (times: number): number => 1 - Math.exp(-times);

  test("is refreshed before it expires, by the visit that the draw falls on, which doesn't wait for it", async () => {
    const { after, asked, world } = await popular();
    expect(await after(90, drawFor(20))).toEqual(["first", "hit"]);
    expect(await after(94, drawFor(5.9 / 2))).toEqual(["first", "hit"]);
    expect(await asked()).toBe(1);
    expect(await after(94, drawFor(6.1 / 2))).toEqual(["first", "hit"]);
    expect(await asked()).toBe(2);
    expect(await after(101)).toEqual(["second", "hit"]);
    expect(await asked()).toBe(2);
    expect(world.log.filter(({ trail }) => JSON.stringify(trail).includes("due-early"))).toHaveLength(1);
  });

  test.for([
    [{ early: false }, 0.999_999, 1],
    [{ early: 0 }, 0.999_999, 1],
    [{ early: true }, drawFor(3), 1],
    [{ early: 2 }, drawFor(3), 2],
    [{ early: 0.5 }, drawFor(5), 1],
  ] as const)("%j, drawn %d, 8 s before: the origin is asked %d times", async ([cache, draw, times]) => {
    const { after, asked } = await popular(cache);
    await after(92, draw);
    expect(await asked()).toBe(times);
  });

  test("is confirmed by a 304 where there is a validator, and kept when the origin fails", async () => {
    const { after, asked, world } = await popular();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { status: 503 }, { status: 304, headers: control("max-age=100", { date: at(96) }) });
    expect(await after(92, drawFor(10))).toEqual(["first", "hit"]);
    expect(await after(92, drawFor(10))).toEqual(["first", "hit"]);
    expect(await asked()).toBe(3);
    expect((await origin.seen()).at(-1)!.headers["if-none-match"]).toBe('"1"');
    expect(await after(150)).toEqual(["first", "hit"]);
  });
});
