import { describe, expect, test } from "vitest";
import { createCacheApiStore } from "../../src/platform/cloudflare/store.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";

const kb = 1024;
const slice = 64 * kb;
const at = (seconds: number): string => new Date(dawn + seconds * 1000).toUTCString();
const minute = { "cache-control": "max-age=60", "content-type": "video/mp4", date: at(0) };
const strong = { ...minute, etag: '"v1"' };

const stores = [
  ["in memory", createMemoryStore],
  ["in the Cache API", () => createCacheApiStore(caches.default)],
] as const;

/** An edge that cuts what is asked for in ranges into slices of 64 KB, and a film of its own. */
function createCinema(createStore: (typeof stores)[number][1] = createMemoryStore, policy: object = {}) {
  const vars = {
    SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"], cache: { slice: "64KB", ...policy } }],
  };
  const world = createWorld({ vars, ports: { store: createStore() } });
  const path = `/${crypto.randomUUID()}`;
  const origin = world.origin("frankfurt");
  return {
    ...world,
    showing: (...answers: readonly OriginAnswer[]) => origin.answers(path, ...answers),
    /** What the origin was asked for, range by range. */
    asked: async () => (await origin.seen()).map(({ headers }) => headers["range"]),
    seen: () => origin.seen(),
    async ask(headers: Readonly<Record<string, string>> = {}, method = "GET") {
      const response = await world.visit(path, { headers, method });
      const bytes = new Uint8Array(await response.arrayBuffer());
      await world.settle();
      return { status: response.status, headers: response.headers, bytes, cache: cacheStatus(response) };
    },
    open: (range: string) => world.visit(path, { headers: { range } }),
  };
}

const pattern = (first: number, last: number): Uint8Array =>
  Uint8Array.from({ length: last - first + 1 }, (_, index) => (first + index) % 251);

describe.for(stores)("a film in slices, %s", ([, createStore]) => {
  const bytes = 200 * kb + 17;

  test("a seek costs the slice it lands in, and the next one there costs nothing", async () => {
    const cinema = createCinema(createStore);
    await cinema.showing({ headers: strong, bytes, ranges: true });
    const seek = await cinema.ask({ range: "bytes=70000-70099" });
    expect([seek.status, seek.headers.get("content-range"), seek.headers.get("content-length")]).toEqual([
      206,
      `bytes 70000-70099/${bytes}`,
      "100",
    ]);
    expect(seek.bytes).toEqual(pattern(70_000, 70_099));
    expect(seek.cache).toBe("fwd=uri-miss; fwd-status=206; ttl=60; stored");

    const near = await cinema.ask({ range: "bytes=131000-131071" });
    expect(near.bytes).toEqual(pattern(131_000, 131_071));
    expect(near.cache).toBe("hit; ttl=60");
    expect(await cinema.asked()).toEqual([`bytes=${slice}-${2 * slice - 1}`]);
  });

  test("a long range is stitched, what is missing fetched, and the whole served from there afterwards", async () => {
    const cinema = createCinema(createStore);
    await cinema.showing({ headers: strong, bytes, ranges: true });
    await cinema.ask({ range: "bytes=70000-70099" });
    const long = await cinema.ask({ range: "bytes=100-" });
    expect([long.status, long.cache]).toEqual([206, "fwd=partial; fwd-status=206; ttl=60; stored"]);
    expect(long.bytes).toEqual(pattern(100, bytes - 1));
    expect((await cinema.asked()).toSorted()).toEqual(
      [
        `bytes=${slice}-${2 * slice - 1}`,
        `bytes=${2 * slice}-${3 * slice - 1}`,
        `bytes=${3 * slice}-${bytes - 1}`,
        `bytes=0-${slice - 1}`,
      ].toSorted(),
    );

    const whole = await cinema.ask();
    expect([whole.status, whole.cache, whole.headers.get("content-length")]).toEqual([
      200,
      "hit; ttl=60",
      String(bytes),
    ]);
    expect(whole.bytes).toEqual(pattern(0, bytes - 1));
    const tail = await cinema.ask({ range: "bytes=-20" });
    expect([tail.cache, tail.headers.get("content-range")]).toEqual([
      "hit; ttl=60",
      `bytes ${bytes - 20}-${bytes - 1}/${bytes}`,
    ]);
    expect(await cinema.asked()).toHaveLength(4);
  });
});

describe("a film in slices", () => {
  const bytes = 200 * kb;

  test("of two gigabytes: a seek fetches one slice, and no more than one ahead while the client reads", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes: 2 ** 31, ranges: true });
    expect((await cinema.ask({ range: "bytes=700000000-700000009" })).bytes).toEqual(pattern(700_000_000, 700_000_009));
    expect(await cinema.asked()).toHaveLength(1);

    const response = await cinema.open("bytes=1500000000-");
    expect(response.headers.get("content-range")).toBe(`bytes 1500000000-${2 ** 31 - 1}/${2 ** 31}`);
    const reader = response.body!.getReader();
    const { value } = await reader.read();
    expect(value!.slice(0, 50)).toEqual(pattern(1_500_000_000, 1_500_000_049));
    await reader.cancel();
    await cinema.settle();
    const asked = (await cinema.asked()).slice(1);
    expect(asked[0]).toBe(
      `bytes=${Math.floor(1_500_000_000 / slice) * slice}-${Math.floor(1_500_000_000 / slice) * slice + slice - 1}`,
    );
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  test("hears that there is no such range, and gets the whole when its copy is of another version", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    const beyond = await cinema.ask({ range: `bytes=${bytes}-` });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${bytes}`]);
    const old = await cinema.ask({ range: "bytes=0-9", "if-range": '"v0"' });
    expect([old.status, old.bytes.byteLength]).toEqual([200, bytes]);
    const current = await cinema.ask({ range: "bytes=0-9", "if-range": '"v1"' });
    expect([current.status, current.cache]).toEqual([206, "hit; ttl=60"]);
  });

  test("that changes in the middle breaks off, and is fetched anew by the next one", async () => {
    const cinema = createCinema();
    await cinema.showing(
      { headers: strong, bytes, ranges: true },
      { headers: { ...strong, etag: '"v2"' }, bytes, ranges: true },
    );
    await expect(cinema.ask({ range: "bytes=0-" })).rejects.toThrow();
    await cinema.settle();
    const next = await cinema.ask({ range: "bytes=0-9" });
    expect([next.headers.get("etag"), next.cache]).toEqual(['"v2"', "fwd=uri-miss; fwd-status=206; ttl=60; stored"]);
  });

  test("that changed since is fetched anew by a seek, and its old slices are left behind", async () => {
    const cinema = createCinema();
    const headers = { ...strong, etag: '"v2"' };
    await cinema.showing({ headers: strong, bytes, ranges: true }, { headers, bytes: bytes - 1, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    const seek = await cinema.ask({ range: "bytes=100000-100009" });
    expect([seek.headers.get("etag"), seek.headers.get("content-range")]).toEqual([
      '"v2"',
      `bytes 100000-100009/${bytes - 1}`,
    ]);
    expect((await cinema.ask({ range: "bytes=0-9" })).headers.get("etag")).toBe('"v2"');
  });

  test("a slice that came for one client alone is for no other", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    const secret = await cinema.ask({ range: "bytes=100000-100009", authorization: "Basic Zm9v" });
    expect([secret.bytes, secret.cache]).toEqual([pattern(100_000, 100_009), "fwd=partial; fwd-status=206; ttl=60"]);
    await cinema.ask({ range: "bytes=100000-100009" });
    expect(await cinema.asked()).toHaveLength(3);
  });

  test("is asked about when it has become stale, and its slices go on when it still holds", async () => {
    const cinema = createCinema();
    await cinema.showing(
      { headers: strong, bytes, ranges: true },
      { status: 304, headers: { ...strong, date: at(61) } },
    );
    await cinema.ask({ range: "bytes=0-9" });
    cinema.clock.advance(61);
    const again = await cinema.ask({ range: "bytes=10-19" });
    expect([again.cache, again.bytes]).toEqual(["fwd=stale; fwd-status=304; ttl=60", pattern(10, 19)]);
    expect((await cinema.seen())[1]!.headers).toMatchObject({ "if-none-match": '"v1"', range: "bytes=0-0" });
    expect((await cinema.ask({ range: "bytes=20-29" })).cache).toBe("hit; ttl=60");
  });

  test("that is new by then is fetched anew", async () => {
    const cinema = createCinema();
    const headers = { ...strong, etag: '"v2"', date: at(61) };
    await cinema.showing({ headers: strong, bytes, ranges: true }, { headers, bytes, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    cinema.clock.advance(61);
    const again = await cinema.ask({ range: "bytes=10-19" });
    expect([again.headers.get("etag"), again.headers.get("content-range")]).toEqual(['"v2"', `bytes 10-19/${bytes}`]);
    expect((await cinema.ask({ range: "bytes=20-29" })).cache).toBe("hit; ttl=60");
  });

  test("many who want the same slice wait for one of them", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    const answers = await Promise.all(Array.from({ length: 5 }, () => cinema.ask({ range: "bytes=100000-100009" })));
    for (const answer of answers) expect(answer.bytes).toEqual(pattern(100_000, 100_009));
    expect(await cinema.asked()).toHaveLength(2);
  });

  test("a client that asks only for what is cached hears when not all of it is", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    const onlyCached = { "cache-control": "only-if-cached" };
    expect((await cinema.ask({ range: "bytes=10-19", ...onlyCached })).status).toBe(206);
    expect((await cinema.ask({ range: "bytes=0-", ...onlyCached })).status).toBe(504);
    expect((await cinema.ask({ range: "bytes=0-9,99-100", ...onlyCached })).status).toBe(504);
  });
});

describe("no slices", () => {
  const bytes = 200 * kb;

  test.for([
    ["a short file comes whole with the first part, and is stored so", strong, 1000, undefined],
    ["a short file without a validator too", minute, 1000, undefined],
  ] as const)("%s", async ([, headers, length]) => {
    const cinema = createCinema();
    await cinema.showing({ headers, bytes: length, ranges: true });
    const part = await cinema.ask({ range: "bytes=10-19" });
    expect([part.status, part.cache, part.bytes]).toEqual([
      206,
      "fwd=uri-miss; fwd-status=206; stored",
      pattern(10, 19),
    ]);
    const whole = await cinema.ask();
    expect([whole.status, whole.cache, whole.bytes]).toEqual([200, "hit; ttl=60", pattern(0, 999)]);
  });

  test.for([
    ["a weak validator", { ...minute, etag: 'W/"v1"' }],
    ["no validator", minute],
    ["one that changed within the second", { ...minute, "last-modified": at(0) }],
  ] as const)("of a film with %s: its parts are never put together", async ([, headers]) => {
    const cinema = createCinema();
    await cinema.showing({ headers, bytes, ranges: true });
    const part = await cinema.ask({ range: "bytes=60000-80000" });
    expect([part.status, part.bytes]).toEqual([206, pattern(60_000, 80_000)]);
    const inside = await cinema.ask({ range: "bytes=70000-70009" });
    expect([inside.cache, inside.bytes]).toEqual(["hit; ttl=60", pattern(70_000, 70_009)]);
    const beyond = await cinema.ask({ range: "bytes=79999-80001" });
    expect([beyond.cache.split(";")[0], beyond.bytes]).toEqual(["fwd=partial", pattern(79_999, 80_001)]);
    expect((await cinema.ask()).bytes).toEqual(pattern(0, bytes - 1));
  });

  test("when the origin takes no part in it: the whole is stored, and cut", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: { ...strong, "content-length": String(bytes) }, bytes });
    const part = await cinema.ask({ range: "bytes=100000-100009" });
    expect([part.status, part.bytes]).toEqual([206, pattern(100_000, 100_009)]);
    expect((await cinema.ask({ range: "bytes=0-9" })).cache).toBe("hit; ttl=60");
    expect(await cinema.asked()).toHaveLength(1);
  });

  test("when the config says so: the origin is asked as the client asks", async () => {
    const cinema = createCinema(createMemoryStore, { slice: false });
    await cinema.showing({ headers: strong, bytes, ranges: true });
    await cinema.ask({ range: "bytes=100-199" });
    expect(await cinema.asked()).toEqual(["bytes=100-199"]);
    expect((await cinema.ask({ range: "bytes=150-160" })).cache).toBe("hit; ttl=60");
  });

  test("of what may not be stored, or is for one client alone", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: { ...strong, "cache-control": "no-store" }, bytes, ranges: true });
    const part = await cinema.ask({ range: "bytes=100-199" });
    expect([part.status, part.cache]).toEqual([206, "fwd=uri-miss; fwd-status=206; detail=no-store"]);
    await cinema.ask({ range: "bytes=100-199", authorization: "Basic Zm9v" });
    expect((await cinema.asked()).slice(-1)).toEqual(["bytes=100-199"]);
  });

  test("for a suffix of what is not known yet; what comes of it serves the ranges inside", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes, ranges: true });
    await cinema.ask({ range: "bytes=-1000" });
    expect((await cinema.ask({ range: "bytes=-10" })).bytes).toEqual(pattern(bytes - 10, bytes - 1));
    expect((await cinema.ask({ range: `bytes=${bytes - 500}-` })).cache).toBe("hit; ttl=60");
    expect(await cinema.asked()).toEqual(["bytes=-1000"]);
  });
});

describe("an origin that miscounts its part", () => {
  const claimed = { ...minute, "content-range": "bytes 4-9/10" };
  const miscounted = { ...claimed, "content-length": "5" };

  test("is taken at what it sent", async () => {
    const cinema = createCinema();
    await cinema.showing({ status: 206, headers: miscounted, body: "01234" });
    await cinema.ask({ range: "bytes=-5" });
    const rest = await cinema.ask({ range: "bytes=6-" });
    expect([rest.status, new TextDecoder().decode(rest.bytes), rest.headers.get("content-range")]).toEqual([
      206,
      "234",
      "bytes 6-8/9",
    ]);
  });

  test("but not where it may have broken off: nothing else says how much was to come", async () => {
    const cinema = createCinema();
    await cinema.showing({ status: 206, headers: claimed, body: ["01", "234"] });
    await cinema.ask({ range: "bytes=-5" });
    expect((await cinema.ask({ range: "bytes=-5" })).cache).toContain("fwd=partial");
  });

  test("but not where parts could be put together", async () => {
    const cinema = createCinema();
    await cinema.showing({ status: 206, headers: { ...miscounted, etag: '"v1"' }, body: "01234" });
    await cinema.ask({ range: "bytes=-5" });
    expect((await cinema.ask({ range: "bytes=-5" })).cache).toContain("fwd=partial");
  });
});

describe("parts and the whole", () => {
  test("go together when the URL is changed by a POST", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes: 200 * kb, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    await cinema.ask({}, "POST");
    const anew = await cinema.ask({ range: "bytes=0-9" });
    expect(anew.cache).toBe("fwd=uri-miss; fwd-status=206; ttl=60; stored");
  });

  test("a HEAD is not answered from parts, and a client that has it already hears so", async () => {
    const cinema = createCinema();
    await cinema.showing({ headers: strong, bytes: 200 * kb, ranges: true });
    await cinema.ask({ range: "bytes=0-9" });
    expect((await cinema.ask({}, "HEAD")).cache).toContain("fwd=partial");
    expect((await cinema.ask({ range: "bytes=0-9", "if-none-match": '"v1"' })).status).toBe(304);
  });
});

test("a part says in `Vary` what the whole says", async () => {
  const world = createWorld();
  const headers = { "content-type": "text/plain", "cache-control": "max-age=60", etag: '"v1"' };
  await world.origin("frankfurt").answers("/text", { body: "text ".repeat(400), headers });
  const ask = async (sent: Record<string, string> = {}) => {
    const response = await world.visit("/text", { headers: sent });
    await response.text();
    await world.settle();
    return [response.status, response.headers.get("vary")];
  };
  expect(await ask()).toEqual([200, "Accept-Encoding"]);
  expect(await ask({ range: "bytes=0-3" })).toEqual([206, "Accept-Encoding"]);
});
