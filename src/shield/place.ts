/** Where the shields of a site are, and which one a key belongs to. */
import { regionOf, regionPosition, type Region } from "../geo/regions.ts";
import type { ShieldPlace } from "../hop.ts";
import type { Planned, Routed } from "../visit.ts";

/** Shields that a site has in one region, each with its share of the keys: one object takes only so many visits. */
const shards = 8;

/** In the region that the config names, else in that of the first origin whose place is known. */
export function placeOf({ caching: { shield }, pool, site }: Routed, key: string): ShieldPlace {
  const at = pool.find((origin) => origin.at)?.at;
  const region = typeof shield === "string" ? shield : at && regionOf(at);
  return { site: site.name, region, shard: hash(key) % shards };
}

/** For the trail: "weur.3". */
export function spelled({ region, shard }: ShieldPlace): string {
  return `${region ?? "anywhere"}.${shard}`;
}

/**
 * The visit as if its client were where the shield is. What is nearest then is so for everybody who shares the answer, and
 * not only for the one who came first.
 */
export function near(visit: Planned, region: Region | undefined): Planned {
  if (region === undefined) return visit;
  const [latitude, longitude] = regionPosition(region);
  return { ...visit, client: { ...visit.client, latitude, longitude } };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}
