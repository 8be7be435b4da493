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

/**
 * Whether a 304 speaks of the stored answer (§4.3.4): its entity tag is the stored one's, else its date is, where both tell one.
 * The stored tag may be the weak form of it, because the stored bytes are no longer those of the origin.
 */
export function confirms(notModified: Fields, stored: Fields): boolean {
  const [etag, modified] = [notModified.get("etag"), notModified.get("last-modified")];
  if (etag !== undefined) return matchesWeakly(etag, stored.get("etag") ?? "");
  return modified === undefined || modified === (stored.get("last-modified") ?? modified);
}

/** Fields that describe the stored bytes: a 304 doesn't change those (§3.2). */
const boundToBytes: ReadonlySet<string> = new Set([
  "etag",
  "content-length",
  "content-encoding",
  "content-type",
  "content-range",
  "transfer-encoding",
]);

/** The stored fields, brought up to date by those of a 304 that {@link confirms} them (§4.3.4, §3.2). */
export function freshened(stored: Fields, notModified: Fields): Fields {
  const fields = stored.copy().delete("age");
  for (const [name, value] of notModified)
    if (name !== "set-cookie" && !boundToBytes.has(name)) fields.set(name, value);
  return fields;
}
