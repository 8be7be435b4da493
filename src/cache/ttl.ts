/** What rules say of how long an answer is fresh. */
import type { CachePolicy } from "../config/model.ts";

/**
 * Milliseconds of freshness for an answer with that status: of the status itself, else of its class, else of all others.
 * Undefined where the origin decides.
 */
export function ttlOf({ ttl }: Pick<CachePolicy, "ttl">, status: number): number | undefined {
  if (ttl === undefined || typeof ttl === "number") return ttl;
  return ttl[status] ?? ttl[`${Math.floor(status / 100)}xx`] ?? ttl["default"];
}
