/** The stores that lists are in. */
import { isBucket, isNamespace } from "./bound.ts";

/** Where the file of a list is. */
interface Place {
  readonly store: "kv" | "r2";
  /** The name of the store's binding. */
  readonly binding: string;
  readonly key: string;
}

/** Seconds for which a location may serve KV's value from its own cache: the least that KV allows. */
const cacheTtl = 30;

/**
 * The bytes under that key; undefined when there are none. Rejects when the store fails, or there is no such store.
 * @param bindings the Worker's `env`.
 */
export async function openList(
  { store, binding, key }: Place,
  bindings: Readonly<Record<string, unknown>>,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const bound = bindings[binding];
  if (store === "kv" && isNamespace(bound)) return (await bound.get(key, { type: "stream", cacheTtl })) ?? undefined;
  if (store === "r2" && isBucket(bound)) return (await bound.get(key))?.body;
  throw new Error("there is no such binding");
}
