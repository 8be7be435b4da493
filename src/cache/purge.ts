/** Purged answers: what a mark covers counts as missing, or as stale. */
import type { Answer } from "../answer.ts";
import type { Edge, Location, Mark, Subject } from "../edge.ts";
import { plainPath } from "../http/path.ts";
import type { Routed } from "../visit.ts";
import type { StoredAnswer } from "./entry.ts";
import { isUnsafe } from "./invalidate.ts";
import { withQuery } from "./key.ts";
import { groupsOf, tagFields, tagsOf } from "./labels.ts";

/**
 * What marks leave of a stored answer: undefined when a hard one covers it; stale since then when a soft one does; else
 * the answer itself. One that was asked for before the mark is covered however late it was stored.
 */
export function unpurged(visit: Routed, stored: StoredAnswer, edge: Edge): StoredAnswer | undefined {
  const mark = edge.marks.covering(subjectOf(visit, stored));
  if (!mark) return stored;
  visit.trail.note("cache", `${mark.soft ? "soft-purged" : "purged"}:${mark.scope}`);
  return mark.soft ? staleSince(stored, mark, edge.now()) : undefined;
}

/** What an answer to an unsafe method says of the groups of its origin (RFC 9875 §3) holds here when this returns. */
export function invalidateGroups(visit: Routed, { fields }: Answer, edge: Edge): void {
  if (!isUnsafe(visit.method)) return;
  const groups = groupsOf(fields, "cache-group-invalidation", visit.url.origin);
  if (groups.length === 0) return;
  visit.trail.note("cache", `purge:group=${groups.length}`);
  const at = edge.now();
  edge.defer(edge.marks.add(groups.map((name): Mark => ({ scope: "group", name, at, soft: false }))));
}

/** Takes off what the answer says to caches alone, unless the settings leave it to the client. */
export function withoutTags(answer: Answer, { config }: Edge): Answer {
  if (!config.settings.purge.showTags) for (const name of tagFields) answer.fields.delete(name);
  return answer;
}

function subjectOf(visit: Routed, { askedAt, fields }: StoredAnswer): Subject {
  return {
    askedAt,
    site: visit.site.name,
    locations: () => locationsOf(visit),
    tags: () => tagsOf(fields),
    groups: () => groupsOf(fields, "cache-groups", visit.url.origin),
  };
}

/** As visited, and as the origin is asked for it where a rule rewrites that. */
function locationsOf(visit: Routed): readonly Location[] {
  const { pathname, search } = visit.url;
  const [, path, query] = /^([^?]*)\??(.*)$/s.exec(visit.target)!;
  const rewritten = query === "" ? "" : `?${query}`;
  const visited = toLocation(visit, pathname, search);
  return path === pathname && rewritten === search ? [visited] : [visited, toLocation(visit, path!, rewritten)];
}

/** Queries are the same when the cache's key is: also where it leaves some parameters out. */
function toLocation({ url, caching }: Routed, path: string, query: string): Location {
  const keyed = (search: string): string => withQuery(`/${search}`, caching.key);
  return { origin: url.origin, path: plainPath(path), isSameQuery: (other) => keyed(other) === keyed(query) };
}

/** Fresh until the mark, and no longer: windows for stale answers begin there. */
function staleSince(stored: StoredAnswer, { at }: Mark, now: number): StoredAnswer {
  return { ...stored, lifetime: Math.min(stored.lifetime, Math.min(at, now) - stored.bornAt) };
}
