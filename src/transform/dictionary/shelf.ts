/** What the store keeps for dictionaries: plain bytes by their hash, and what was made of them. */
import { discard } from "../../answer.ts";
import type { Edge, Stored } from "../../edge.ts";
import { toBase64 } from "../../http/base64.ts";

/** SHA-256 in base64, as fields have it between colons. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * Where a dictionary is. A browser has it for one origin, and so has the edge (RFC 9842 §9.3.1). With a space in it, it is the key of
 * no answer.
 */
export function dictionaryKey(origin: string, hash: string): string {
  return keyOf(origin, "dictionary", hash);
}

/** Under the key of what is known by that. */
export function keyOf(origin: string, kind: "dictionary" | "dictionary-of" | "delta", name: string): string {
  return `${origin} ${kind}=${encodeURIComponent(name.toWellFormed())}`;
}

/** An entry that is still to be used. */
export interface Kept extends Stored {
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The entry under the key; undefined when there is none, when its time is over, or when the store fails. */
export async function find(edge: Edge, key: string, wanted?: "head"): Promise<Kept | undefined> {
  const stored = await edge.store.match(key, wanted).catch(() => undefined);
  const until = stored ? readUntil(stored.head) : 0;
  const isKept = stored && until > edge.now();
  if (stored && (!isKept || wanted)) discard(stored.body);
  return isKept ? { ...stored, until, body: wanted ? null : stored.body } : undefined;
}

/** Keeps bytes under the key until then; null where it is enough to know that. */
export async function keep(edge: Edge, key: string, { until, body }: Keeping): Promise<void> {
  await edge.store.put(key, { head: JSON.stringify({ until }), body, length: body?.byteLength ?? 0 });
}

interface Keeping {
  readonly until: number;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

function readUntil(head: string): number {
  try {
    const { until } = JSON.parse(head) as { readonly until?: unknown };
    return typeof until === "number" ? until : 0;
  } catch {
    return 0;
  }
}
