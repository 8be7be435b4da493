/** Many visits at once that need the same: how few questions the origin gets, and what those hear who waited. */
import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { cacheStatus, createWorld, dawn } from "../harness/world.ts";

type Headers = Readonly<Record<string, string>>;

const date = new Date(dawn).toUTCString();
const minute = { "cache-control": "max-age=60", date };

/** A site with one origin that answers at /a, and the crowd that comes for it. */
async function createCrowd(...answers: readonly OriginAnswer[]) {
  const vars = { SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"] }], SETTINGS: { tries: 1 } };
  const world = createWorld({ vars });
  const origin = world.origin("frankfurt");
  await origin.answers("/a", ...answers);
  return {
    ...world,
    asked: async () => (await origin.seen()).length,
    /** They all come at once, the first of them first. */
    async come(headers: readonly Headers[]) {
      const told = headers.map(async (each) => {
        const response = await world.visit("/a", { headers: each });
        const body = await response.text();
        return { status: response.status, body, cache: cacheStatus(response) };
      });
      return Promise.all(told);
    },
  };
}

const times = (count: number, headers: Headers = {}): readonly Headers[] =>
  Array.from({ length: count }, () => headers);

describe("what a page varies by is known only when it is there", () => {
  test.for([
    ["accept-language", "de", "en"],
    ["accept-encoding", "gzip", "gzip, br"],
  ] as const)("by %s: one question for each variant", async ([name, one, other]) => {
    const crowd = await createCrowd({ headers: { ...minute, vary: name }, body: "page", delay: 50 });
    const came = await crowd.come([...times(10, { [name]: one }), ...times(10, { [name]: other })]);
    expect(new Set(came.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await crowd.asked()).toBeLessThanOrEqual(2);
  });
});

describe("an answer that is stale when it comes", () => {
  test("serves all who waited for it, and nobody who comes later", async () => {
    const crowd = await createCrowd({
      headers: { "cache-control": "max-age=1", age: "2", date },
      body: "brief",
      delay: 50,
    });
    const came = await crowd.come(times(10));
    expect(came.map(({ body }) => body)).toEqual(Array.from({ length: 10 }, () => "brief"));
    expect(came[9]!.cache).toBe("fwd=uri-miss; ttl=-1; collapsed");
    expect(await crowd.asked()).toBe(1);
    crowd.clock.advance(1);
    await crowd.come(times(1));
    expect(await crowd.asked()).toBe(2);
  });

  test("that must be asked for each time serves who came before the origin was asked, and one asks for the others", async () => {
    const headers = { "cache-control": "no-cache", etag: '"a"', date };
    const crowd = await createCrowd({ headers, body: "sure", delay: 150 }, { status: 304, headers, delay: 50 });
    const first = crowd.come(times(1));
    await new Promise((resolve) => void setTimeout(resolve, 50));
    crowd.clock.advance(1);
    const later = await crowd.come(times(10));
    expect(new Set([...(await first), ...later].map(({ body }) => body))).toEqual(new Set(["sure"]));
    expect(await crowd.asked()).toBe(2);
  });
});

describe("a range of what nobody has asked for", () => {
  const film = { ...minute, etag: '"v1"' };
  const bytes = 3 << 20;

  test("is one question for all, whichever range of the first slice they want", async () => {
    const crowd = await createCrowd({ headers: film, bytes, ranges: true, delay: 50 });
    const came = await crowd.come([...times(15, { range: "bytes=10-109" }), ...times(15, { range: "bytes=500-519" })]);
    expect(came.map(({ body }) => body.length)).not.toContain(0);
    expect(new Set(came.map(({ status }) => status))).toEqual(new Set([206]));
    expect(came[1]!.cache).toContain("collapsed");
    expect(await crowd.asked()).toBe(1);
  });

  test("without a strong validator it is two questions the first time, and then one for each further range", async () => {
    const crowd = await createCrowd({ headers: { ...minute, etag: 'W/"v1"' }, bytes, ranges: true, delay: 50 });
    await crowd.come(times(10, { range: "bytes=0-99" }));
    expect(await crowd.asked()).toBe(2);
    await crowd.settle();
    await crowd.come(times(10, { range: "bytes=50-150" }));
    expect(await crowd.asked()).toBe(3);
  });
});

describe("an origin that fails", () => {
  test.for([500, 502, 503, 504])(
    "with %i: that status for all who waited, and its words for who asked alone",
    async (status) => {
      const crowd = await createCrowd({
        status,
        headers: { "cache-control": "no-store" },
        body: "yours alone",
        delay: 50,
      });
      const came = await crowd.come(times(10));
      expect(new Set(came.map((each) => each.status))).toEqual(new Set([status]));
      expect(came.filter(({ body }) => body === "yours alone")).toHaveLength(1);
      expect(came[9]!.cache).toContain(`fwd=uri-miss; fwd-status=${status}; collapsed`);
      expect(await crowd.asked()).toBe(1);
    },
  );

  test("without an answer: Cache-Status says that they went forward, and who of them waited", async () => {
    const crowd = await createCrowd({ breaks: "before", delay: 50 });
    const came = await crowd.come(times(5));
    expect(came[0]!.cache).toContain("fwd=uri-miss");
    expect(came[0]!.cache).not.toContain("collapsed");
    expect(came[4]!.cache).toContain("fwd=uri-miss; collapsed");
  });
});

test("a body that takes longer than ten seconds is still one question", { timeout: 30_000 }, async () => {
  const body = Array.from({ length: 12 }, () => "z");
  const crowd = await createCrowd({ headers: { ...minute, "content-length": "12" }, body, pause: 1000 });
  const came = await crowd.come(times(5));
  expect(new Set(came.map((each) => each.body))).toEqual(new Set(["zzzzzzzzzzzz"]));
  expect(await crowd.asked()).toBe(1);
});

test("a client that stops reading a long answer makes nobody wait for it: one of the others asks for them", async () => {
  const bytes = 8 << 20;
  const crowd = await createCrowd({ headers: { ...minute, "content-length": String(bytes) }, bytes, delay: 50 });
  const idle = crowd.visit("/a");
  const began = Date.now();
  const came = await crowd.come(times(5));
  expect(came.every(({ body }) => body.length > 0)).toBe(true);
  expect(await crowd.asked()).toBe(2);
  expect(Date.now() - began).toBeLessThan(9_000);
  await (await idle).body?.cancel();
});
