/** Where the shields of a site are, and which one a key belongs to. */
import { regionOf, regionPosition } from "../geo/regions.ts";
import type { Asked, ShieldPlace } from "../hop.ts";
import { hashOf } from "../http/hash.ts";
import type { Planned, Routed } from "../visit.ts";

/** Shields that a site has in one region, each with its share of the keys: one object takes only so many visits. */
const shards = 8;

/** In the region that the config names, else in that of the first origin whose place is known. */
export function placeOf({ caching: { shield }, pool, site }: Routed, key: string): ShieldPlace {
  const at = pool.find((origin) => origin.at)?.at;
  const region = typeof shield === "string" ? shield : at && regionOf(at);
  return { site: site.name, region, shard: hashOf(key) % shards };
}

/** For the trail: "weur.3". */
export function spelled({ region, shard }: ShieldPlace): string {
  return `${region ?? "anywhere"}.${shard}`;
}

/**
 * The visit as if its client were where the shield is: what is nearest then is so for everybody who shares the answer, and
 * not only for the one who came first. One who sticks to an origin does so here too.
 */
export function asAsked(visit: Planned, { region, tickets }: Asked): Planned {
  const sticking = { ...visit, ...(tickets && { tickets }) };
  if (region === undefined) return sticking;
  const [latitude, longitude] = regionPosition(region);
  return { ...sticking, client: { ...visit.client, latitude, longitude, location: undefined } };
}
