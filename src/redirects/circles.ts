/** Redirects that lead to one another: round in a circle, or one hop after the other. */
import type { VisitedPlace } from "../config/redirects.ts";
import { normalPath } from "../http/path.ts";
import { nameOf, RedirectTable, targetOf } from "./table.ts";
import type { Entry } from "./redirect.ts";

/** What comes of an entry whose target is redirected, too. */
export interface Trail {
  readonly kind: "circle" | "chain";
  readonly entry: Entry;
  /** The paths that are gone through, the visited one first; with their hosts, where those change. */
  readonly steps: readonly string[];
}

/** Where browsers give up (Fetch §4.4): for who follows it, a longer chain is as good as a circle. */
const mostHops = 20;

/**
 * Each entry is followed from paths that it is for. What is found leads round indeed, and an exact one that does is always found;
 * of patterns that do so only for certain paths, some may not be: what is tried for a name is a letter, and for "*" nothing, a
 * letter, and two segments.
 * @param tables the entries of each, the one that is asked first before the others.
 * @param isOurs whether a host is one for which they are asked.
 */
export function findTrails(tables: readonly (readonly Entry[])[], isOurs: (host: string) => boolean): Trail[] {
  const asked = tables.map((entries) => new RedirectTable(entries));
  const table: Table = { hit: (visited) => firstOf(asked, (each) => each.hit(visited)) };
  const found: Trail[] = [];
  const told = new Set<string>();
  for (const entry of tables.flat()) {
    const trails = samplesOf(entry).flatMap((visited) => follow(visited, { entry, table, isOurs }) ?? []);
    const trail = trails.find(({ kind }) => kind === "circle") ?? trails[0];
    if (!trail || told.has(nameOf(entry))) continue;
    if (trail.kind === "circle") for (const name of trail.through) told.add(name);
    found.push({ kind: trail.kind, entry, steps: trail.steps });
  }
  return found;
}

/** No host is of that name (RFC 6761 §6.4): it stands for those that none of the entries names. */
const anyHost = "any.invalid";

const samples: readonly string[] = ["", "x", "x/y"];

/** Visits that the entry is for. */
function samplesOf({ host = anyHost, pattern, path, search }: Entry): VisitedPlace[] {
  if (!pattern) return [{ hostname: host, pathname: path, search }];
  const { segments, rest } = pattern;
  const start = segments
    .map(({ before, name, after }) => `/${before}${name === undefined ? "" : "x"}${after}`)
    .join("");
  const ends = rest ? samples.map((sample) => `/${rest.before}${sample}${rest.after}`) : [""];
  return ends.map((end) => ({ hostname: host, pathname: start + end, search: "" }));
}

type Table = Pick<RedirectTable, "hit">;

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Following {
  readonly entry: Entry;
  readonly table: Table;
  readonly isOurs: (host: string) => boolean;
}

/** Undefined when it leads to what no redirect is for, or another entry is the one that counts there. */
function follow(start: VisitedPlace, { entry, table, isOurs }: Following): Followed | undefined {
  const steps = [spelled(start)];
  const through: string[] = [];
  for (let visited = start; through.length <= mostHops;) {
    const hit = table.hit(visited);
    if (through.length === 0 && hit?.entry !== entry) return undefined;
    const next = hit && nextOf(visited, targetOf(hit, visited.search));
    // One who is there already is served, and not redirected.
    if (!next || (through.length > 0 && spelled(next) === spelled(visited))) break;
    through.push(nameOf(hit.entry));
    const isRound = steps.includes(spelled(next));
    steps.push(spelled(next));
    if (isRound) return { kind: "circle", steps, through };
    if (next.hostname !== visited.hostname && !isOurs(next.hostname)) break;
    visited = next;
  }
  if (through.length > mostHops) return { kind: "circle", steps: [...steps.slice(0, 3), "…"], through };
  return through.length > 1 ? { kind: "chain", steps, through } : undefined;
}

type Followed = Pick<Trail, "kind" | "steps"> & { readonly through: readonly string[] };

function nextOf({ hostname, pathname, search }: VisitedPlace, to: string): VisitedPlace | undefined {
  const url = URL.parse(to, `http://${hostname}${pathname}${search}`);
  return url ? { hostname: url.hostname, pathname: normalPath(url.pathname), search: url.search } : undefined;
}

function spelled({ hostname, pathname, search }: VisitedPlace): string {
  return (hostname === anyHost ? "" : hostname) + pathname + search;
}
