/** The rest of a body that broke off, from wherever it is to be had (RFC 9110 §13.1.5, §14.2). */
import type { Answer } from "../../answer.ts";
import { isWeak, matchesStrongly } from "../../http/etag.ts";
import { essence } from "../../http/media-type.ts";
import { parseContentLength, parseContentRange, type Extent } from "../../http/range.ts";
import type { Sendable } from "./sendable.ts";

/** By what a body can be continued so that nobody sees the seam. */
export interface Continuable extends Extent {
  /** Its strong entity tag: what has the same one has the same bytes (RFC 9110 §8.8.1). */
  readonly version: string;
  readonly coding: string | undefined;
}

/** Undefined when it isn't continued: no GET, no strong entity tag, empty, or nobody said how long it is. */
export function continuable({ status, fields }: Answer, method: string): Continuable | undefined {
  const version = fields.get("etag");
  const length = parseContentLength(fields.get("content-length"));
  if (method !== "GET" || version === undefined || isWeak(version)) return undefined;
  if (!length) return undefined;
  const extent = status === 200 ? { first: 0, last: length - 1, total: length } : partOf(status, fields);
  return extent && { ...extent, version, coding: fields.get("content-encoding") };
}

/** What a 206 with one range holds; undefined when what it says of that contradicts itself (RFC 9110 §15.3.7). */
function partOf(status: number, fields: Answer["fields"]): Extent | undefined {
  const extent = status === 206 ? parseContentRange(fields.get("content-range")) : undefined;
  const length = fields.get("content-length");
  if (!extent || essence(fields.get("content-type")) === "multipart/byteranges") return undefined;
  const isTrue = length === undefined || parseContentLength(length) === extent.last - extent.first + 1;
  return isTrue ? extent : undefined;
}

/** The same request, for the bytes from `at` on, and only if they are of that version. */
export function askingForRest(sendable: Sendable, { version, last }: Continuable, at: number): Sendable {
  const headers: Sendable["headers"] = { ...sendable.headers, range: `bytes=${at}-${last}`, "if-range": version };
  for (const condition of conditions) delete headers[condition];
  return { ...sendable, headers };
}

/** They were about the answer that has begun. */
const conditions = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"] as const;

/** Whether it is what was asked for: those bytes, all of them, of the same version. */
export function isRest({ status, fields }: Answer, wanted: Continuable, at: number): boolean {
  const extent = partOf(status, fields);
  const coding = fields.get("content-encoding");
  return (
    extent?.first === at &&
    extent.last === wanted.last &&
    (wanted.total === undefined || extent.total === wanted.total) &&
    matchesStrongly(fields.get("etag") ?? "", wanted.version) &&
    // A 206 that follows from If-Range may leave it out (§15.3.7).
    (coding === undefined || coding === wanted.coding)
  );
}
