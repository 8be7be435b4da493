import type { Store, Stored, Wanted } from "../../edge.ts";
import { resolveRange } from "../../http/range.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A store in memory, for tests and simulation; unbounded, so not for serving. */
export function createMemoryStore(): Store {
  const entries = new Map<string, { readonly head: string; readonly bytes: Bytes }>();
  return {
    async match(key, wanted) {
      const entry = entries.get(key);
      return entry && { head: entry.head, length: entry.bytes.byteLength, ...select(entry.bytes, wanted) };
    },

    async put(key, { head, body }) {
      entries.set(key, { head, bytes: new Uint8Array(await new Response(body).arrayBuffer()) });
    },

    async delete(key) {
      return entries.delete(key);
    },
  };
}

/** What is wanted of them; all of them when that is a range that they don't have. */
function select(bytes: Bytes, wanted: Wanted | undefined): Pick<Stored, "body" | "extent"> {
  if (wanted === "head" && bytes.byteLength > 0) return { body: null, extent: wanted };
  const range = wanted && wanted !== "head" ? resolveRange(wanted, bytes.byteLength) : undefined;
  const isPart = range && range.last - range.first + 1 < bytes.byteLength;
  if (!isPart) return { body: new Response(bytes).body };
  return { body: new Response(bytes.subarray(range.first, range.last + 1)).body, extent: range };
}
