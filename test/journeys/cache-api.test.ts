import { describe, expect, test } from "vitest";
import type { Store } from "../../src/edge.ts";
import { createCacheApiStore } from "../../src/platform/cloudflare/store.ts";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";

/** The other journeys keep answers in memory; these go through the platform's Cache API. */
const createPlatformWorld = () => createWorld({ ports: { store: createCacheApiStore(caches.default) } });
const url = (): string => `/${crypto.randomUUID()}`;

async function digest(bytes: BufferSource): Promise<string> {
  return String(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

test.for([
  ["of known length", 1_000_000, { "content-length": "1000000" }],
  ["of unknown length", 100_000, {}],
] as const)("a body %s (%d bytes) is stored while it streams, and cut from there", async ([, bytes, length]) => {
  const world = createPlatformWorld();
  const path = url();
  const headers = { ...length, "cache-control": "max-age=60", date: new Date(dawn).toUTCString() };
  await world.origin("frankfurt").answers(path, { headers, bytes });

  const miss = new Uint8Array(await (await world.visit(path)).arrayBuffer());
  expect(miss.byteLength).toBe(bytes);
  await world.settle();

  const hit = await world.visit(path);
  expect(cacheStatus(hit)).toContain("hit");
  expect(await digest(await hit.arrayBuffer())).toBe(await digest(miss));

  const part = await world.visit(path, { headers: { range: "bytes=-10" } });
  expect(part.status).toBe(206);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(miss.slice(-10));
});

test("a long body of unknown length is stored as it comes", async () => {
  const world = createPlatformWorld();
  const path = url();
  await world.origin("frankfurt").answers(path, { headers: { "cache-control": "max-age=60" }, bytes: 1_000_000 });
  const miss = await digest(await (await world.visit(path)).arrayBuffer());
  await world.settle();
  const hit = await world.visit(path);
  expect(cacheStatus(hit)).toContain("hit");
  expect(await digest(await hit.arrayBuffer())).toBe(miss);
});

test("what breaks off is not there afterwards, and what varies has its variants", async () => {
  const world = createPlatformWorld();
  const [broken, varied] = [url(), url()];
  const origin = world.origin("frankfurt");
  const headers = { "cache-control": "max-age=60", "content-length": "300000" };
  await origin.answers(broken, { headers, bytes: 300_000, breaks: 200_000 }, { headers, bytes: 300_000 });
  await expect((await world.visit(broken)).arrayBuffer()).rejects.toThrow();
  await world.settle();
  const whole = await world.visit(broken);
  expect(cacheStatus(whole)).toMatch(/fwd=(?:uri-)?miss/);
  expect((await whole.arrayBuffer()).byteLength).toBe(300_000);

  const varies = { "cache-control": "max-age=60", vary: "Accept-Language" };
  await origin.answers(varied, { headers: varies, body: "hallo" }, { headers: varies, body: "hello" });
  for (const language of ["de", "en"]) {
    await (await world.visit(varied, { headers: { "accept-language": language } })).text();
    await world.settle();
  }
  expect(await (await world.visit(varied, { headers: { "accept-language": "de" } })).text()).toBe("hallo");
});

test.for<[bytes: number, came: number]>([
  [300_000, 500],
  [400_000, 150_000],
  [3_000_000, 2_000_000],
])("of %d bytes, of which %d came, nothing is ever served as the whole", async ([bytes, came]) => {
  const world = createPlatformWorld();
  const path = url();
  const headers = { "cache-control": "max-age=60", "content-length": String(bytes) };
  await world.origin("frankfurt").answers(path, { headers, bytes, breaks: came }, { status: 404 });
  await expect((await world.visit(path)).arrayBuffer()).rejects.toThrow();
  for (const settle of [async () => {}, async () => world.settle()]) {
    await settle();
    const after = await world.visit(path);
    expect(after.status).toBe(404);
    await after.arrayBuffer();
  }
});

test("a store that keeps half a body, and says nothing of it, has no answer", async () => {
  const platform = createCacheApiStore(caches.default);
  const halving: Store = {
    ...platform,
    put: async (key, { head }) => platform.put(key, { head, body: new Response("ha").body, length: 2 }),
  };
  const world = createWorld({ ports: { store: halving } });
  const path = url();
  const headers = { "cache-control": "max-age=60", "content-length": "4" };
  await world.origin("frankfurt").answers(path, { headers, body: "half" });
  for (const _ of ["first", "again"]) {
    const response = await world.visit(path);
    expect(await response.text()).toBe("half");
    expect(cacheStatus(response)).toContain("fwd=uri-miss");
    await world.settle();
  }
});

describe("an entry that can't be read, in the platform's own cache", () => {
  /** The platform's cache, and where the last entry was put. */
  function watched() {
    let last = "";
    const cache: Cache = {
      match: (url, options) => caches.default.match(url, options),
      put(url, response) {
        last = String(url);
        return caches.default.put(url, response);
      },
      delete: (url, options) => caches.default.delete(url, options),
    };
    return { cache, last: () => last };
  }

  interface Raw {
    readonly head: string;
    readonly body: Uint8Array<ArrayBuffer>;
  }

  const field = "perigee-head";
  const spoilt: readonly (readonly [
    what: string,
    spoil: (raw: Raw) => { head?: string | undefined; body?: Raw["body"] },
  ])[] = [
    ["cut short", ({ body }) => ({ body: body.slice(0, 1000) })],
    ["without its bytes", () => ({ body: new Uint8Array(0) })],
    ["with bytes of another", ({ body }) => ({ body: new Uint8Array([...body, 1]) })],
    ["of an older format", ({ head }) => ({ head: head.replace(/^\[\d+/, "[0") })],
    ["of a newer format", ({ head }) => ({ head: head.replace(/^\[\d+/, "[999999") })],
    ["whose head is cut short", ({ head }) => ({ head: head.slice(0, head.length / 2) })],
    ["whose head is garbage", () => ({ head: "\u007f{]" })],
    ["whose head says nothing of when", ({ head }) => ({ head: head.replace(/"bornAt":\d+/, '"bornAt":null') })],
    ["whose fields are none", ({ head }) => ({ head: head.replace(/"values":\[/, '"values":[7,') })],
    ["without a head", () => ({ head: undefined })],
  ];

  const lengths: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["told its length", { "content-length": "3000" }],
    ["didn't", {}],
  ];

  test.for(spoilt.flatMap(([what, spoil]) => lengths.map(([told, length]) => ({ what, told, spoil, length }))))(
    "$what, of an origin that $told, is a miss, and is replaced",
    async ({ spoil, length }) => {
      const { cache, last } = watched();
      const world = createWorld({ ports: { store: createCacheApiStore(cache) } });
      const path = url();
      await world
        .origin("frankfurt")
        .answers(path, { headers: { "cache-control": "max-age=60", ...length }, bytes: 3000 });
      const ask = async () => {
        const response = await world.visit(path);
        const body = new Uint8Array(await response.arrayBuffer());
        await world.settle();
        return { cache: cacheStatus(response), body };
      };
      const { body } = await ask();
      expect((await ask()).cache).toContain("hit");

      const stored = (await caches.default.match(last()))!;
      const raw = { head: stored.headers.get(field)!, body: new Uint8Array(await stored.arrayBuffer()) };
      const now = { ...raw, ...spoil(raw) };
      expect(now).not.toEqual(raw);
      const headers = { "cache-control": "max-age=60", ...(now.head !== undefined && { [field]: now.head }) };
      await caches.default.put(last(), new Response(now.body, { headers }));

      const [miss, hit] = [await ask(), await ask()];
      expect(miss).toEqual({ cache: expect.stringMatching(/^fwd=uri-miss.*stored/) as string, body });
      expect(hit).toEqual({ cache: expect.stringContaining("hit") as string, body });
    },
  );
});
