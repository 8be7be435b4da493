import type { Store } from "../../edge.ts";

/** A store in memory, for tests and simulation; unbounded, so not for serving. */
export function createMemoryStore(): Store {
  const entries = new Map<string, { readonly head: string; readonly bytes: Uint8Array<ArrayBuffer> }>();
  return {
    async match(key) {
      const entry = entries.get(key);
      return entry && { head: entry.head, body: new Response(entry.bytes).body, length: entry.bytes.byteLength };
    },

    async put(key, { head, body }) {
      entries.set(key, { head, bytes: new Uint8Array(await new Response(body).arrayBuffer()) });
    },

    async delete(key) {
      return entries.delete(key);
    },
  };
}
