/** That what a site says of asking origins can come about, with the origins that its visits may go to. */
import type { Site } from "./model.ts";
import type { Problem } from "./problem.ts";
import { isFor, originsOf, type Placed, type PlacedSite } from "./residency.ts";
import type { Origin } from "./upstream.ts";

type Pool = readonly Origin[];

/** What is set, but can't come about. */
interface Idle {
  readonly field: string;
  readonly isIdle: (site: Site, pools: readonly Pool[]) => boolean;
  readonly why: string;
}

const idle: readonly Idle[] = [
  {
    field: "brownout",
    isIdle: ({ asking }, pools) =>
      asking.overload.brownout !== undefined && pools.flat().every((origin) => origin.maxConnections === undefined),
    why: "It goes by how full origins are, and none that this site may ask has maxConnections, so that it could be.",
  },
];

/** For every site, with the rules that may apply to its visits, whatever their conditions. */
export function findIdle(sites: readonly PlacedSite[], rules: readonly Placed[]): Problem[] {
  return sites.flatMap(([at, site]) => {
    const own = rules.filter((placed) => isFor(placed, site));
    const pools = [site.origins, ...own.flatMap(({ rule }) => originsOf(rule).map(([, origins]) => origins))];
    const found = idle.filter(({ isIdle }) => isIdle(site, pools));
    return found.map(({ field, why }) => ({ at: `${at}.${field}`, says: why }));
  });
}
