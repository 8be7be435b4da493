/** The platform counts what a visit asks of its cache and of others, and breaks off what goes beyond a number. */
import { expect, test } from "vitest";
import type { Store } from "../../src/edge.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { createWorld, dawn, originUrl } from "../harness/world.ts";

const slice = 64 << 10;
const bytes = 100 * slice;
const headers = { "cache-control": "max-age=3600", date: new Date(dawn).toUTCString(), etag: '"v1"' };
const pattern = Uint8Array.from({ length: bytes }, (_, index) => index % 251);

/** A world that counts, with a film of a hundred slices. */
async function createCounting(
  settings: object = {},
  origins: readonly string[] = ["frankfurt"],
  rules: readonly object[] = [],
) {
  let calls = 0;
  const counted = <A extends readonly unknown[], R>(call: (...some: A) => R) => {
    return (...some: A): R => {
      calls++;
      return call(...some);
    };
  };
  const { match, put, delete: remove } = createMemoryStore();
  const store: Store = { match: counted(match), put: counted(put), delete: counted(remove) };
  const dead = { name: "dead", url: originUrl("nobody", "none"), at: [52.5, 13.4] };
  const world = createWorld({
    vars: {
      SITES: [{ hosts: ["www.example.com"], origins, cache: { slice: "64KB" } }],
      SETTINGS: settings,
      RULES: rules,
      ORIGINS_1: [dead],
    },
    ports: {
      store,
      fetch: counted(createWorld().edge.fetch),
      counters: { count: counted(async (_, spendings) => spendings.map(() => 0)) },
      banning: { look: counted(async () => ({ bans: [], seen: 0 })) },
    },
  });
  await world.origin("frankfurt").answers("/film", { headers, bytes, ranges: true });
  return {
    async asked(): Promise<readonly (string | undefined)[]> {
      return (await world.origin("frankfurt").seen()).map((request) => request.headers["range"]);
    },
    /** All of the film, and how many calls that took. */
    async watch(): Promise<number> {
      calls = 0;
      const response = await world.visit("/film", { headers: { range: "bytes=0-" } });
      const body = new Uint8Array(await response.arrayBuffer());
      expect([response.status, body.byteLength]).toEqual([206, bytes]);
      expect(body.every((byte, index) => byte === pattern[index])).toBe(true);
      await world.settle();
      return calls;
    },
  };
}

test.for<[what: string, origins: readonly string[]]>([
  ["its origin answers", ["frankfurt"]],
  ["its nearest origin is dead", ["dead", "frankfurt"]],
])("a visit that may ask 50 times does so no more often, when %s", async ([, origins]) => {
  const world = await createCounting({}, origins);
  for (let visit = 0; visit < 3; visit++) expect(await world.watch()).toBeLessThanOrEqual(50);
  expect((await world.asked()).at(-1)).toMatch(new RegExp(`-${bytes - 1}$`));
});

test("nor when it tells of limits and misdeeds, too", async () => {
  const rules = Array.from({ length: 100 }, (_, number) => ({ limit: { rate: `${number + 1}0/1m` } }));
  const world = await createCounting({ bans: {} }, ["frankfurt"], rules);
  const calls = await world.watch();
  expect(calls).toBeGreaterThan(20);
  expect(calls).toBeLessThanOrEqual(50);
});

test("each such visit stores some more slices, and has the rest from the origin as one", async () => {
  const world = await createCounting();
  await world.watch();
  const first = await world.asked();
  expect(first.at(-1)).toBe(`bytes=${(first.length - 1) * slice}-${bytes - 1}`);
  await world.watch();
  const second = (await world.asked()).slice(first.length);
  expect(second[0]).toBe(`bytes=${(first.length - 1) * slice}-${first.length * slice - 1}`);
  expect(second.at(-1)).toBe(`bytes=${(first.length + second.length - 2) * slice}-${bytes - 1}`);
});

test("where more is allowed, all of it is stored, and the next visit asks no origin", async () => {
  const world = await createCounting({ subrequests: 10_000 });
  expect(await world.watch()).toBeGreaterThan(300);
  expect(await world.asked()).toHaveLength(100);
  await world.watch();
  expect(await world.asked()).toHaveLength(100);
});
