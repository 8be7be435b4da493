/** How much a visit may still ask for: the platform counts its calls, and breaks off what goes beyond a number. */
import { shards } from "../../rates.ts";
import type { Sliced } from "./slices.ts";

/**
 * Calls of a visit besides its slices: it is looked up, confirmed, kept and looked up again, with a mark and a variant each
 * time, what was stored is noted, and the rest of the range is asked for.
 */
const besides = 14;

/** Calls that the slices of one answer may take together. */
export function callsForSlices({ visit, means }: Sliced): number {
  const copies = visit.mirror?.to.length ?? 0;
  const { subrequests, bans } = means.edge.config.settings;
  return subrequests - besides - copies - triesOf(visit) - tellings(visit) - (bans ? 1 : 0);
}

/** Calls by which a visit may tell those who count for all locations: one for each limit, and for each of them. */
function tellings({ rules }: Sliced["visit"]): number {
  return Math.min(rules.filter(({ limit }) => limit?.kind === "rate" && limit.scope === "global").length, shards);
}

/** Calls that a slice takes at most when it is fetched: it is looked for twice, asked for, and put. */
export function callsToFetch({ visit }: Pick<Sliced, "visit">): number {
  return 3 + triesOf(visit);
}

function triesOf({ site }: Sliced["visit"]): number {
  return site.asking.retry.tries;
}
