/** Whether an error may be the request's own doing, and not the URL's. */
import type { Fields } from "../http/fields.ts";
import type { Visit } from "../visit.ts";

/** Bytes of all fields together that every common server takes: some refuse more than 8 KB with 400, 413 or 431. */
const mostBytes = 4096;

/** As many fields as every common server takes: some refuse more than 100, and the edge adds its own. */
const mostFields = 64;

/**
 * Fields that are no part of the key, and for which a server may refuse what it would give to others: a description of
 * content that a GET doesn't have, an expectation (RFC 9110 §10.1.1), ranges that can't be read or are too many, an end to
 * its way, credentials, another protocol.
 */
const provoking = [
  "authorization",
  "content-encoding",
  "content-type",
  "expect",
  "max-forwards",
  "range",
  "transfer-encoding",
  "upgrade",
] as const;

/** In no field that a common client sends: what is beyond ASCII (RFC 9110 §5.5). */
const odd = /[^\t -~]/;

/**
 * Whether the request is such that an error in answer to it is an answer to the URL. Anybody can make a request that an
 * origin refuses; were that kept, everybody would be refused.
 */
export function isOrdinary({ fields }: Pick<Visit, "fields">): boolean {
  return fields.size <= mostFields && !provoking.some((name) => fields.has(name)) && isPlain(fields);
}

function isPlain(fields: Fields): boolean {
  let bytes = 0;
  for (const [name, value] of fields.asMap()) {
    bytes += name.length + value.length;
    if (bytes > mostBytes || odd.test(value)) return false;
  }
  return true;
}
