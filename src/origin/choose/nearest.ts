/** By the time an origin is expected to take: at first from its distance, then from what was measured. */
import type { TierState } from "../../pool.ts";
import { directionOf } from "../../geo/distance.ts";
import { mayHavePassed, zoneOf } from "../latency.ts";
import { admission } from "./admission.ts";
import { estimate, order, type Estimate } from "./estimate.ts";
import { isTurn } from "./explore.ts";
import { findPlace } from "./place.ts";
import type { Asker, Ranked } from "./policy.ts";
import { elsewhere, isRegionOut, withRefuge } from "./refuge.ts";
import { shortlist } from "./shortlist.ts";

/** As many of the nearest by distance compete: time decides among these, and farther ones aren't looked at. */
const contenders = 8;

/** One visit in as many goes to an origin of which nothing is known but that it might be better; all that can afford it when a region is out. */
const explored = 16;

export function nearest(tier: TierState, asker: Asker): readonly Ranked[] {
  const { wanted } = asker;
  const place = findPlace(asker.client);
  const here = place && directionOf(place.position);
  const admitted = admission(tier, asker);
  const nearby = shortlist(tier, admitted, { here, size: Math.max(contenders, wanted) });
  const isTroubled = isRegionOut(nearby);
  const list = withRefuge(nearby.list, tier, { here, admitted });
  const from = { zone: zoneOf(place?.position), isPlaced: place !== undefined, isTroubled };
  const ranked = order(
    tier,
    list.map((each) => estimate(each, asker.now, from)),
    isTroubled,
  );
  tier.leader = ranked[0]?.origin;
  const isTurning = (): boolean => isTroubled || isTurn(tier, explored);
  return elsewhere(explore(ranked, asker, isTurning), tier, { asker, admitted });
}

/**
 * Puts one in front, now and then, of which nothing is known but that it might be better: it isn't too far away for that, and
 * either it was never measured, or it was in trouble then. Only for visits that can be repeated elsewhere, and one at a time.
 */
function explore(
  ranked: readonly Estimate[],
  { mayExplore, now }: Asker,
  isTurning: () => boolean,
): readonly Estimate[] {
  const [first] = ranked;
  if (!first || !mayExplore || first.trust === 0) return ranked;
  const best = first.usual.mean!;
  const mayBeBetter = ({ trust, distance, hoped, usual }: Estimate): boolean =>
    trust === 0 ? distance < best : hoped < best && mayHavePassed(usual, hoped, now);
  const found = ranked.find((each) => each !== first && mayBeBetter(each) && each.state.inFlight === 0);
  if (!found || !isTurning()) return ranked;
  return [found, ...ranked.filter((each) => each !== found)];
}
