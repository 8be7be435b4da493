/** Strong validators: what two answers with the same bytes share (RFC 9110 §8.8.1). */
import { isWeak, matchesStrongly } from "./etag.ts";
import type { Fields } from "./fields.ts";
import { parseHttpDate } from "./http-date.ts";

/**
 * The entity tag, unless it is weak, or for want of one the Last-Modified, unless that is: it must lie a second or more
 * before the answer was made (§8.8.2.2). Undefined when there is neither.
 */
export function strongValidator(fields: Fields): string | undefined {
  const etag = fields.get("etag");
  if (etag !== undefined) return isWeak(etag) ? undefined : etag;
  return hasStrongDate(fields) ? fields.get("last-modified") : undefined;
}

/** Whether `If-Range` holds (§13.1.5): the same strong entity tag, or the same Last-Modified, if that is strong. */
export function isSameVersion(ifRange: string | undefined, fields: Fields): boolean {
  if (ifRange === undefined) return true;
  if (/^\s*(?:W\/)?"/.test(ifRange)) return matchesStrongly(ifRange.trim(), fields.get("etag") ?? "");
  return ifRange === fields.get("last-modified") && hasStrongDate(fields);
}

function hasStrongDate(fields: Fields): boolean {
  const [made, changed] = ["date", "last-modified"].map((name) => parseHttpDate(fields.get(name) ?? "", 0));
  return made !== undefined && changed !== undefined && made - changed >= 1000;
}
