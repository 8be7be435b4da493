import type { Answer, CacheStatus } from "../answer.ts";
import type { Settings } from "../config/model.ts";
import { integer, quotedString, tokenOrString } from "../http/structured.ts";

/**
 * The edge's member of Cache-Status (RFC 9211 §2), such as `perigee; hit; ttl=58`. An answer of the edge's own carries
 * its reason as the detail: `perigee; detail=blocked-by-rule`. RFC 9211 §2 advises against a member where nothing came
 * from a cache; the edge adds one all the same, so that every response says which edge it passed and what that did.
 * The key may name origins, so it is shown only with the trail. A shield that was asked has a member of its own before
 * that: the list begins nearest to the origin (§2).
 */
export function cacheStatus({ name, trail }: Settings, { cache, because }: Answer): string {
  const own = member(name, { cache, because, trail });
  return cache?.parent ? `${member(`${name}-shield`, { cache: cache.parent, trail })}, ${own}` : own;
}

interface Handling {
  readonly cache: CacheStatus | undefined;
  readonly because?: Answer["because"];
  readonly trail: boolean;
}

function member(name: string, { cache, because, trail }: Handling): string {
  let member = tokenOrString(name);
  if (cache?.hit) member += "; hit";
  if (cache?.fwd) member += `; fwd=${cache.fwd}`;
  if (cache?.fwdStatus !== undefined) member += `; fwd-status=${integer(cache.fwdStatus)}`;
  if (cache?.ttl !== undefined) member += `; ttl=${integer(cache.ttl)}`;
  if (cache?.stored) member += "; stored";
  if (cache?.collapsed) member += "; collapsed";
  if (trail && cache?.key !== undefined) member += `; key=${quotedString(cache.key)}`;
  const detail = cache?.detail ?? because;
  return detail === undefined ? member : `${member}; detail=${tokenOrString(detail)}`;
}
