/**
 * Conditional requests, answered from what the edge holds (RFC 9110 §13, RFC 9111 §4.3.2).
 *
 * `If-Match` and `If-Unmodified-Since` guard changes at the origin and don't apply to a cache, so that they are not
 * looked at here. When the cache stayed out of the visit, the origin itself was asked all four.
 */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { matchesWeakly, parseETagList } from "../http/etag.ts";
import { parseHttpDate } from "../http/http-date.ts";
import type { Planned } from "../visit.ts";

/** Whether the client already has what the answer holds. */
export function isNotModified(visit: Planned, answer: Answer, { now }: Pick<Edge, "now">): boolean {
  // A part out of the store is one of a 200: conditions go before Range (RFC 9110 §13.2.2).
  if (visit.plan.kind !== "lookup" || (answer.status !== 200 && answer.status !== 206)) return false;
  if (visit.method !== "GET" && visit.method !== "HEAD") return false;
  const noneMatch = visit.fields.get("if-none-match");
  if (noneMatch !== undefined) return hasTag(noneMatch, answer.fields.get("etag"));
  const since = visit.fields.get("if-modified-since");
  return since !== undefined && !changedSince(since, answer, now());
}

function hasTag(noneMatch: string, etag: string | undefined): boolean {
  const tags = parseETagList(noneMatch);
  if (tags === "*") return true;
  return etag !== undefined && tags.some((tag) => matchesWeakly(tag, etag));
}

/** By `Last-Modified`, or `Date` for want of it (RFC 9111 §4.3.2). A date that can't be read changes nothing. */
function changedSince(since: string, { fields }: Answer, now: number): boolean {
  const had = parseHttpDate(since, now);
  const modified = parseHttpDate(fields.get("last-modified") ?? fields.get("date") ?? "", now);
  return had === undefined || modified === undefined || modified > had;
}

/**
 * A 304 of the origin's, under the entity tag by which the client asked, in place: the client has the answer as the edge
 * changed it, with a weak tag, and could not tell what a strong one speaks of (RFC 9111 §4.3.4).
 */
export function nameAsAsked(visit: Planned, { status, fields }: Answer): void {
  const etag = fields.get("etag");
  if (status !== 304 || etag === undefined) return;
  const tags = parseETagList(visit.fields.get("if-none-match") ?? "");
  const asked = tags === "*" ? undefined : tags.find((tag) => matchesWeakly(tag, etag));
  if (asked !== undefined) fields.set("etag", asked);
}

/** What describes a body that isn't sent. The rest of a 304 is what the 200 would have said (RFC 9110 §15.4.5). */
const ofTheBody = [
  "content-type",
  "content-length",
  "content-encoding",
  "content-language",
  "content-range",
  "content-disposition",
  "content-md5",
  "content-digest",
  "accept-ranges",
] as const;

/** The 304 in place of a 200 without a body. */
export function toNotModified(answer: Answer): Answer {
  for (const name of ofTheBody) answer.fields.delete(name);
  return { ...answer, status: 304, body: null, encode: false };
}
