/** When a second origin is asked because the first takes longer than it usually does, and how often. */
import type { Hedge, Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { SiteState } from "../../fleet.ts";
import { takesItsTime } from "../request.ts";
import { quantile } from "../spread.ts";
import { earn, spend } from "./budget.ts";
import type { Sendable } from "./sendable.ts";

/** Second requests that a quiet site has in reserve. */
const reserve = 1;

/** How the visit is hedged, which adds to what its site may spend on that; undefined when it isn't. */
export function hedgeOf(
  { visit }: Pick<Sendable, "visit">,
  { fleet, now }: Pick<Edge, "fleet" | "now">,
): Hedge | undefined {
  const { hedge } = visit.site.asking;
  const isAsking = visit.method === "GET" || visit.method === "HEAD";
  if (!hedge || !isAsking || takesItsTime(visit)) return undefined;
  earn(fleet.site(visit.site.name).hedges, { share: hedge.budget, reserve }, now());
  return hedge;
}

/** Milliseconds that the first has; undefined when nobody knows yet what is usual. */
export function delayOf(
  { name }: Origin,
  { after }: Hedge,
  { fleet, now }: Pick<Edge, "fleet" | "now">,
): number | undefined {
  if (typeof after === "number") return after;
  const { spread } = fleet.origin(name);
  return spread && quantile(spread, 0.95, now());
}

/** Whether the site has a second request left, which is then spent. */
export function mayHedge({ hedges }: Pick<SiteState, "hedges">, now: number): boolean {
  return spend(hedges, { reserve }, now);
}
