/** Purged answers: what a mark covers counts as missing, or as stale. */
import { discard, type Answer } from "../answer.ts";
import type { KeyParts } from "../config/model.ts";
import type { Edge, Location, Mark, Subject } from "../edge.ts";
import { significantPart } from "../http/no-vary-search.ts";
import type { Planned, Routed } from "../visit.ts";
import type { StoredAnswer } from "./entry.ts";
import type { Means } from "./forward.ts";
import { isUnsafe } from "./invalidate.ts";
import { sharedUrlOf, urlOf, withQuery } from "./key.ts";
import { groupsOf, tagFields, tagList, tagsOf } from "./labels.ts";
import { searchOf } from "./vary.ts";

/**
 * What marks leave of a stored answer: undefined when a hard one covers it; stale since then when a soft one does; else
 * the answer itself. One that was asked for before the mark is covered however late it was stored.
 */
export function unpurged(visit: Planned, stored: StoredAnswer, edge: Edge): StoredAnswer | undefined {
  const mark = edge.marks.covering(subjectOf(visit, stored));
  if (!mark) return stored;
  visit.trail.note("cache", `${mark.soft ? "soft-purged" : "purged"}:${mark.scope}`);
  return mark.soft ? staleSince(stored, mark, edge.now()) : undefined;
}

/**
 * Asks upstream; and once more, when what a shield had is purged and it doesn't know that yet: a mark comes to one isolate
 * before another.
 */
export async function askUnpurged(visit: Planned, { edge, ask }: Means, [edits, terms]: Asking): Promise<Answer> {
  const answer = await ask(edits, terms);
  const { askedAt, status, fields } = answer;
  const mark = askedAt === undefined ? undefined : edge.marks.covering(subjectOf(visit, { askedAt, status, fields }));
  if (!mark) return answer;
  discard(answer.body);
  visit.trail.note("cache", `purged-at-shield:${mark.scope}`);
  return ask(edits, { ...terms, purged: mark });
}

type Asking = Parameters<Means["ask"]>;

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

/** What of an answer decides whether it is purged. */
type Marked = Pick<StoredAnswer, "askedAt" | "status" | "fields" | "tags">;

function subjectOf(visit: Planned, stored: Marked): Subject {
  const { askedAt, fields } = stored;
  return {
    askedAt,
    site: visit.site.name,
    locations: () => locationsOf(visit, stored),
    tags: () => tagList(stored.tags ?? tagsOf(fields)),
    groups: () => groupsOf(fields, "cache-groups", visit.url.origin),
    url: () => changedUrlOf(visit, stored),
  };
}

/** By what an unsafe method's change is known to concern it; "" when nothing is kept for such a visit. */
function changedUrlOf({ plan }: Planned, stored: Marked): string {
  if (plan.kind === "bypass") return "";
  return searchOf(stored) ? sharedUrlOf(plan.key) : urlOf(plan.key);
}

/**
 * As visited, and as the origin is asked for it where a rule rewrites that. Cut from one text: every part that is asked of
 * a URL is a call into the platform.
 */
function locationsOf({ url, target, caching }: Routed, stored: Marked): readonly Location[] {
  const { href } = url;
  const start = href.indexOf("/", href.indexOf("://") + 3);
  const origin = href.slice(0, start);
  const visited = href.slice(start).split("#", 1)[0]!;
  const targets = visited === target ? [target] : [visited, target];
  const keyed = keying(caching.key, stored);
  return targets.map((each) => toLocation(origin, each, keyed));
}

/** What the cache takes of a query: the key may leave some parameters out, and so may the answer. */
function keying(wanted: KeyParts, stored: Marked): (query: string) => string {
  const search = searchOf(stored);
  const keyed = (query: string): string => withQuery(`/${query}`, wanted).slice(1);
  return search ? (query) => significantPart(keyed(query), search) : keyed;
}

/** Queries are the same when the same is taken of them. */
function toLocation(origin: string, target: string, keyed: (query: string) => string): Location {
  const at = target.indexOf("?");
  const [path, query] = at === -1 ? [target, ""] : [target.slice(0, at), target.slice(at)];
  return { origin, path, isSameQuery: (other) => keyed(other) === keyed(query) };
}

/** Fresh until the mark, and no longer: windows for stale answers begin there. */
function staleSince(stored: StoredAnswer, { at }: Mark, now: number): StoredAnswer {
  return { ...stored, lifetime: Math.min(stored.lifetime, Math.min(at, now) - stored.bornAt) };
}
