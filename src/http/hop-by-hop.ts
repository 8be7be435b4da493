/** Fields that belong to one connection and are not forwarded (RFC 9110 §7.6.1). */
import { asCgiReads } from "./claims.ts";
import type { Fields } from "./fields.ts";

/** Dropped whether or not Connection names them: many senders don't (RFC 9110 §7.6.1, §11.7; RFC 9113 §8.2.2). */
const hopByHop: readonly string[] = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
];

/**
 * Fields for every recipient on the way, which a connection option must not name (RFC 9110 §7.6.1). A sender that names
 * them all the same wants to hide them from the next server: a credential, a validator, or the marks against loops.
 */
const endToEnd: ReadonlySet<string> = new Set([
  "age",
  "authorization",
  "cache-control",
  "cdn-cache-control",
  "cdn-loop",
  "content-encoding",
  "content-length",
  "content-location",
  "content-range",
  "content-security-policy",
  "content-type",
  "cookie",
  "date",
  "etag",
  "expires",
  "forwarded",
  "host",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "last-modified",
  "location",
  "origin",
  "pragma",
  "range",
  "set-cookie",
  "strict-transport-security",
  "user-agent",
  "vary",
  "via",
  "www-authenticate",
]);

/** Deletes them, and those that Connection names; `transfer_encoding` too, which some servers take for the real one. */
export function dropHopByHop(fields: Fields): void {
  dropNamed(fields);
  for (const name of hopByHop) fields.delete(name);
  for (const [name] of fields) if (name.includes("_") && frames(asCgiReads(name))) fields.delete(name);
}

function frames(name: string): boolean {
  return name === "content-length" || hopByHop.includes(name);
}

/**
 * Deletes the fields that Connection names. Of a request before anything looks at it: else a sender could show the cache a
 * field, for the key, that the origin never gets.
 */
export function dropNamed(fields: Fields): void {
  const options = fields.get("connection");
  if (options === undefined) return;
  for (const option of options.split(",")) {
    const name = option.trim().toLowerCase();
    if (!endToEnd.has(name) && !hopByHop.includes(name)) fields.delete(name);
  }
}
