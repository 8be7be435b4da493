/** REDIRECTS as it is written → as requests need it, or what is wrong with it. */
import { StoredRedirects, RedirectTable, findTrails, nameOf, type Entry, type Trail } from "../redirects/redirects.ts";
import type { ListSource } from "../lists/lists.ts";
import type { Problem } from "./problem.ts";
import { show } from "./read.ts";
import type { Redirects } from "./redirects.ts";
import type { PlacedEntry } from "./rule-redirects.ts";

export interface CompiledRedirects {
  /** Undefined when there are none, so that nobody asks. */
  readonly redirects: Redirects | undefined;
  readonly stored: readonly StoredRedirects[];
  readonly problems: readonly Problem[];
  /** What works, and could be better. */
  readonly notes: readonly Problem[];
}

/** A redirect or a source of them, and where it stands. */
export interface PlacedRedirect {
  readonly at: string;
  readonly value: Entry | ListSource;
}

/** What else says where visits go. */
export interface Around {
  /** That the config names. */
  readonly hosts: readonly string[];
  /** Come before all tables. */
  readonly rules: readonly PlacedEntry[];
}

export function compileRedirects(placed: readonly PlacedRedirect[], { hosts, rules }: Around): CompiledRedirects {
  const stored = placed.flatMap(({ value }) => ("store" in value ? [new StoredRedirects(value)] : []));
  const fixed = placed.flatMap(({ at, value }) => ("store" in value ? [] : [{ at, entry: value }]));
  const byName = Map.groupBy(fixed, ({ entry }) => nameOf(entry));
  const listed = [...byName.values()].map(([first]) => first!);
  const places = new Map([...rules, ...listed].map(({ entry, at }) => [entry, at]));
  const tables = [rules, listed].map((each) => each.map(({ entry }) => entry));
  const trails = findTrails(tables, servedBy(hosts, tables.flat()));
  const told = (wanted: Trail["kind"]): Problem[] =>
    trails.flatMap((trail) => (trail.kind === wanted ? [{ at: places.get(trail.entry)!, says: sayTrail(trail) }] : []));
  return {
    redirects: asOne([...(fixed.length > 0 ? [new RedirectTable(tables[1])] : []), ...stored]),
    stored,
    problems: [...[...byName.values()].flatMap(findRepeats), ...told("circle")],
    notes: told("chain"),
  };
}

/** "*" serves any host, but by no means is every host one of ours. */
function servedBy(hosts: readonly string[], entries: readonly Entry[]): (host: string) => boolean {
  const exact = new Set([...hosts, ...entries.flatMap(({ host }) => host ?? [])]);
  const suffixes = hosts.flatMap((host) => (host.startsWith("*.") ? [host.slice(1)] : []));
  return (host) => exact.has(host) || suffixes.some((suffix) => host.endsWith(suffix));
}

function sayTrail({ kind, steps }: Pick<Trail, "kind" | "steps">): string {
  const way = steps.map((step) => show(step)).join(" → ");
  if (kind === "chain")
    return `It leads to what is redirected again, ${way}: name its end, and the client is spared a visit.`;
  return steps.length === 2 && steps[0] === steps[1]
    ? `It leads to itself: ${way}.`
    : `It leads ${steps.includes("…") ? "further than browsers follow" : "round in a circle"}: ${way}.`;
}

/** Of those that are for the same visits. */
function findRepeats([first, ...others]: readonly { readonly at: string; readonly entry: Entry }[]): Problem[] {
  return others.map(({ at, entry }) => ({ at, says: `${show(entry.from)} is redirected already, by ${first!.at}.` }));
}

function asOne(tables: readonly Redirects[]): Redirects | undefined {
  if (tables.length < 2) return tables[0];
  return {
    find(url) {
      for (const table of tables) {
        const moved = table.find(url);
        if (moved) return moved;
      }
      return undefined;
    },
  };
}
