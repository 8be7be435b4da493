/** The config as one document in KV, in place of all variables, which hold at most 5 KB each. */

import { isNamespace } from "./bound.ts";

/** The key it stands under. */
const documentKey = "config";

/** Seconds for which a location may serve the document from its own cache: the least that KV allows. */
const cacheTtl = 30;

/**
 * The document's members, by binding name; undefined when there is no such KV binding or no document.
 * @throws when KV fails, or the document is no JSON object.
 */
export async function readDocument(namespace: unknown): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (!isNamespace(namespace)) return undefined;
  const document: unknown = await namespace.get(documentKey, { type: "json", cacheTtl });
  if (document === null) return undefined;
  if (typeof document !== "object" || Array.isArray(document)) throw new TypeError("the document is no JSON object");
  return document as Readonly<Record<string, unknown>>;
}
