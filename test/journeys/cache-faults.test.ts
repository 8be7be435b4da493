/** What breaks around the cache: the origin's bodies, and the store at every turn. Clients get right answers all the same. */
import { describe, expect, test } from "vitest";
import type { Storable, Store, Stored } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";

const minute = { "cache-control": "max-age=60", date: new Date(dawn).toUTCString() };
const never = <T>(): Promise<T> => new Promise(() => {});

/** A world whose store is one in memory, but for what is broken about it. */
function worldWith(broken: (sound: Store) => Partial<Store>) {
  const sound = createMemoryStore();
  return createWorld({ ports: { store: { ...sound, ...broken(sound) } } });
}

/** A store that gives back something else than was put; entries without a body, such as marks, are left alone. */
const giving = (spoilt: (stored: Stored) => Stored | Promise<Stored>) => (sound: Store) => ({
  match: async (key: string) => {
    const stored = await sound.match(key);
    return stored?.body ? spoilt(stored) : stored;
  },
});

const bytesOf = async (response: Response): Promise<number> => (await response.arrayBuffer()).byteLength;

describe("an origin that dies while it sends", () => {
  test.for([
    ["a body of known length", { ...minute, "content-length": "300000" }, 300_000, 200_000],
    ["a short chunked body", minute, 100_000, 70_000],
    ["a long chunked body", minute, 3_000_000, 2_000_000],
    ["a long body of known length", { ...minute, "content-length": "3000000" }, 3_000_000, 2_000_000],
  ] as const)("%s: the client hears of it, and nothing is stored", async ([, headers, bytes, breaks]) => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers, bytes, breaks }, { headers, bytes });
    await expect((await world.visit("/a")).arrayBuffer()).rejects.toThrow();
    await world.settle();
    const whole = await world.visit("/a");
    expect(await bytesOf(whole)).toBe(bytes);
    expect(cacheStatus(whole)).toMatch(/^fwd=(?:uri-)?miss/);
  });

  test("those who waited for it ask by themselves", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    const headers = { ...minute, "content-length": "300000" };
    await origin.answers("/a", { headers, bytes: 300_000, breaks: 200_000, delay: 50 }, { headers, bytes: 300_000 });
    const visits = await Promise.all(Array.from({ length: 4 }, () => world.visit("/a")));
    const outcomes = await Promise.allSettled(visits.map(bytesOf));
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(outcomes.filter((one) => one.status === "fulfilled" && one.value === 300_000)).toHaveLength(3);
  });

  test("a refresh behind the client's back that breaks off leaves the good answer", async () => {
    const world = createWorld();
    const headers = { "cache-control": "max-age=60, stale-while-revalidate=600", "content-length": "100000" };
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { headers, bytes: 100_000 }, { headers, bytes: 100_000, breaks: 70_000 });
    await bytesOf(await world.visit("/a"));
    await world.settle();
    world.clock.advance(70);
    expect(await bytesOf(await world.visit("/a"))).toBe(100_000);
    await world.settle();
    expect(await bytesOf(await world.visit("/a"))).toBe(100_000);
  });
});

describe("a store that gives back", () => {
  const spoilt: readonly (readonly [string, (stored: Stored) => Stored | Promise<Stored>])[] = [
    ["a head cut short", (stored) => ({ ...stored, head: stored.head.slice(0, -10) })],
    ["an empty head", (stored) => ({ ...stored, head: "" })],
    ["a head of another version", (stored) => ({ ...stored, head: stored.head.replace(/^\[\d+/, "[999999") })],
    ["a head without fields", (stored) => ({ ...stored, head: stored.head.replace('"fields"', '"other"') })],
    [
      "a head with a lifetime that is no number",
      (stored) => ({ ...stored, head: stored.head.replace(/"lifetime":\d+/, '"lifetime":"x"') }),
    ],
    ["valid JSON that means nothing", (stored) => ({ ...stored, head: '{"a":[1]}' })],
    ["null", (stored) => ({ ...stored, head: "null" })],
    ["fewer bytes than were put", (stored) => ({ ...stored, body: new Uint8Array(3), length: 3 })],
    ["nothing, but an error", () => Promise.reject(new Error("the store is down"))],
  ];
  test.for(spoilt)("%s: that is a miss, and the client gets the origin's answer", async ([, spoil]) => {
    const world = worldWith(giving(spoil));
    await world.origin("frankfurt").answers("/a", { headers: { ...minute, "content-length": "3000" }, bytes: 3000 });
    for (const visit of ["first", "second"]) {
      const response = await world.visit("/a");
      expect(await bytesOf(response), visit).toBe(3000);
      expect(cacheStatus(response), visit).toMatch(/^fwd=.*stored/);
      await world.settle();
    }
  });

  test("nothing at all for a while: the visit doesn't wait for it, and reads the late answer to nobody", async () => {
    let isLetGo = false;
    const body = new ReadableStream({ cancel: () => void (isLetGo = true) });
    const late = { head: "", body, length: undefined };
    const world = worldWith(() => ({
      match: () => new Promise<Stored>((resolve) => void setTimeout(resolve, 2_500, late)),
    }));
    await world.origin("frankfurt").answers("/a", { headers: minute, body: "one" });
    const began = Date.now();
    expect(await (await world.visit("/a")).text()).toBe("one");
    expect(Date.now() - began).toBeLessThan(2_450);
    await new Promise((resolve) => void setTimeout(resolve, 600));
    expect(isLetGo).toBe(true);
  });
});

describe("a store that takes", () => {
  const putting: readonly (readonly [string, (entry: Storable) => Promise<void>])[] = [
    ["nothing, and never says so", () => never()],
    ["nothing, and says so late", () => new Promise((_, reject) => void setTimeout(reject, 300, new Error("full")))],
    ["nothing, and says so at once", () => Promise.reject(new Error("full"))],
    [
      "a few bytes, and never ends",
      async ({ body }) => {
        if (body instanceof ReadableStream) await body.getReader().read();
        return never();
      },
    ],
  ];
  test.for(putting)("%s: the client has its long body all the same", { timeout: 15_000 }, async ([, put]) => {
    const world = worldWith(() => ({ put: async (_, entry) => put(entry) }));
    await world
      .origin("frankfurt")
      .answers("/sized", { headers: { ...minute, "content-length": "5000000" }, bytes: 5_000_000 });
    await world.origin("frankfurt").answers("/chunked", { headers: minute, bytes: 5_000_000 });
    const began = Date.now();
    const sizes = await Promise.all(["/sized", "/chunked"].map(async (path) => bytesOf(await world.visit(path))));
    expect(sizes).toEqual([5_000_000, 5_000_000]);
    expect(Date.now() - began).toBeLessThan(8_000);
  });

  test(
    "nothing for ever: who comes later waits for it no longer than the first ones did",
    { timeout: 30_000 },
    async () => {
      const world = worldWith(() => ({ put: () => never() }));
      await world.origin("frankfurt").answers("/a", { headers: minute, body: "one" });
      expect(await (await world.visit("/a")).text()).toBe("one");
      expect(await (await world.visit("/a")).text()).toBe("one");
      const began = Date.now();
      expect(await (await world.visit("/a")).text()).toBe("one");
      expect(Date.now() - began).toBeLessThan(1_000);
    },
  );

  test("no delete: the POST is answered, and the trail tells", async () => {
    const world = worldWith(() => ({ delete: () => Promise.reject(new Error("down")) }));
    await world.origin("frankfurt").answers("/a", { body: "done" });
    const response = await world.visit("/a", { method: "POST", body: "x" });
    expect([response.status, await response.text()]).toEqual([200, "done"]);
  });
});
