/** Sites and origins, as they are written → as requests need them. */
import { toAsking } from "./asking.ts";
import { completePolicy } from "./complete.ts";
import type { Settings, Site, SiteIndex } from "./model.ts";
import type { OriginInput, SiteInput } from "./schema.ts";
import type { Origin } from "./upstream.ts";

/** What a site is called. */
export function nameOf({ name, hosts }: SiteInput): string {
  return name ?? hosts[0]!;
}

/** An origin as requests need it. */
export function toOrigin({ name, url, at }: OriginInput): Origin {
  return { name, url: new URL(url.origin), base: url.pathname.replace(/\/+$/, ""), at };
}

/** A site as requests need it; every origin it names is there. */
export function toSite(input: SiteInput, { origins, settings }: Surroundings): Site {
  const names = input.origins ?? [...origins.keys()];
  return {
    name: nameOf(input),
    hosts: input.hosts,
    origins: names.map((name) => origins.get(name)!),
    balance: input.balance,
    asking: toAsking(input, settings),
    caching: completePolicy(input.cache),
  };
}

/** What of the rest of the config a site refers to. */
interface Surroundings {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly settings: Settings;
}

/** Every host → its site; no host is in two. */
export function toIndex(sites: readonly Site[]): SiteIndex {
  const entries = sites.flatMap((site) => site.hosts.map((host) => [host, site] as const));
  return {
    exact: new Map(entries.filter(([host]) => !host.startsWith("*"))),
    wildcard: new Map(entries.filter(([host]) => host.startsWith("*.")).map(([host, site]) => [host.slice(1), site])),
    any: entries.find(([host]) => host === "*")?.[1],
  };
}
