/** Rules that redirect one path to one place, as the redirects of a table are: so that circles are found. */
import { toEntry, type Entry } from "../redirects/redirects.ts";
import type { Parsed } from "./parse.ts";
import type { RuleInput } from "./schema/rule.ts";
import type { SiteInput } from "./schema/site.ts";
import { nameOf as nameOfSite } from "./site.ts";

/** A redirect, and where it stands. */
export interface PlacedEntry {
  readonly at: string;
  readonly entry: Entry;
}

/**
 * Those that answer whoever comes: up to the first rule that answers on another condition, after which nobody knows who is
 * left. Of several for one path the first counts, and none of a path that is blocked.
 */
export function redirectsOfRules(
  rules: readonly Parsed<RuleInput>[],
  sites: readonly Parsed<SiteInput>[],
): readonly PlacedEntry[] {
  const asked = rules.filter(({ value }) => !value.monitor);
  const answering = asked.filter(({ value }) => value.redirect !== undefined || value.respond);
  const end = answering.findIndex(({ value }) => value.when?.path === undefined);
  const known = end === -1 ? answering : answering.slice(0, end);
  const taken = new Set(asked.flatMap((rule) => (rule.value.block === undefined ? [] : visitsOf(rule.value, sites))));
  return known.flatMap(({ at, value }) =>
    visitsOf(value, sites).flatMap((from) => {
      if (taken.has(from) || taken.has(from.slice(from.indexOf("/")))) return [];
      taken.add(from);
      const entry = entryOf(from, value);
      return entry ? [{ at: `${at}.redirect`, entry }] : [];
    }),
  );
}

/** The path, on the hosts of the sites that the rule is for; none when its condition is another one. */
function visitsOf({ when, sites: names }: RuleInput, sites: readonly Parsed<SiteInput>[]): readonly string[] {
  const path = when?.path;
  if (path === undefined) return [];
  if (!names) return [path];
  const those = sites.filter(({ value }) => names.includes(nameOfSite(value)));
  return those.flatMap(({ value }) => value.hosts.filter((host) => !host.startsWith("*")).map((host) => host + path));
}

/** Undefined where it leads to no fixed place, or to the visited path itself: who is there without a query is served. */
function entryOf(from: string, { redirect }: RuleInput): Entry | undefined {
  const { to, status } = typeof redirect === "object" ? redirect : { to: redirect, status: 302 };
  if (typeof to !== "string") return undefined;
  const visited = new URL(from.startsWith("/") ? `http://any.invalid${from}` : `http://${from}`);
  const target = URL.parse(to, visited.href);
  if (target?.host === visited.host && target.pathname === visited.pathname && target.search === "") return undefined;
  const entry = toEntry({ from, to, status, query: false });
  return "flaw" in entry || entry.pattern ? undefined : entry;
}
