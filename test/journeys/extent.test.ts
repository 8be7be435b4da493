/** How much of a stored body is read: no more than its client needs, and never so little that it shows. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store, Stored, Wanted } from "../../src/edge.ts";
import { createCacheApiStore } from "../../src/platform/cloudflare/store.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { cacheStatus, createWorld, dawn, type VisitOptions, type World } from "../harness/world.ts";

const bytes = 20_000;
const at = (seconds: number): string => new Date(dawn + seconds * 1000).toUTCString();
const film = {
  "cache-control": "max-age=60",
  "content-type": "video/mp4",
  "content-length": String(bytes),
  etag: '"v1"',
  date: at(0),
  "last-modified": at(-1000),
};

const pattern = (first: number, last: number): Uint8Array =>
  Uint8Array.from({ length: last - first + 1 }, (_, index) => (first + index) % 251);

/** The store, and what it gave: bytes of the range, all, or nothing. */
function watched(store: Store, ignoring = false) {
  const given: (number | "all" | "head")[] = [];
  const match = async (key: string, wanted?: Wanted): Promise<Stored | undefined> => {
    const stored = await store.match(key, ignoring ? undefined : wanted);
    if (!stored) return stored;
    const { extent } = stored;
    given.push(typeof extent === "object" ? extent.last - extent.first + 1 : (extent ?? "all"));
    return stored;
  };
  return { given, store: { ...store, match } satisfies Store };
}

async function ask(world: World, path: string, options: VisitOptions = {}) {
  const response = await world.visit(path, options);
  const body = new Uint8Array(await response.arrayBuffer());
  await world.settle();
  return { status: response.status, headers: response.headers, body, cache: cacheStatus(response) };
}

describe.for<[string, () => Store]>([
  ["in memory", createMemoryStore],
  ["in the platform's cache", () => createCacheApiStore(caches.default)],
])("of a film %s", ([, create]) => {
  async function showing(...answers: readonly OriginAnswer[]) {
    const { given, store } = watched(create());
    const world = createWorld({ ports: { store } });
    const path = `/${crypto.randomUUID()}`;
    await world.origin("frankfurt").answers(path, { headers: film, bytes }, ...answers);
    await ask(world, path);
    given.length = 0;
    return {
      world,
      given,
      seen: () => world.origin("frankfurt").seen(),
      ask: (headers: Readonly<Record<string, string>> = {}, method = "GET") => ask(world, path, { headers, method }),
    };
  }

  test.for<[string, Readonly<Record<string, string>>, string]>([
    ["for a client that has it", { "if-none-match": '"v1"' }, "GET"],
    ["for a client that has it by date", { "if-modified-since": at(0) }, "GET"],
    ["for a client that has it, and wants a range of it", { "if-none-match": 'W/"v1"', range: "bytes=0-9" }, "GET"],
    ["for a HEAD", {}, "HEAD"],
    ["for a HEAD with a range", { range: "bytes=0-9" }, "HEAD"],
  ])("nothing is read %s", async ([, headers, method]) => {
    const cinema = await showing();
    const answer = await cinema.ask(headers, method);
    expect([answer.status, answer.body.byteLength]).toEqual([method === "HEAD" ? 200 : 304, 0]);
    expect(answer.headers.get("content-length")).toBe(method === "HEAD" ? String(bytes) : null);
    expect(answer.cache).toBe("hit; ttl=60");
    expect(cinema.given).toEqual(["head"]);
  });

  test.for<[string, number, number]>([
    ["bytes=5000-5999", 5_000, 5_999],
    ["bytes=19000-", 19_000, bytes - 1],
    ["bytes=-1000", 19_000, bytes - 1],
    ["bytes=19500-200000", 19_500, bytes - 1],
  ])("just the range is read for %s", async ([range, first, last]) => {
    const cinema = await showing();
    const answer = await cinema.ask({ range, "if-range": '"v1"' });
    expect([answer.status, answer.headers.get("content-range")]).toEqual([206, `bytes ${first}-${last}/${bytes}`]);
    expect(answer.headers.get("content-length")).toBe(String(last - first + 1));
    expect(answer.headers.get("accept-ranges")).toBe("bytes");
    expect(answer.body).toEqual(pattern(first, last));
    expect(answer.cache).toBe("hit; ttl=60");
    expect(cinema.given).toEqual([last - first + 1]);
  });

  test.for<[string, Readonly<Record<string, string>>, first: number | "head"]>([
    ["has another version", { "if-none-match": '"v0"' }, "head"],
    ["has a range of another version", { range: "bytes=0-9", "if-range": '"v0"' }, 10],
  ])("all is read, at the second look, for a client that %s", async ([, headers, first]) => {
    const cinema = await showing();
    const answer = await cinema.ask(headers);
    expect([answer.status, answer.body]).toEqual([200, pattern(0, bytes - 1)]);
    expect(cinema.given).toEqual([first, "all"]);
  });

  test("nothing is read while the origin confirms it to a client that has it, and afterwards it is there for others", async () => {
    const cinema = await showing({ status: 304, headers: { "cache-control": "max-age=60", etag: '"v1"' } });
    cinema.world.clock.advance(70);
    const confirmed = await cinema.ask({ "if-none-match": '"v1"' });
    expect([confirmed.status, confirmed.cache]).toEqual([304, "fwd=stale; fwd-status=304; ttl=60; stored"]);
    expect(cinema.given).toEqual(["head", "all"]); // all of it once, to be written back
    const other = await cinema.ask();
    expect([other.status, other.cache]).toEqual([200, "hit; ttl=60"]);
    expect(other.body).toEqual(pattern(0, bytes - 1));
  });

  test("all comes from the origin when it confirms it under another tag than the client has", async () => {
    const cinema = await showing(
      { status: 304, headers: { "cache-control": "max-age=60", etag: '"v2"' } },
      { headers: { ...film, etag: '"v2"', date: at(70) }, bytes },
    );
    cinema.world.clock.advance(70);
    const answer = await cinema.ask({ "if-none-match": '"v1"' });
    expect([answer.status, answer.headers.get("etag")]).toEqual([200, '"v2"']);
    expect(answer.body).toEqual(pattern(0, bytes - 1));
    expect((await cinema.ask()).cache).toContain("hit");
  });

  test("what is stale is read whole for a range", async () => {
    const cinema = await showing({ status: 304, headers: { "cache-control": "max-age=60", etag: '"v1"' } });
    cinema.world.clock.advance(70);
    const answer = await cinema.ask({ range: "bytes=500-599" });
    expect([answer.status, answer.body]).toEqual([206, pattern(500, 599)]);
    expect((await cinema.ask()).body).toEqual(pattern(0, bytes - 1));
  });

  test("what is stale stands in for an origin that fails, unread, for a client that has it", async () => {
    const headers = { ...film, "cache-control": "max-age=60, stale-if-error=600" };
    const { given, store } = watched(create());
    const world = createWorld({ ports: { store } });
    const path = `/${crypto.randomUUID()}`;
    await world.origin("frankfurt").answers(path, { headers, bytes }, { status: 500 });
    await ask(world, path);
    given.length = 0;
    world.clock.advance(70);
    const answer = await ask(world, path, { headers: { "if-none-match": '"v1"' } });
    expect([answer.status, answer.cache]).toMatchObject([304, expect.stringContaining("stale-if-error")]);
    expect(given).toEqual(["head"]);
  });
});

describe("a store that", () => {
  async function worldWith(spoil: (sound: Store) => Store["match"]) {
    const sound = createMemoryStore();
    const world = createWorld({ ports: { store: { ...sound, match: spoil(sound) } } });
    await world.origin("frankfurt").answers("/film", { headers: film, bytes });
    await ask(world, "/film");
    return world;
  }

  test("gives another range than was wanted, and says so: the client gets what it wants", async () => {
    const world = await worldWith((sound) => async (key, wanted) => {
      return sound.match(key, wanted && { first: 7, last: 13 });
    });
    const part = await ask(world, "/film", { headers: { range: "bytes=500-599" } });
    expect([part.status, part.body]).toEqual([206, pattern(500, 599)]);
    for (const headers of [{ "if-none-match": '"v0"' }, {}]) {
      expect((await ask(world, "/film", { headers })).body).toEqual(pattern(0, bytes - 1));
    }
  });

  test("forgets between two looks: the origin is asked", async () => {
    let looks = 0;
    const world = await worldWith((sound) => async (key, wanted) => {
      return ++looks === 3 ? undefined : sound.match(key, wanted);
    });
    looks = 1;
    const answer = await ask(world, "/film", { headers: { "if-none-match": '"v0"' } });
    expect([answer.status, answer.body]).toEqual([200, pattern(0, bytes - 1)]);
    expect(answer.cache).toMatch(/fwd=uri-miss.*stored/);
  });

  test("kept half a body has no answer, whether its head, a range or all of it is wanted", async () => {
    for (const headers of [{}, { "if-none-match": '"v1"' }, { range: "bytes=0-9" }]) {
      const sound = createMemoryStore();
      const put: Store["put"] = async (key, { head }) => sound.put(key, { head, body: new Uint8Array(500) });
      const world = createWorld({ ports: { store: { ...sound, put } } });
      await world.origin("frankfurt").answers("/film", { headers: film, bytes });
      await ask(world, "/film");
      expect((await ask(world, "/film", { headers })).cache).toContain("fwd=uri-miss");
    }
  });

  test("gives fewer bytes of a range than it says: the client hears of it", async () => {
    const world = await worldWith((sound) => async (key, wanted) => {
      const stored = await sound.match(key, wanted);
      return stored?.extent ? { ...stored, body: new Response("short").body } : stored;
    });
    const response = await world.visit("/film", { headers: { range: "bytes=500-599" } });
    await expect(response.arrayBuffer()).rejects.toThrow();
  });
});

const { "content-length": _, ...unsized } = film;

test("a coded answer is read whole for a range, because it is decoded for a client that accepts no coding", async () => {
  const text = "a line of text\n".repeat(200);
  const packed = new Response(text).body!.pipeThrough(new CompressionStream("gzip"));
  const gzip = new Uint8Array(await new Response(packed).arrayBuffer());
  const sound = createMemoryStore();
  // The origin of a story can't send such bytes.
  const put: Store["put"] = async (key, { head }) => sound.put(key, { head, body: gzip });
  const world = createWorld({ ports: { store: { ...sound, put } } });
  const headers = { ...film, "content-encoding": "gzip", "content-length": String(gzip.byteLength) };
  await world.origin("frankfurt").answers("/text", { headers, bytes: gzip.byteLength });
  await ask(world, "/text", { headers: { "accept-encoding": "gzip" } });

  const answer = await ask(world, "/text", { headers: { range: "bytes=0-9", "accept-encoding": "identity" } });
  expect([answer.status, new TextDecoder().decode(answer.body)]).toEqual([200, text]);
  expect(answer.cache).toContain("hit");
});

/** Answers of every kind that decides what is read of it. */
const kinds: Readonly<Record<string, OriginAnswer>> = {
  film: { headers: film, bytes },
  unsized: { headers: { ...unsized, "content-type": "text/csv" }, body: ["a,b\n".repeat(500), "c,d\n".repeat(500)] },
  text: { headers: { ...film, "content-type": "text/css", "content-length": "4000" }, body: "a{}\n".repeat(1000) },
  coded: { headers: { ...film, "content-encoding": "compress" }, bytes },
  untransformed: {
    headers: { ...film, "cache-control": "max-age=60, no-transform", "content-encoding": "gzip" },
    bytes,
  },
  untagged: { headers: { "cache-control": "max-age=60", "content-length": String(bytes), date: at(0) }, bytes },
  weak: { headers: { ...film, etag: 'W/"v1"' }, bytes },
  digested: { headers: { ...film, "content-digest": "sha-256=:x:" }, bytes },
  varied: { headers: { ...film, vary: "accept-language" }, bytes },
  missing: { status: 404, headers: film, bytes },
  empty: { headers: { ...film, "content-length": "0" }, body: "" },
};

const tags = fc.constantFrom('"v1"', 'W/"v1"', '"v0"', '"v0", "v1"', "*", "v1", "");
const rarely = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const places = fc.constantFrom(0, 1, 9, 3999, 4000, 10_000, bytes - 1, bytes, 10 * bytes);
const ranges = fc.oneof(
  fc.tuple(places, places).map(([first, last]) => `bytes=${first}-${last}`),
  places.map((first) => `bytes=${first}-`),
  places.map((suffix) => `bytes=-${suffix}`),
  fc.constantFrom(
    "bytes=0-9,20-29",
    "bytes=0-0,-1",
    "lines=1-2",
    "bytes=x",
    "bytes=1-1e3",
    "bytes=0-99999999999999999999999",
  ),
);
const requests = fc.record({
  kind: fc.constantFrom(...Object.keys(kinds)),
  method: fc.constantFrom("GET", "GET", "GET", "HEAD"),
  headers: fc.record({
    range: fc.option(ranges, { nil: undefined, freq: 5 }),
    "if-range": rarely(fc.oneof(tags, fc.constantFrom(at(-1000), at(0), "yesterday"))),
    "if-none-match": rarely(tags),
    "if-modified-since": rarely(fc.constantFrom(at(-2000), at(-1000), at(0), "yesterday")),
    "accept-encoding": fc.constantFrom(undefined, "gzip", "identity", "br"),
    "cache-control": rarely(fc.constantFrom("only-if-cached", "max-age=0")),
  }),
});

type Asked = typeof requests extends fc.Arbitrary<infer T> ? T : never;

/** An edge that has an answer of every kind in its store. */
async function stocked(ignoring: boolean) {
  const { given, store } = watched(createMemoryStore(), ignoring);
  const world = createWorld({ ports: { store } });
  for (const [kind, answer] of Object.entries(kinds)) {
    await world.origin("frankfurt").answers(`/${kind}`, answer);
    await ask(world, `/${kind}`);
    expect((await ask(world, `/${kind}`)).cache, kind).toContain("hit");
  }
  return { world, given };
}

/** What the client gets, but for what differs from visit to visit. */
async function told(world: World, { kind, method, headers }: Asked) {
  const sent = JSON.parse(JSON.stringify(headers)) as Record<string, string>;
  const answer = await ask(world, `/${kind}`, { method, headers: sent });
  const fields = [...answer.headers].filter(([name]) => !["x-request-id", "server-timing"].includes(name));
  const { status, body } = answer;
  return withoutId(JSON.stringify({ status, fields, body: new TextDecoder("latin1").decode(body) }));
}

/** The visit's id is on error pages, and between several ranges. */
function withoutId(text: string): string {
  return text.replaceAll(/(?<=Visit |part)[0-9a-f-]{16,}/g, "");
}

test("whatever is asked, no client can tell whether the store gave sections or all", { timeout: 120_000 }, async () => {
  const [giving, ignoring] = await Promise.all([stocked(false), stocked(true)]);
  await fc.assert(
    fc.asyncProperty(requests, async (asked) => {
      expect(await told(giving.world, asked)).toEqual(await told(ignoring.world, asked));
    }),
    { numRuns: 2_000 },
  );
  expect(giving.given).toContain("head");
  expect(giving.given.some((one) => typeof one === "number")).toBe(true);
  expect(new Set(ignoring.given)).toEqual(new Set(["all"]));
});
