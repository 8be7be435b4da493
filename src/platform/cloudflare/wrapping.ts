/**
 * An entry, as the Cache API takes and gives it: in a plain 200 answer with a year to live and our own head in one header
 * field, because the Cache API refuses 206, `Vary: *` and others, drops Set-Cookie, and computes freshness in ways that
 * differ between production and simulators.
 *
 * Its entity tag says no more than whether there is a body. By it the platform is asked for the head alone, which it gives
 * as a 304; it also honours `Range`, where it knows the length of the body.
 */
import type { Storable, Stored, Wanted } from "../../edge.ts";
import { parseContentLength, parseContentRange, type RangeSpec } from "../../http/range.ts";

const headField = "perigee-head";

/** A 304 needn't say the length of the body that it doesn't have. */
const lengthField = "perigee-length";

const withBody = '"body"';
const withoutBody = '"none"';

export function wrap(entry: Storable): Response {
  const length = lengthOf(entry);
  return new Response(entry.body, {
    headers: {
      "cache-control": "public, max-age=31536000",
      "content-type": "application/octet-stream",
      etag: length === 0 ? withoutBody : withBody,
      [headField]: entry.head,
      ...(length !== undefined && { [lengthField]: String(length) }),
    },
  });
}

function lengthOf({ body, length }: Storable): number | undefined {
  return body instanceof ReadableStream ? length : (body?.byteLength ?? 0);
}

/** Asks for it. What has no body can't satisfy a range, and is to come as a head instead. */
export function requestFor(url: string, wanted: Wanted | undefined): Request | string {
  if (wanted === undefined) return url;
  if (wanted === "head") return new Request(url, { headers: { "if-none-match": withBody } });
  return new Request(url, { headers: { "if-none-match": withoutBody, range: spelled(wanted) } });
}

/** @returns undefined when it is no entry, or one without the section that was asked for. */
export function unwrap(response: Response): Stored | undefined {
  const { headers, status, body } = response;
  const head = headers.get(headField);
  if (head === null) return undefined;
  if (status === 304) return toHead(head, numberIn(headers, lengthField));
  if (status !== 206) return { head, body, length: numberIn(headers, "content-length") };
  const { first, last, total } = parseContentRange(headers.get("content-range") ?? undefined) ?? nowhere;
  if (total === undefined) return undefined;
  const isAll = last - first + 1 === total;
  return { head, body, length: total, extent: isAll ? undefined : { first, last } };
}

const nowhere = { first: 0, last: 0, total: undefined };

function toHead(head: string, length: number | undefined): Stored {
  return length === 0 ? { head, body: null, length } : { head, body: null, length, extent: "head" };
}

function numberIn(headers: Headers, name: string): number | undefined {
  return parseContentLength(headers.get(name) ?? undefined);
}

function spelled(range: RangeSpec): string {
  if ("suffix" in range) return `bytes=-${inDigits(range.suffix)}`;
  return `bytes=${inDigits(range.first)}-${range.last === undefined ? "" : inDigits(range.last)}`;
}

/** No body has as many bytes as a larger number, which would be spelled with an exponent. */
function inDigits(position: number): string {
  return String(Math.min(position, Number.MAX_SAFE_INTEGER));
}
