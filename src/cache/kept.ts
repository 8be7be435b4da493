/** A stored answer, as those see it who make something of its body, and what that is worth to the cache. */
import { discard, type Body, type Kept } from "../answer.ts";
import type { Edge, Store, Stored, Wanted } from "../edge.ts";
import { parseContentLength } from "../http/range.ts";
import { onDemand, readWhole } from "../http/stream.ts";
import { readHead, type Entry } from "./entry.ts";
import type { Found } from "./lookup.ts";

/** Of an answer that is served with that body; nothing where the body is a part of it, or its bytes have no name. */
export function keptAs(found: Found, body: Body): { readonly kept?: Kept } {
  const { key, stored } = found;
  const { generation, partial, status, fields } = stored;
  const length = found.length ?? parseContentLength(fields.get("content-length"));
  if (generation === undefined || partial || status !== 200 || length === undefined) return {};
  const read: Kept["read"] = (store) =>
    body instanceof Uint8Array ? Promise.resolve(body) : readAgain(store, { key, generation, length });
  return { kept: { key, generation, length, body, read } };
}

/** What names the bytes that are meant. */
type Named = Pick<Kept, "key" | "generation">;

/** The bytes, if they are still those. */
async function readAgain(
  store: Store,
  { length, ...named }: Named & Pick<Kept, "length">,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const body = await matchAgain(store, named);
  const bytes = body && (body instanceof Uint8Array ? body : await readWhole(body, length));
  return bytes?.byteLength === length ? bytes : undefined;
}

async function matchAgain(store: Store, { key, generation }: Named): Promise<Stored["body"] | undefined> {
  const again = await store.match(key);
  const entry = again && readHead(again.head);
  if (again && entry?.kind === "answer" && entry.generation === generation) return again.body;
  discard(again?.body);
  return undefined;
}

/** What to ask the store for when all of the body may be read: the head is enough when it was a form that was served last. */
export function likelyWanted(key: string, { usage }: Edge): Wanted | undefined {
  return usage(key).isCoded ? "head" : undefined;
}

/**
 * An entry of which only the head came, with a body that is asked for when somebody reads it after all; undefined when its bytes
 * have no name, and it must be asked for at once. A body that was replaced meanwhile breaks off.
 */
export function withBodyOnDemand(stored: Stored, key: string, { store }: Edge): Stored | undefined {
  const entry = (stored.decoded ??= readHead(stored.head)) as Entry | undefined;
  const generation = entry?.kind === "answer" ? entry.generation : undefined;
  if (generation === undefined) return undefined;
  const body = onDemand(async () => {
    const again = await matchAgain(store, { key, generation });
    if (!again) throw new Error("the stored answer was replaced before it was read");
    return again instanceof Uint8Array ? new Response(again).body! : again;
  });
  return { ...stored, body, extent: undefined };
}
