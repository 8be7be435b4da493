import { describe, expect, test } from "vitest";
import type { Stored, Wanted } from "../../../src/edge.ts";
import { createCacheApiStore } from "../../../src/platform/cloudflare/store.ts";

/** The platform's cache, with the URLs it was asked for. */
function watched(): { readonly urls: string[]; readonly cache: Cache } {
  const urls: string[] = [];
  const seen = <T>(url: RequestInfo | URL, then: () => T): T => {
    urls.push(String(url));
    return then();
  };
  return {
    urls,
    cache: {
      match: (url, options) => seen(url, () => caches.default.match(url, options)),
      put: (url, response) => seen(url, () => caches.default.put(url, response)),
      delete: (url, options) => seen(url, () => caches.default.delete(url, options)),
    },
  };
}

test.each([1, 1_500, 1_501, 16_000])("a key of %i characters makes a URL that the platform takes", async (length) => {
  const { urls, cache } = watched();
  const store = createCacheApiStore(cache);
  const key = "\u{4e16}".repeat(length);
  await store.put(key, { head: "h", body: null });
  expect((await store.match(key))?.head).toBe("h");
  expect(new Set(urls).size).toBe(1);
  expect(Math.max(...urls.map((url) => url.length))).toBeLessThan(16_000);
});

test.each<[Wanted, Stored["extent"], string]>([
  ["head", "head", ""],
  [{ first: 2, last: 4 }, { first: 2, last: 4 }, "234"],
  [{ first: 7, last: 30 }, { first: 7, last: 9 }, "789"],
  [{ suffix: 2 }, { first: 8, last: 9 }, "89"],
  [{ first: 0, last: undefined }, undefined, "0123456789"],
  [{ first: 10, last: undefined }, undefined, "0123456789"],
])("of %o no more leaves the platform's cache", async (wanted, extent, text) => {
  const store = createCacheApiStore(caches.default);
  const key = crypto.randomUUID();
  await store.put(key, { head: "h", body: new Response("0123456789").body, length: 10 });
  const { body, ...stored } = (await store.match(key, wanted))!;
  expect(stored).toEqual({ head: "h", length: 10, extent });
  expect(await new Response(body).text()).toBe(text);
});

describe("a platform's cache that", () => {
  const unusual: readonly (readonly [string, (given: Response) => Response])[] = [
    ["says no more in a 304 than that", ({ status }) => new Response(null, { status })],
    [
      "says of a 206 not which range it is",
      ({ body }) => new Response(body, { status: 206, headers: { "perigee-head": "h" } }),
    ],
  ];
  test.each(unusual)("%s is asked again, for all", async (_, spoil) => {
    const store = createCacheApiStore({
      put: (url, response) => caches.default.put(url, response),
      delete: (url) => caches.default.delete(url),
      async match(request) {
        const given = await caches.default.match(request);
        return given && given.status !== 200 ? spoil(given) : given;
      },
    });
    const key = crypto.randomUUID();
    await store.put(key, { head: "h", body: new Response("0123456789").body, length: 10 });
    for (const wanted of ["head", { first: 2, last: 4 }] as const) {
      const stored = await store.match(key, wanted);
      expect(stored?.extent).toBeUndefined();
      expect(await new Response(stored!.body).text()).toBe("0123456789");
    }
  });
});

test("what somebody else put under the URL is no entry", async () => {
  const { urls, cache } = watched();
  const store = createCacheApiStore(cache);
  await store.match("/foreign");
  await caches.default.put(urls[0]!, new Response("foreign", { headers: { "cache-control": "max-age=60" } }));
  expect(await store.match("/foreign")).toBeUndefined();
});

test("what came of a broken body is handed out to nobody, not even before it is taken out again", async () => {
  const seen: unknown[] = [];
  // Until it is told to delete it, this one has the half for all who ask.
  const keeping: Cache = {
    put: async (_, response) => void (await response.arrayBuffer().catch(() => undefined)),
    match: async () => new Response("half", { headers: { "perigee-head": "h" } }),
    delete: async () => {
      seen.push(await store.match("a"), (await store.match("b"))?.head);
      return true;
    },
  };
  const store = createCacheApiStore(keeping);
  const { readable: broken, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  void writer.write(new Uint8Array(4)).then(async () => writer.abort(new Error("broken")));
  await expect(store.put("a", { head: "h", body: broken, length: 10 })).rejects.toThrow("broken");
  expect(seen).toEqual([undefined, "h"]);
});

test("a cache that takes a broken body for a whole one isn't believed: who gave the body says that it broke off", async () => {
  const deleted: string[] = [];
  const credulous: Cache = {
    put: async (_, response) => void (await response.arrayBuffer().catch(() => undefined)),
    match: async () => undefined,
    delete: async (url) => deleted.push(String(url)) > 0,
  };
  const { readable, writable } = new FixedLengthStream(10);
  const writer = writable.getWriter();
  void writer.write(new Uint8Array(4)).then(async () => writer.abort(new Error("broken")));
  const put = createCacheApiStore(credulous).put("a", { head: "h", body: readable, length: 10, given: writer.closed });
  await expect(put).rejects.toThrow("broken");
  expect(deleted).toHaveLength(1);
});
