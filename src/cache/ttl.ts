/** What rules say of how long an answer is fresh. */
import type { CachePolicy, TtlByStatus } from "../config/model.ts";

/**
 * Milliseconds of freshness for an answer with that status: of the status itself, else of its class, else of all others.
 * A server's failure is none of these others: whoever wants it kept in place of the page must name it. Undefined where the
 * origin decides.
 */
export function ttlOf({ ttl }: Pick<CachePolicy, "ttl">, status: number): number | undefined {
  if (ttl === undefined) return undefined;
  const byStatus: TtlByStatus = typeof ttl === "number" ? { default: ttl } : ttl;
  const named = byStatus[status] ?? byStatus[`${Math.floor(status / 100)}xx`];
  return named ?? (status < 500 ? byStatus["default"] : undefined);
}
