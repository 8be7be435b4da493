/** Which answers may be dictionaries, or be compressed with one, and for which visits (RFC 9842 §8, §9, §10). */
import type { Answer } from "../../answer.ts";
import { hasDirective } from "../../http/directives.ts";
import type { Fields } from "../../http/fields.ts";
import type { Planned } from "../../visit.ts";
import { isChangeable } from "../open.ts";
import type { Whole } from "../representation.ts";

/**
 * Bytes of a dictionary, or of what is compressed with one, at most. Both are in memory then, with some ten bytes more for each of
 * theirs.
 */
export const longest = 4 << 20;

/**
 * Whether the answer is whole, in a form that can be changed, and everybody's: kept for all who ask, whoever they are. What is one
 * person's alone would be told to whoever sees how long a delta is (§9.2). Nothing here depends on who asks, and for what of it.
 */
export function isFit(visit: Planned, answer: Answer, { whole, settings }: Weighing): boolean {
  const { status, length } = whole;
  if (status !== 200 || length === undefined || length < settings.minimum || length > longest) return false;
  return isChangeable(answer.fields) && isShared(visit, answer) && !isPersonal(visit, answer.fields);
}

interface Weighing {
  readonly whole: Whole;
  readonly settings: { readonly minimum: number };
}

/** Whether the cache has it, too. Nothing that answers HEAD is kept: what GET would be given is what counts. */
function isShared({ plan, method }: Planned, { own, cache }: Answer): boolean {
  if (own || plan.kind !== "lookup") return false;
  return method === "HEAD" || Boolean(cache?.hit || cache?.stored || cache?.collapsed);
}

/** Fields of a request by which a person is known. */
const personal = ["authorization", "cookie"] as const;

/** Whether the answer may differ from person to person, though it is kept. */
function isPersonal(visit: Planned, fields: Fields): boolean {
  const { headers, cookies } = visit.caching.key;
  const selecting = new Set([...headers, ...(fields.get("vary")?.toLowerCase() ?? "").split(/[\s,]+/)]);
  if (cookies.length > 0 || fields.cookies.length > 0) return true;
  if (selecting.has("*") || personal.some((name) => selecting.has(name))) return true;
  return ["private", "no-store"].some((name) => hasDirective(fields.get("cache-control"), name));
}

/** Whether this client may get it as a dictionary, or as a delta: not who shows who they are, nor who asks for a part. */
export function mayGet(visit: Planned): boolean {
  return !visit.fields.has("authorization") && !visit.fields.has("range") && isReadable(visit);
}

/**
 * Whether the page that asks can read the answer anyway, so that its length tells nothing (§9.3.2): a page of the same origin, over a
 * connection that nobody else reads (§8). Browsers say where they ask from; others have no pages of others.
 */
export function isReadable({ url, fields }: Pick<Planned, "url" | "fields">): boolean {
  const site = fields.get("sec-fetch-site");
  const isOwn = site === undefined || site === "same-origin" || site === "none";
  return isOwn && (fields.get("origin") ?? url.origin) === url.origin && isSecure(url);
}

/** As browsers see it: what stays on their machine is secure, too. */
function isSecure({ protocol, hostname }: Planned["url"]): boolean {
  return protocol === "https:" || /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
