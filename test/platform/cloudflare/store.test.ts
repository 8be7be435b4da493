import { expect, test } from "vitest";
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

test("what somebody else put under the URL is no entry", async () => {
  const { urls, cache } = watched();
  const store = createCacheApiStore(cache);
  await store.match("/foreign");
  await caches.default.put(urls[0]!, new Response("foreign", { headers: { "cache-control": "max-age=60" } }));
  expect(await store.match("/foreign")).toBeUndefined();
});
