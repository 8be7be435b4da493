/** What an unsafe method makes untrue (RFC 9111 §4.4). */
import type { Answer } from "../answer.ts";
import type { Edge } from "../edge.ts";
import type { Upstream } from "../hop.ts";
import type { Routed } from "../visit.ts";
import { keyOf, keyOfSibling, sharedUrlOf, urlOf } from "./key.ts";

/** Methods that change nothing (RFC 9110 §9.2.1). An unknown method counts as one that does. */
const safe: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** Whether the method may change something. */
export function isUnsafe(method: string): boolean {
  return !safe.has(method);
}

/** The keys that a successful answer to an unsafe method invalidates: the URL's own, and those it points to. */
export function invalidatedBy(visit: Routed, { status, fields }: Answer): readonly string[] {
  if (!isUnsafe(visit.method) || status < 200 || status > 399) return [];
  const pointed = ["location", "content-location"].flatMap((name) => {
    const url = URL.parse(fields.get(name) ?? "", visit.url.href);
    return url?.origin === visit.url.origin ? [keyOfSibling(visit, url)] : [];
  });
  return [...new Set([keyOf(visit), ...pointed])];
}

/**
 * What was asked for before now counts as missing here, under every key of these keys' URLs: also one that is under way, or
 * that a rule keeps for another kind of visit, so that nothing leads to it from here. What is asked for in this very millisecond
 * is asked for after the change, which the origin has told of by now.
 */
export function outdate(keys: readonly string[], { marks, now }: Edge): void {
  marks.change([...new Set(keys.flatMap((key) => [urlOf(key), sharedUrlOf(key)]))], now() - 1);
}

/**
 * Forgets them; with a primary key go all its variants, which nothing leads to any more. The visit goes on when the
 * store fails: the origin has done its work, and the client must hear of it.
 */
export async function invalidate(visit: Routed, keys: readonly string[], { store }: Edge): Promise<void> {
  return noteFailure(
    visit,
    keys.map((key) => store.delete(key)),
  );
}

/** Has the shield forget them too. */
export async function invalidateUpstream(visit: Routed, keys: readonly string[], { forget }: Upstream): Promise<void> {
  return noteFailure(
    visit,
    keys.map((key) => forget(key)),
  );
}

async function noteFailure({ trail }: Routed, works: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(works);
  if (outcomes.some(({ status }) => status === "rejected")) trail.note("cache", "not-invalidated");
}
