/** The store over the platform's Cache API. */
import type { Storable, Store, Stored, Wanted } from "../../edge.ts";
import { readBytes } from "../../http/byte-reader.ts";
import { requestFor, unwrap, wrap } from "./wrapping.ts";

/** No host of that name exists (RFC 6761 §6.4): an entry can't be mistaken for an answer of a site. */
const keySpace = "https://store.perigee.invalid";

/** The platform takes URLs of 16 KB, and a character of a key may need nine in a URL. */
const longestPlainKey = 1_500;

/**
 * Milliseconds. The local simulator keeps what came of a body of known length, though the put fails, and a little later
 * than it fails: then it must be taken out again, or it would be served for a year.
 */
const simulatorDelay = 100;

export function createCacheApiStore(cache: Cache): Store {
  /** URLs under which what came of a broken body may still be. */
  const broken = new Set<string>();

  async function match(key: string, wanted?: Wanted): Promise<Stored | undefined> {
    const url = await toUrl(key);
    const response = await cache.match(requestFor(url, wanted));
    if (!response) return undefined;
    const stored = broken.has(url) ? undefined : unwrap(response);
    if (stored) return stored;
    await response.body?.cancel();
    // It may be there all the same, where only a section of it couldn't be had.
    return wanted === undefined ? undefined : match(key);
  }

  return {
    match,

    async put(key, entry) {
      const url = await toUrl(key);
      try {
        await putWhole(cache, url, entry);
      } catch (error) {
        broken.add(url);
        await scheduler.wait(simulatorDelay);
        await cache.delete(url).finally(() => broken.delete(url));
        throw error;
      }
    },

    delete: async (key) => cache.delete(await toUrl(key)),
  };
}

/** One URL a key. The "=" keeps "." and ".." from being read as steps in a path. */
async function toUrl(key: string): Promise<string> {
  if (key.length <= longestPlainKey) return `${keySpace}/=${encodeURIComponent(key)}`;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${keySpace}/sha-256/${hex}`;
}

/**
 * The local simulator may take a body that breaks off for one that has ended, and say nothing: so what was given to it
 * decides, and not only whether it took it.
 */
async function putWhole(cache: Cache, url: string, entry: Storable): Promise<void> {
  const { body, length, given } = entry;
  if (!(body instanceof ReadableStream)) return cache.put(url, wrap(entry));
  if (given) return void (await Promise.all([given, cache.put(url, wrap(entry))]));
  const passage = length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length);
  await Promise.all([copy(body, passage.writable), cache.put(url, wrap({ ...entry, body: passage.readable }))]);
}

/** Rejects when the body fails, or is shorter or longer than the other end takes. */
async function copy(body: ReadableStream<Uint8Array>, to: WritableStream<Uint8Array>): Promise<void> {
  const [reader, writer] = [readBytes(body), to.getWriter()];
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      await writer.write(next.value);
      reader.release(next.value);
    }
    await writer.close();
  } catch (error) {
    writer.abort(error).catch(() => undefined);
    reader.cancel(error).catch(() => undefined);
    throw error;
  }
}
