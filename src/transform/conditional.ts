/** Conditional requests, answered from what the edge holds (RFC 9110 §13, RFC 9111 §4.3.2). */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import { matchesWeakly, parseETagList } from "../http/etag.ts";
import { isNotModified as hasAlready } from "../http/not-modified.ts";
import type { Planned } from "../visit.ts";

/**
 * Whether the client already has what the answer holds. When the cache stayed out of the visit, the origin itself was asked;
 * and what came without its bytes was seen to be so when it was looked up.
 */
export function isNotModified(visit: Planned, answer: Answer, { now }: Pick<Edge, "now">): boolean {
  if (answer.extent === "head") return true;
  // A part out of the store is one of a 200: conditions go before Range (RFC 9110 §13.2.2).
  if (visit.plan.kind !== "lookup" || (answer.status !== 200 && answer.status !== 206)) return false;
  if (visit.method !== "GET" && visit.method !== "HEAD") return false;
  return hasAlready(visit.fields, answer.fields, now());
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
  const contentType = answer.fields.get("content-type");
  for (const name of ofTheBody) answer.fields.delete(name);
  return { ...answer, status: 304, body: null, contentType };
}
