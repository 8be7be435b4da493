/** Preconditions of a GET or HEAD, evaluated by a cache (RFC 9110 §13, RFC 9111 §4.3.2). */
import { matchesWeakly, parseETagList } from "./etag.ts";
import type { Fields } from "./fields.ts";
import { parseHttpDate } from "./http-date.ts";

/**
 * Whether the client that asks already has the 200 with these fields. `If-Match` and `If-Unmodified-Since` guard changes at
 * the origin and don't apply to a cache, so that they are not looked at.
 * @param now milliseconds since the epoch, for dates with two digits of a year.
 */
export function isNotModified(request: Fields, answer: Fields, now: number): boolean {
  const noneMatch = request.get("if-none-match");
  if (noneMatch !== undefined) return hasTag(noneMatch, answer.get("etag"));
  const since = request.get("if-modified-since");
  return since !== undefined && !changedSince(since, answer, now);
}

function hasTag(noneMatch: string, etag: string | undefined): boolean {
  const tags = parseETagList(noneMatch);
  if (tags === "*") return true;
  return etag !== undefined && tags.some((tag) => matchesWeakly(tag, etag));
}

/** By `Last-Modified`, or `Date` for want of it (RFC 9111 §4.3.2). A date that can't be read changes nothing. */
function changedSince(since: string, answer: Fields, now: number): boolean {
  const had = parseHttpDate(since, now);
  const modified = parseHttpDate(answer.get("last-modified") ?? answer.get("date") ?? "", now);
  return had === undefined || modified === undefined || modified > had;
}
