/** That what a site says of asking origins can come about, with the origins that its visits may go to, and what it says of proof. */
import { verifiedFields } from "./ai.ts";
import type { Site, Verification } from "./model.ts";
import type { Problem } from "./problem.ts";
import { written } from "./quantity.ts";
import { isTable } from "./read.ts";
import { isFor, originsOf, type Placed, type PlacedSite } from "./residency.ts";
import type { Asking, Origin } from "./upstream.ts";

type Pool = readonly Origin[];

/** A site as requests need it, what was written of it, and what its visits may choose from. */
interface Looked {
  readonly site: Site;
  readonly said: unknown;
  readonly pools: readonly Pool[];
}

/** Why what is set in a field of a site can't come about; undefined when it can, or isn't set. */
type WhyIdle = (looked: Looked) => string | undefined;

const checks: Readonly<Record<string, WhyIdle>> = {
  brownout({ site: { asking }, pools }) {
    const canFill = pools.flat().some((origin) => origin.maxConnections !== undefined);
    if (!asking.overload.brownout || canFill) return undefined;
    return "It goes by how full origins are, and none that this site may ask has maxConnections, so that it could be.";
  },
  hedge: (looked) => (looked.site.asking.hedge ? whyNoSecond(looked) : undefined),
  "hedge.after"({ site: { asking } }) {
    const { patience } = asking.retry;
    const after = asking.hedge?.after;
    if (typeof after !== "number") return undefined;
    const why = whyTooLate(after, asking);
    if (why !== undefined || typeof patience !== "number" || after < patience) return why;
    return `"${written(after)}" is not shorter than retry.patience, which is "${written(patience)}": the second has been asked by then, for the silence of the first.`;
  },
  "retry.patience"(looked) {
    const { site, said } = looked;
    const { retry } = site.asking;
    if (!fieldOf(fieldOf(said, "retry"), "patience")) return undefined;
    const why = whyNoSecond(looked);
    if (why !== undefined) return why;
    if (retry.budget === 0) return `It asks a second origin, and ${unpaid}`;
    return retry.patience === "adaptive" ? undefined : whyTooLate(retry.patience, site.asking);
  },
  resume({ site, said }) {
    const isAskedFor = fieldOf(said, "resume") === true;
    return isAskedFor && site.asking.retry.budget === 0 ? `It asks for the rest of a body, and ${unpaid}` : undefined;
  },
};

const unpaid = 'retry.budget, from which that is paid, is "0%".';

/** What has a default may go unsaid: then it is in nobody's way. */
function fieldOf(said: unknown, name: string): unknown {
  return isTable(said) ? said[name] : undefined;
}

function whyNoSecond({ site, pools }: Looked): string | undefined {
  if (site.asking.retry.tries === 1) return "It asks a second origin, and only one is asked here: tries is 1.";
  const hasSecond = pools.some(({ length }) => length > 1);
  return hasSecond ? undefined : "It asks a second origin, and no visit of this site has two to go to.";
}

function whyTooLate(after: number, { timeouts: { header } }: Asking): string | undefined {
  if (after < header) return undefined;
  return `"${written(after)}" is not shorter than what an origin has for the header of its answer, which is "${written(header)}": the first has failed by then.`;
}

/** For every site, with the rules that may apply to its visits, whatever their conditions. */
export function findIdle(sites: readonly PlacedSite[], rules: readonly Placed[]): Problem[] {
  return sites.flatMap(([at, site, said]) => {
    const own = rules.filter((placed) => isFor(placed, site));
    const pools = [site.origins, ...own.flatMap(({ rule }) => originsOf(rule).map(([, origins]) => origins))];
    return Object.entries(checks).flatMap(([field, whyIdle]) => {
      const says = whyIdle({ site, said, pools });
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
