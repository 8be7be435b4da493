/** No-Vary-Search: which parts of a query tell two URLs apart (draft-ietf-httpbis-no-vary-search-10). */
import { parseDictionary } from "structured-headers";

/** What of a query counts, where not all of it does: the draft's "URL variation config" (§4). Plain data. */
export interface SearchVariation {
  /** The names that count, or those that don't; sorted, each once, so that the same meaning has one form. */
  readonly query: { readonly only: readonly string[] } | { readonly except: readonly string[] };
  /** The order of parameters makes no difference. */
  readonly sort: boolean;
}

/** Characters of a field that is read: caches keep what it says. */
const longest = 4096;

/** What the field says (§5.1); undefined when the whole query counts, as it does when the field can't be read. */
export function parseNoVarySearch(field: string | undefined): SearchVariation | undefined {
  if (field === undefined || field.length > longest) return undefined;
  try {
    const said = parseDictionary(field);
    const [params, except] = [said.get("params"), said.get("except")];
    const sort = said.get("key-order")?.[0] ?? false;
    const names = namesOf((params ?? except)?.[0] ?? []);
    if (typeof sort !== "boolean" || !names || (params && except)) return undefined;
    if (except) return { query: { only: names }, sort };
    return names.length === 0 && !sort ? undefined : { query: { except: names }, sort };
  } catch {
    return undefined;
  }
}

/** The Strings of an Inner List, read as a query's names are (§5.3); undefined when it is anything else. */
function namesOf(list: unknown): readonly string[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const items = (list as readonly (readonly [unknown])[]).map(([item]) => item);
  return items.every((item) => typeof item === "string") ? [...new Set(items.map(nameOf))].toSorted() : undefined;
}

/** "%C3%A9+x" → "é x". What has a meaning in a query has none in a name that stands by itself. */
function nameOf(written: string): string {
  const [[name] = [""]] = new URLSearchParams(`?${written.replace(/[&=]/g, encodeURIComponent)}=`);
  return name;
}

/**
 * What counts of a query, in one spelling: two URLs that differ in their queries alone are equivalent when this is the
 * same (§6). @param query with its "?", or empty
 */
export function significantPart(query: string, { query: counting, sort }: SearchVariation): string {
  const counts = (name: string): boolean =>
    "only" in counting ? counting.only.includes(name) : !counting.except.includes(name);
  const significant = new URLSearchParams([...new URLSearchParams(query)].filter(([name]) => counts(name)));
  if (sort) significant.sort();
  return significant.toString();
}
