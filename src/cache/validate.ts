/** Validation towards the origin (RFC 9111 §4.3). */
import type { HeaderEdits } from "../config/model.ts";
import { matchesWeakly } from "../http/etag.ts";
import type { Fields } from "../http/fields.ts";
import type { StoredAnswer } from "./entry.ts";

/** The client's own conditions: the cache answers them itself, from the whole answer (RFC 9111 §4.3.2). */
export const clientConditions = ["if-none-match", "if-modified-since"] as const;

/** Asks for the whole answer, whatever the client has already. */
export const askWhole: HeaderEdits = { remove: clientConditions, set: [], add: [] };

/** Asks whether the stored answer still holds (§4.3.1); for all of it, also when the client wants a range. */
export function askWhether(stored: StoredAnswer): HeaderEdits {
  const etag = stored.fields.get("etag");
  const modified = stored.fields.get("last-modified");
  return {
    remove: [...clientConditions, "range", "if-range"],
    set: [
      ...(etag === undefined ? [] : [["if-none-match", () => etag] as const]),
      ...(modified === undefined ? [] : [["if-modified-since", () => modified] as const]),
    ],
    add: [],
  };
}

/** Fields that describe the stored bytes: a 304 doesn't change those (§3.2). */
const boundToBytes: ReadonlySet<string> = new Set([
  "content-length",
  "content-encoding",
  "content-type",
  "content-range",
  "transfer-encoding",
]);

/**
 * The stored fields, brought up to date by a 304's (§4.3.4, §3.2). Its entity tag counts only when it is another one: the
 * stored may be the weak form of it, because the stored bytes are no longer those of the origin.
 */
export function freshened(stored: Fields, notModified: Fields): Fields {
  const fields = stored.copy().delete("age");
  const etag = stored.get("etag");
  for (const [name, value] of notModified) {
    const isSameTag = name === "etag" && etag !== undefined && matchesWeakly(value, etag);
    if (name !== "set-cookie" && !boundToBytes.has(name) && !isSameTag) fields.set(name, value);
  }
  return fields;
}
