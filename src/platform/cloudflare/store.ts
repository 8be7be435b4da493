/**
 * The store over the platform's Cache API. An entry is wrapped in a plain 200 answer with a year to live and our own
 * head in one header field, because the Cache API refuses 206, `Vary: *` and others, drops Set-Cookie, and computes
 * freshness in ways that differ between production and simulators.
 */
import type { Store } from "../../edge.ts";

const headField = "perigee-head";

/** No host of that name exists (RFC 6761 §6.4): an entry can't be mistaken for an answer of a site. */
const keySpace = "https://store.perigee.invalid/";

export function createCacheApiStore(cache: Cache): Store {
  return {
    async match(key) {
      const response = await cache.match(toUrl(key));
      const head = response?.headers.get(headField);
      if (!response || !head) return undefined;
      return { head, body: response.body };
    },

    async put(key, { head, body, length }) {
      await cache.put(toUrl(key), new Response(sized(body, length), { headers: wrapping(head) }));
    },

    delete: (key) => cache.delete(toUrl(key)),
  };
}

function toUrl(key: string): string {
  return keySpace + encodeURIComponent(key);
}

function wrapping(head: string): HeadersInit {
  return {
    "cache-control": "public, max-age=31536000",
    "content-type": "application/octet-stream",
    [headField]: head,
  };
}

/** With a known length the platform can store as the bytes come; a chunked put would block the puts behind it. */
function sized(body: ReadableStream<Uint8Array> | null, length: number | undefined): ReadableStream<Uint8Array> | null {
  return body !== null && length !== undefined ? body.pipeThrough(new FixedLengthStream(length)) : body;
}
