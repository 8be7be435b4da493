/** Whether an answer may be kept, and if not, why not (RFC 9111 §3). */
import type { Answer } from "../answer.ts";
import type { Fields } from "../http/fields.ts";
import { fieldNames } from "../http/directives.ts";
import type { Routed } from "../visit.ts";
import { requestControl, type Control } from "./control.ts";
import { isExplicit, mayBeHeuristic } from "./freshness.ts";
import { isOrdinary } from "./ordinary.ts";
import { fileOf } from "../http/static-file.ts";
import { ttlOf } from "./ttl.ts";
import { varyOf } from "./vary.ts";

/** Why an answer isn't kept. The name is the `detail` of Cache-Status. */
export type NotStored =
  | "not-get" // only answers to GET are kept
  | "request-no-store" // the client asked for none of it to be kept (§5.2.1.5)
  | "precondition" // a condition of this client's shaped the answer (RFC 9110 §13.1.1, §13.1.4)
  | "partial" // 206 and 416 belong to a range
  | "not-modified" // a 304 that belongs to no stored answer
  | "interim" // 1xx
  | "for-one-client" // the status tells of how this client asks, and no cache may keep it
  | "no-store" // §5.2.2.5, or `must-understand` with a status this cache doesn't know (§5.2.2.3)
  | "private" // §5.2.2.7
  | "authorization" // the request was authenticated, and the answer says nothing of sharing (§3.5)
  | "set-cookie" // it sets a cookie, and the answer says nothing of sharing
  | "cookie" // the request had cookies, and neither the answer nor a rule says that it is to be kept
  | "deceptive-type" // the path looks like a static file, and the type is another's
  | "provoked-error" // an error, and the request was such that it may be to blame
  | "vary-star" // no later request can match (§4.1)
  | "event-stream" // has no end
  | "too-large"
  | "no-freshness"; // neither fresh nor to be validated: keeping it would help nobody

/** Statuses whose meaning this cache knows, for `must-understand` (§5.2.2.3). */
const understood: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 410, 414, 421, 451, 500, 501, 502, 503, 504,
]);

/** Statuses that no cache may keep, whatever the answer says (RFC 6585 §3–§6). */
const forOneClient: ReadonlySet<number> = new Set([428, 429, 431, 511]);

/** An answer, the visit it came for, and what it says to this cache. */
interface Answered extends Pick<Answer, "status" | "fields"> {
  readonly visit: Routed;
  readonly control: Control;
}

/** Asked in this order, up to the first that holds. */
const reasons: readonly (readonly [NotStored, holds: (answered: Answered) => boolean])[] = [
  ["not-get", ({ visit }) => visit.method !== "GET"],
  ["interim", ({ status }) => status < 200],
  ["partial", ({ status }) => status === 206 || status === 416],
  ["not-modified", ({ status }) => status === 304],
  ["for-one-client", ({ status }) => forOneClient.has(status)],
  ["request-no-store", ({ visit }) => requestControl(visit.fields).has("no-store")],
  ["precondition", ({ visit }) => visit.fields.has("if-match") || visit.fields.has("if-unmodified-since")],
  ["no-store", saysNoStore],
  ["private", ({ control: { directives: said } }) => said.has("private") && fieldNames(said, "private").length === 0],
  ["authorization", ({ visit, control }) => visit.fields.has("authorization") && !mayShareAuthorized(control)],
  ["set-cookie", (answered) => answered.fields.cookies.length > 0 && !mayKeepCookies(answered)],
  ["cookie", (answered) => answered.visit.fields.has("cookie") && !isIntended(answered)],
  ["deceptive-type", isDeceptive],
  ["provoked-error", ({ status, visit }) => status >= 400 && !isOrdinary(visit)],
  ["vary-star", ({ fields }) => varyOf(fields) === "*"],
  ["event-stream", ({ fields }) => isEventStream(fields)],
  ["too-large", ({ fields, visit }) => Number(fields.get("content-length") ?? 0) > visit.caching.maxBytes],
  ["no-freshness", (answered) => !isUseful(answered)],
];

/** The first reason not to keep the answer, or undefined when it may be kept. */
export function whyNotStored(visit: Routed, { status, fields }: Answer, control: Control): NotStored | undefined {
  const answered = { visit, status, fields, control };
  return reasons.find(([, holds]) => holds(answered))?.[0];
}

function saysNoStore({ status, control: { directives } }: Answered): boolean {
  return directives.has("must-understand") ? !understood.has(status) : directives.has("no-store");
}

function mayShareAuthorized({ directives }: Control): boolean {
  return sharing.some((name) => directives.has(name));
}

/** What RFC 9111 §3.5 lists: a targeted `max-age` is for this cache, but says nothing of who may be given the answer. */
const sharing = ["public", "s-maxage", "must-revalidate"] as const;

function isDeceptive({ visit, status, fields, control }: Answered): boolean {
  return status < 300 && !saysShared(control) && fileOfVisit(visit, fields) === "deceptive";
}

/** The fields that `private` or `no-cache` name: the rest may be kept without them (§5.2.2.4, §5.2.2.7). */
export function withheld({ directives }: Control): readonly string[] {
  return [...fieldNames(directives, "private"), ...fieldNames(directives, "no-cache")];
}

/** The origin says in so many words that this answer is for everybody. */
function saysShared({ directives, targeted }: Control): boolean {
  return directives.has("public") || directives.has("s-maxage") || (targeted && directives.has("max-age"));
}

/** The origin or a rule says so, or they are left out of what is kept. */
function mayKeepCookies({ visit, control }: Answered): boolean {
  return saysShared(control) || visit.caching.storeSetCookie || withheld(control).includes("set-cookie");
}

/**
 * Somebody means it to be kept: the origin or a rule says for how long. A static file needs no word for that, because it
 * is the same whatever cookies come with the request.
 */
function isIntended({ visit, status, fields, control }: Answered): boolean {
  if (ttlOf(visit.caching, status) !== undefined || isExplicit(control, fields) || saysShared(control)) return true;
  return fileOfVisit(visit, fields) === "genuine";
}

/** By the visited path: it is what an attacker can choose, whatever a rule makes of it. */
function fileOfVisit({ url }: Routed, fields: Fields): ReturnType<typeof fileOf> {
  return fileOf(url.pathname, fields);
}

function isUseful({ visit, status, fields, control }: Answered): boolean {
  const ttl = ttlOf(visit.caching, status);
  // An error that a rule gives no time would still stand in for the page while windows for stale answers last.
  if (ttl !== undefined) return ttl > 0 || status < 400;
  if (isExplicit(control, fields)) return true;
  const hasValidator = fields.has("etag") || fields.has("last-modified");
  return hasValidator && mayBeHeuristic(status, control.directives);
}

function isEventStream(fields: Fields): boolean {
  return fields.get("content-type")?.trimStart().toLowerCase().startsWith("text/event-stream") ?? false;
}
