/** The fields in which a server tells its limits (draft-ietf-httpapi-ratelimit-headers-10): Lists of Strings with parameters. */
import { integer, quotedString } from "./structured.ts";

/** How many of what may be asked for in which time. */
export interface QuotaPolicy {
  readonly name: string;
  readonly quota: number;
  /** Of what; requests unless set (§3.1.2). */
  readonly unit?: "concurrent-requests";
  /** Milliseconds; not said when they make no whole seconds, in which alone it can be said. */
  readonly window?: number;
}

/** A name as a String can have it: what ASCII can't print is percent-encoded, so that two names stay two. */
function nameItem(name: string): string {
  return quotedString(name.toWellFormed().replace(/[^ -~]+/g, encodeURIComponent));
}

/** A member of `RateLimit-Policy` (§3). */
export function policyItem({ name, quota, unit, window = 0 }: QuotaPolicy): string {
  const of = unit === undefined ? "" : `;qu=${quotedString(unit)}`;
  const within = window > 0 && window % 1000 === 0 ? `;w=${integer(window / 1000)}` : "";
  return `${nameItem(name)};q=${integer(quota)}${of}${within}`;
}

/**
 * A member of `RateLimit` (§4).
 * @param available how many are left.
 * @param wait milliseconds until there are more, in which no more than those can be used; 0 when no more will come.
 */
export function limitItem(name: string, available: number, wait: number): string {
  const until = wait > 0 ? `;t=${integer(Math.ceil(wait / 1000))}` : "";
  return `${nameItem(name)};r=${integer(available)}${until}`;
}
