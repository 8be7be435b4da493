import { describe, expect, test } from "vitest";
import { createWorld } from "../harness/world.ts";

const css = { "content-type": "text/css", "cache-control": "max-age=60", etag: '"v1"' };

describe("a client that has it already", () => {
  test("gets 304 from the cache, and the origin hears nothing of it", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a.css", { headers: css, body: "a{}" });
    await (await world.visit("/a.css")).text();
    await world.settle();

    const response = await world.visit("/a.css", { headers: { "if-none-match": '"v1"' } });
    expect(response.status).toBe(304);
    expect(response.body).toBeNull();
    expect(response.headers.get("etag")).toBe('"v1"');
    expect(response.headers.get("cache-control")).toBe("max-age=60");
    expect(response.headers.get("content-type")).toBeNull();
    expect(await origin.seen()).toHaveLength(1);
  });

  test("gets 304 on a miss too, while the whole is stored for the next one", async () => {
    const world = createWorld();
    const origin = world.origin("frankfurt");
    await origin.answers("/a.css", { headers: css, body: "a{}" });
    expect((await world.visit("/a.css", { headers: { "if-none-match": '"v1"' } })).status).toBe(304);
    await world.settle();
    expect(await (await world.visit("/a.css")).text()).toBe("a{}");
    expect(await origin.seen()).toHaveLength(1);
  });

  test("gets the whole when it has another version", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a.css", { headers: css, body: "a{}" });
    const response = await world.visit("/a.css", { headers: { "if-none-match": '"v0"' } });
    expect([response.status, await response.text()]).toEqual([200, "a{}"]);
  });
});

describe("a client that wants a part", () => {
  const bytes = 200_000;
  const expected = (first: number, last: number) =>
    Uint8Array.from({ length: last - first + 1 }, (_, index) => (first + index) % 251);

  async function stored() {
    const world = createWorld();
    const headers = { "cache-control": "max-age=60", etag: '"v1"', "content-length": String(bytes) };
    await world.origin("frankfurt").answers("/film", { headers: { ...headers, "content-type": "video/mp4" }, bytes });
    await (await world.visit("/film")).arrayBuffer();
    await world.settle();
    return world;
  }

  test.for([
    ["bytes=0-0", 0, 0],
    ["bytes=65535-65536", 65_535, 65_536],
    ["bytes=100000-", 100_000, bytes - 1],
    ["bytes=-1000", bytes - 1000, bytes - 1],
  ] as const)("gets it out of the cache: %s", async ([range, first, last]) => {
    const world = await stored();
    const response = await world.visit("/film", { headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${first}-${last}/${bytes}`);
    expect(response.headers.get("content-length")).toBe(String(last - first + 1));
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(expected(first, last));
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });

  test("hears that there is none", async () => {
    const world = await stored();
    const response = await world.visit("/film", { headers: { range: `bytes=${bytes}-` } });
    expect([response.status, response.headers.get("content-range")]).toEqual([416, `bytes */${bytes}`]);
  });

  test("goes on where it left off only while the version is the same", async () => {
    const world = await stored();
    const status = async (etag: string) => {
      const response = await world.visit("/film", { headers: { range: "bytes=10-19", "if-range": etag } });
      await response.arrayBuffer();
      return response.status;
    };
    expect(await status('"v1"')).toBe(206);
    expect(await status('"v0"')).toBe(200);
  });
});
