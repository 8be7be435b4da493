/** How much of a stored body a visit needs, so that the store needn't send the rest. */
import type { Wanted } from "../edge.ts";
import { isNotModified } from "../http/not-modified.ts";
import { parseContentLength, parseRange, resolveRange, type ByteRange } from "../http/range.ts";
import { isSameVersion } from "../http/validator.ts";
import type { Planned } from "../visit.ts";
import type { Found } from "./lookup.ts";
import type { Use } from "./reuse.ts";

/**
 * What of a body to ask the store for, before it is known which answer is there; undefined for all. What is made anew for each
 * visit is made of all of it, and what the client has of it already, it has no longer.
 */
export function wantedBy({ method, fields, shapes }: Planned): Wanted | undefined {
  if (method !== "HEAD" && shapes.some(({ side }) => side === "after")) return undefined;
  if (method === "HEAD" || fields.has("if-none-match") || fields.has("if-modified-since")) return "head";
  const range = fields.get("range");
  return range === undefined ? undefined : parseRange(range);
}

/** Whether the answer is served as it is, and when, in milliseconds since the epoch. */
interface Using {
  readonly use: Use["kind"];
  readonly now: number;
}

/**
 * Whether the visit can do with what came of the body. The head is enough for a HEAD, and for a client that has the answer,
 * also while the origin is asked whether it still holds; a range, when it is just the one that the client gets of this answer.
 */
export function isEnough(visit: Planned, found: Found, { use, now }: Using): boolean {
  const { extent, stored } = found;
  if (extent === undefined) return true;
  if (visit.method === "HEAD") return true;
  if (stored.partial || stored.status !== 200) return false;
  if (extent === "head") return isNotModified(visit.fields, stored.fields, now);
  return use === "serve" && isWanted(visit, found, extent);
}

/**
 * Whether the range is what the client gets. The bytes of a coded answer may not be those that it accepts: such a one is
 * decoded as a whole, and then cut. So is one whose length can't be told to the client.
 */
function isWanted({ fields }: Planned, { stored, length }: Found, extent: ByteRange): boolean {
  const said = stored.fields.get("content-length");
  if (length === undefined || (said !== undefined && parseContentLength(said) !== length)) return false;
  const asked = parseRange(fields.get("range") ?? "");
  const range = asked && resolveRange(asked, length);
  if (range?.first !== extent.first || range.last !== extent.last) return false;
  return !stored.fields.has("content-encoding") && isSameVersion(fields.get("if-range"), stored.fields);
}
