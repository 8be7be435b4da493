/** A stored answer, as those see it who make something of its body. */
import { discard, type Body, type Kept } from "../answer.ts";
import type { Store } from "../edge.ts";
import { parseContentLength } from "../http/range.ts";
import { readWhole } from "../http/stream.ts";
import { readHead } from "./entry.ts";
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

/** The bytes, if they are still those. */
async function readAgain(
  store: Store,
  { key, generation, length }: Pick<Kept, "key" | "generation" | "length">,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const again = await store.match(key);
  const entry = again && readHead(again.head);
  if (!again?.body || entry?.kind !== "answer" || entry.generation !== generation) {
    discard(again?.body);
    return undefined;
  }
  const bytes = again.body instanceof Uint8Array ? again.body : await readWhole(again.body, length);
  return bytes.byteLength === length ? bytes : undefined;
}
