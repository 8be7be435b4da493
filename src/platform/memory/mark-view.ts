/** Marks as look-ups need them: by name, so that a thousand of them cost a visit no more than one does. */
import type { Mark, Marks, Subject } from "../../edge.ts";
import { createChanges, type Changes } from "./changes.ts";

/** The newest marks of one name: an older one covers nothing that these don't. */
interface Newest {
  hard: Mark | undefined;
  soft: Mark | undefined;
}

/** One segment of marked path prefixes. */
interface Branch {
  readonly newest: Newest;
  readonly children: Map<string, Branch>;
}

/** The marked queries of one path. */
interface Queries {
  readonly marked: Map<string, Newest>;
  /** Those of all its queries, once too many are marked for a visit to compare with each. */
  readonly all: Newest;
}

const never = Number.NEGATIVE_INFINITY;

/** As many queries of one path are told apart. */
const mostQueries = 16;

export interface MarkView {
  readonly record: (mark: Mark) => void;
  readonly change: Marks["change"];
  readonly covering: Marks["covering"];
}

/** @param most marks that are held; the older half of more becomes one on everything, so that none is ever forgotten. */
export function createMarkView(most: number): MarkView {
  const held = new Map<string, Mark>();
  const changes = createChanges();
  let index = emptyIndex();
  const record = (mark: Mark): void => {
    const id = `${mark.scope} ${mark.soft} ${mark.name}`;
    if ((held.get(id)?.at ?? never) >= mark.at) return;
    held.set(id, mark);
    if (held.size <= most) return enter(index, mark);
    const fewer = folded([...held.values()]);
    held.clear();
    index = emptyIndex();
    for (const one of fewer) record(one);
  };
  return {
    record,
    change: (urls, at) => urls.forEach((url) => changes.record(url, at)),
    covering: (subject) =>
      changed(changes, subject) ?? (subject.askedAt > index.newestAt ? undefined : cover(index, subject)),
  };
}

/** The mark of a change of the subject's URL. */
function changed(changes: Changes, { askedAt, url }: Subject): Mark | undefined {
  if (!changes.anySince(askedAt)) return undefined;
  const name = url();
  const at = changes.lastOf(name);
  return at >= askedAt ? { scope: "url", name, at, soft: false } : undefined;
}

/** The newer half, and instead of the older one a mark on everything up to the newest in it. */
export function folded(marks: readonly Mark[]): readonly Mark[] {
  const byAge = marks.toSorted((a, b) => a.at - b.at);
  const half = Math.ceil(byAge.length / 2);
  return [{ scope: "all", name: "", at: byAge[half - 1]!.at, soft: false }, ...byAge.slice(half)];
}

interface Index {
  /** The time of the newest mark, of all and by scope: what is younger need not be looked at. */
  newestAt: number;
  readonly newestOf: Record<Mark["scope"], number>;
  readonly all: Newest;
  readonly sites: Map<string, Newest>;
  readonly tags: Map<string, Newest>;
  /** The newest of any tag: for answers whose tags are not all known. */
  readonly anyTag: Newest;
  readonly groups: Map<string, Newest>;
  /** Origin and path → queries. */
  readonly urls: Map<string, Queries>;
  /** Origin → its path prefixes. */
  readonly prefixes: Map<string, Branch>;
}

function emptyIndex(): Index {
  return {
    newestAt: never,
    newestOf: { url: never, prefix: never, tag: never, group: never, site: never, all: never },
    all: none(),
    sites: new Map(),
    tags: new Map(),
    anyTag: none(),
    groups: new Map(),
    urls: new Map(),
    prefixes: new Map(),
  };
}

function none(): Newest {
  return { hard: undefined, soft: undefined };
}

function enter(index: Index, mark: Mark): void {
  index.newestAt = Math.max(index.newestAt, mark.at);
  index.newestOf[mark.scope] = Math.max(index.newestOf[mark.scope], mark.at);
  for (const newest of placesOf(index, mark)) {
    const kind = mark.soft ? "soft" : "hard";
    if (mark.at >= (newest[kind]?.at ?? never)) newest[kind] = mark;
  }
}

function placesOf(index: Index, { scope, name }: Mark): readonly Newest[] {
  switch (scope) {
    case "all":
      return [index.all];
    case "site":
      return [at(index.sites, name, none)];
    case "tag":
      return [index.anyTag, at(index.tags, name, none)];
    case "group":
      return [at(index.groups, name, none)];
    case "url":
      return [urlPlace(index, name)];
    case "prefix":
      return [prefixPlace(index, name)];
  }
}

function urlPlace({ urls }: Index, name: string): Newest {
  const start = name.indexOf("?");
  const path = start === -1 ? name : name.slice(0, start);
  const query = start === -1 ? "" : name.slice(start);
  const { marked, all } = at(urls, path, () => ({ marked: new Map<string, Newest>(), all: none() }));
  return marked.size >= mostQueries && !marked.has(query) ? all : at(marked, query, none);
}

function prefixPlace({ prefixes }: Index, name: string): Newest {
  const start = name.indexOf("/", name.indexOf("://") + 3);
  const grow = (): Branch => ({ newest: none(), children: new Map() });
  let branch = at(prefixes, name.slice(0, start), grow);
  for (const segment of segments(name.slice(start))) branch = at(branch.children, segment, grow);
  return branch.newest;
}

/** "/a/b", "/a/b/" → "a", "b"; "/" → nothing. */
function segments(path: string): readonly string[] {
  const plain = path.slice(1, path.endsWith("/") ? -1 : undefined);
  return plain === "" ? [] : plain.split("/");
}

function at<T>(map: Map<string, T>, key: string, make: () => T): T {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}

/** The hard mark that covers the subject, else the soft one. */
function cover(index: Index, subject: Subject): Mark | undefined {
  let soft: Mark | undefined;
  for (const newest of candidates(index, subject)) {
    if (newest?.hard && newest.hard.at >= subject.askedAt) return newest.hard;
    if (newest?.soft && newest.soft.at >= subject.askedAt) soft ??= newest.soft;
  }
  return soft;
}

/** What could cover it. Of what no mark of a scope is young enough for, the subject isn't even asked. */
function candidates(index: Index, subject: Subject): readonly (Newest | undefined)[] {
  const { askedAt } = subject;
  const { url, prefix, tag, group } = index.newestOf;
  const found: (Newest | undefined)[] = [index.all, index.sites.get(subject.site)];
  for (const { origin, path, isSameQuery } of Math.max(url, prefix) >= askedAt ? subject.locations() : []) {
    addQueries(found, index.urls.get(origin + path), isSameQuery);
    addPrefixes(found, index.prefixes.get(origin), path);
  }
  if (tag >= askedAt) addTags(found, index, subject.tags());
  if (group >= askedAt) for (const name of subject.groups()) found.push(index.groups.get(name));
  return found;
}

function addTags(found: (Newest | undefined)[], { tags, anyTag }: Index, named: readonly string[] | "any"): void {
  if (named === "any") found.push(anyTag);
  else for (const name of named) found.push(tags.get(name));
}

function addQueries(
  found: (Newest | undefined)[],
  queries: Queries | undefined,
  isSame: (query: string) => boolean,
): void {
  if (!queries) return;
  found.push(queries.all);
  for (const [query, newest] of queries.marked) if (isSame(query)) found.push(newest);
}

/** Down the tree as far as the path leads: at most as many steps as there are segments in the longest prefix. */
function addPrefixes(found: (Newest | undefined)[], root: Branch | undefined, path: string): void {
  let branch = root;
  for (let start = 1; branch;) {
    found.push(branch.newest);
    if (branch.children.size === 0 || start > path.length) return;
    const slash = path.indexOf("/", start);
    const end = slash === -1 ? path.length : slash;
    branch = branch.children.get(path.slice(start, end));
    start = end + 1;
  }
}
