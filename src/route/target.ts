/** What the origin is asked for: the visited path and query, unless a rule rewrites them. */
import type { Rewrite } from "../config/rewrite.ts";
import type { Address } from "../http/address.ts";
import { normalPath, pathFlaw } from "../http/path.ts";
import { asQueryValue } from "../http/path-pattern.ts";
import { editQuery } from "../http/query.ts";
import { tokenOf } from "../trail.ts";
import type { Clean } from "../visit.ts";

/** Path and query, beginning with "/", and what the rules changed of them, in words for the trail. */
export interface Target {
  readonly target: string;
  readonly changes: readonly string[];
}

/**
 * Texts and patterns are about the visit as it arrived, so of two rules that rewrite the same part the later one wins; path and
 * query are parts of their own, and edits of the query follow one another. A path that can't be used leaves the one before it as it was.
 */
export function targetOf(visit: Clean): Target {
  let path = visit.url.pathname;
  let query = queryAsVisited(visit.url);
  const changes: string[] = [];
  for (const { name, rewrite } of visit.rules) {
    const taken = rewrite?.match ? rewrite.match(visit.url.pathname) : nothing;
    if (!rewrite || !taken) continue;
    const rewritten = rewrite.path ? usablePath(rewrite.path(visit, taken)) : path;
    path = rewritten ?? path;
    query = rewriteQuery(query, { visit, taken, by: rewrite.query });
    changes.push(`${rewritten === undefined ? "rewrite-unusable" : "rewrite"}=${tokenOf(name)}`);
  }
  return { target: path + query, changes };
}

const nothing: readonly string[] = [];

interface Rewriting {
  readonly visit: Clean;
  readonly taken: readonly string[];
  readonly by: Rewrite["query"];
}

function rewriteQuery(query: string, { visit, taken, by }: Rewriting): string {
  if (!by) return query;
  if (typeof by === "function") return queryOf(by(visit, taken.map(asQueryValue)));
  const plain = taken.map(decoded);
  return editQuery(query, { ...by, set: by.set.map(([name, value]) => [name, value(visit, plain)]) });
}

/** It is encoded once more with the whole value. */
function decoded(taken: string): string {
  try {
    return decodeURIComponent(taken);
  } catch {
    return taken;
  }
}

/** With its "?", also when nothing follows it: the two are different URLs (RFC 3986 §6.2.3). */
function queryAsVisited({ href, search }: Address): string {
  return search === "" && /^[^#]*\?/.test(href) ? "?" : search;
}

/** No host is of that name (RFC 6761 §6.4), and none is asked: the URL only lends its parser. */
const anywhere = "http://path.invalid/";

/** A "%" that begins no escape: a visitor's is passed as it came, but a rule has no reason to make one. */
const halfEscape = /%(?![\da-f]{2})/i;

/**
 * In normal form, with "?" and "#" percent-encoded: a path can't reach into the query. Slashes at its beginning become one,
 * so that it can't be taken for a host either. Undefined for an empty or flawed one.
 */
function usablePath(text: string): string | undefined {
  if (text === "" || halfEscape.test(text) || pathFlaw(text)) return undefined;
  const url = new URL(anywhere);
  url.pathname = text;
  return normalPath(url.pathname).replace(/^\/+/, "/");
}

/** With its "?"; "" for an empty one, which drops the query. A "?" may be written before it, or not. */
function queryOf(text: string): string {
  const url = new URL(anywhere);
  url.search = text;
  return url.search;
}
