/** A table of redirects, however long: exact ones in a map, patterns in a tree. */
import type { Moved, Redirects, VisitedPlace } from "../config/redirects.ts";
import { fill } from "../http/path-pattern.ts";
import { PathTrie } from "../http/path-trie.ts";
import type { Entry } from "./redirect.ts";

/** An entry that fits, and what its pattern took. */
export interface Hit {
  readonly entry: Entry;
  readonly taken: readonly string[];
}

const nothing: readonly string[] = [];

/**
 * What says more counts, wherever it is written: an exact path with its query, then one without, then patterns as
 * {@link PathTrie} has them; and each of a host's own before that of every host.
 */
export class RedirectTable implements Redirects {
  readonly #exact = new Map<string, Entry>();
  readonly #patterns = new Map<string, PathTrie<Entry>>();
  readonly #hosts = new Set<string>();
  #hasQueries = false;

  constructor(entries: Iterable<Entry> = []) {
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: Entry): void {
    const { host, pattern, path, search } = entry;
    const scope = scopeOf(host);
    if (host !== undefined) this.#hosts.add(host);
    if (search !== "") this.#hasQueries = true;
    if (!pattern) {
      this.#exact.set(scope + path + search, entry);
      return;
    }
    const trie = this.#patterns.get(scope) ?? new PathTrie();
    this.#patterns.set(scope, trie);
    trie.add(pattern, entry);
  }

  find(url: VisitedPlace): Moved | undefined {
    const hit = this.hit(url);
    return hit && { status: hit.entry.status, to: targetOf(hit, url.search), from: hit.entry.from };
  }

  hit({ hostname, pathname, search }: VisitedPlace): Hit | undefined {
    const scopes = this.#hosts.has(hostname) ? [scopeOf(hostname), ""] : anyHost;
    for (const scope of scopes) {
      const entry =
        (this.#hasQueries && search !== "" ? this.#exact.get(scope + pathname + search) : undefined) ??
        this.#exact.get(scope + pathname);
      if (entry) return { entry, taken: nothing };
    }
    for (const scope of scopes) {
      const fitting = this.#patterns.get(scope)?.find(pathname);
      if (fitting) return { entry: fitting.value, taken: fitting.taken };
    }
    return undefined;
  }
}

const anyHost: readonly string[] = [""];

/** No path begins so. */
function scopeOf(host: string | undefined): string {
  return host === undefined ? "" : `//${host}`;
}

/** The visited query stands behind the target's own, before its fragment. */
export function targetOf({ entry, taken }: Hit, search: string): string {
  const to = fill(entry.filling, taken);
  if (!entry.query || entry.search !== "" || search.length < 2) return to;
  const hash = to.indexOf("#");
  const [base, fragment] = hash === -1 ? [to, ""] : [to.slice(0, hash), to.slice(hash)];
  return base + (base.includes("?") ? "&" : "?") + search.slice(1) + fragment;
}

/** Two with one name are for the same visits. */
export function nameOf({ host, path, search }: Entry): string {
  return scopeOf(host) + path + search;
}
