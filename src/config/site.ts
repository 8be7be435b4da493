/** Sites and origins, as they are written → as requests need them. */
import type { BotTable } from "../bots/table.ts";
import { toAi } from "./ai.ts";
import { toAsking } from "./asking.ts";
import { completePolicy } from "./complete.ts";
import type { Settings, Site, SiteIndex } from "./model.ts";
import { isResident } from "./residency.ts";
import type { OriginInput } from "./schema/origin.ts";
import type { SiteInput } from "./schema/site.ts";
import type { Origin } from "./upstream.ts";

/** What a site is called. */
export function nameOf({ name, hosts }: SiteInput): string {
  return name ?? hosts[0]!;
}

/** An origin as requests need it. */
export function toOrigin(input: OriginInput, isFollowed: boolean): Origin {
  const { url, at, region, maxConnections, health, via, header, sign, ...rest } = input;
  return {
    ...rest,
    url: new URL(url.origin),
    base: url.pathname.replace(/\/+$/, ""),
    at,
    region,
    maxConnections,
    health,
    via,
    header,
    sign,
    followed: isFollowed || maxConnections !== undefined,
  };
}

/** A site as requests need it; every origin it names is there. */
export function toSite(input: SiteInput, { origins, settings, bots }: Surroundings): Site {
  const { regions, sticky } = input;
  const named = input.origins?.map((name) => origins.get(name)!);
  return {
    name: nameOf(input),
    hosts: input.hosts,
    origins: named ?? [...origins.values()].filter((origin) => !regions || isResident(origin, regions)),
    balance: input.balance,
    ...(input.https && { https: true as const }),
    ...(regions && { regions }),
    ...(sticky && { sticky }),
    methods: new Set(input.methods),
    paths: input.paths,
    asking: toAsking(input, settings),
    caching: completePolicy(input.cache),
    ...(input.bots && { bots: input.bots }),
    ...(input.ai && { ai: toAi(input.ai, bots) }),
  };
}

/** What of the rest of the config a site refers to. */
interface Surroundings {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly settings: Settings;
  readonly bots: BotTable;
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
