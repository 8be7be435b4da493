/** That what a site says of asking origins can come about, with the origins that its visits may go to, and what it says of proof. */
import { verifiedFields } from "./ai.ts";
import type { Site, Verification } from "./model.ts";
import type { Problem } from "./problem.ts";
import { written } from "./quantity.ts";
import { isFor, originsOf, type Placed, type PlacedSite } from "./residency.ts";
import type { Origin } from "./upstream.ts";

type Pool = readonly Origin[];

/** Why what is set in a field of a site can't come about; undefined when it can, or isn't set. */
type WhyIdle = (site: Site, pools: readonly Pool[]) => string | undefined;

const checks: Readonly<Record<string, WhyIdle>> = {
  brownout({ asking }, pools) {
    const canFill = pools.flat().some((origin) => origin.maxConnections !== undefined);
    if (!asking.overload.brownout || canFill) return undefined;
    return "It goes by how full origins are, and none that this site may ask has maxConnections, so that it could be.";
  },
  hedge({ asking }, pools) {
    if (!asking.hedge) return undefined;
    if (asking.retry.tries === 1) return "It asks a second origin, and only one is asked here: tries is 1.";
    const hasSecond = pools.some(({ length }) => length > 1);
    return hasSecond ? undefined : "It asks a second origin, and no visit of this site has two to go to.";
  },
  "hedge.after"({ asking: { hedge, timeouts, retry } }) {
    const { header } = timeouts;
    const { patience } = retry;
    const after = hedge?.after;
    if (typeof after !== "number") return undefined;
    if (after >= header)
      return `"${written(after)}" is not shorter than what an origin has for the header of its answer, which is "${written(header)}": the first has failed by then.`;
    if (typeof patience !== "number" || after < patience || patience >= header) return undefined;
    return `"${written(after)}" is not shorter than retry.patience, which is "${written(patience)}": the second has been asked by then, for the silence of the first.`;
  },
};

/** For every site, with the rules that may apply to its visits, whatever their conditions. */
export function findIdle(sites: readonly PlacedSite[], rules: readonly Placed[]): Problem[] {
  return sites.flatMap(([at, site]) => {
    const own = rules.filter((placed) => isFor(placed, site));
    const pools = [site.origins, ...own.flatMap(({ rule }) => originsOf(rule).map(([, origins]) => origins))];
    return Object.entries(checks).flatMap(([field, whyIdle]) => {
      const says = whyIdle(site, pools);
      return says === undefined ? [] : [{ at: `${at}.${field}`, says }];
    });
  });
}

/** Where a site serves bots of AI that have proved who they are, and nothing could be a proof. */
export function findUnprovable(sites: readonly PlacedSite[], verify: Verification): Problem[] {
  if (verify.signatures || verify.ranges || verify.resolver !== undefined) return [];
  return sites.flatMap(([at, { ai }]) =>
    (ai ? verifiedFields(ai) : []).map((field) => ({ at: `${at}.ai.${field}`, says: unprovable })),
  );
}

const unprovable =
  'It asks for proof, and nothing can prove anything here: SETTINGS.verify has no signatures, no ranges and no resolver. Say "block" where nobody is to be served.';
