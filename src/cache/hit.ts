/** Answers out of the store. */
import { discard, type Answer, type CacheStatus } from "../answer.ts";
import type { Planned } from "../visit.ts";
import type { Found } from "./lookup.ts";
import { freshnessLeft } from "./reuse.ts";
import { keptAs } from "./kept.ts";

/**
 * The stored answer as it leaves, with its age (RFC 9111 §5.1) and its length, which the origin may not have known.
 * @param status what Cache-Status says besides the ttl; `now`: milliseconds since the epoch.
 */
export function toHit(visit: Planned, found: Found, { now, ...status }: CacheStatus & { now: number }): Answer {
  const { stored, body, length, extent } = found;
  const { fields } = stored;
  fields.set("age", String(Math.max(0, Math.floor((now - stored.bornAt) / 1000))));
  if (length !== undefined && !fields.has("content-length") && stored.status !== 204) {
    fields.set("content-length", String(length));
  }
  const ttl = Math.floor(freshnessLeft(stored, now) / 1000);
  const { askedAt, generation } = stored;
  const answer = { status: stored.status, fields, askedAt, generation, cache: { ...status, ttl } };
  if (visit.method !== "HEAD")
    return extent ? { ...answer, body, extent } : { ...answer, body, ...keptAs(found, body) };
  discard(body);
  return { ...answer, body: null, ...keptAs(found, null) };
}
