/** Where to go when all that are near are in trouble: what befalls a region befalls all of it. */
import type { Origin } from "../../config/upstream.ts";
import type { OriginState } from "../../origin-state.ts";
import type { TierState } from "../../pool.ts";
import { closeness, directionOf, type Direction } from "../../geo/distance.ts";
import type { Admission } from "./admission.ts";
import { byChance, draw } from "./draw.ts";
import { toRanked, type Estimate } from "./estimate.ts";
import type { Asker, Ranked } from "./policy.ts";
import type { Contender, Shortlist } from "./shortlist.ts";

/** As many tries are for the nearest; one that comes after these may go anywhere. */
const near = 2;

/** As many of the nearest that are out, and nobody nearer who isn't, are more than a coincidence. */
const region = 8;

/** Whether all of the nearest are out. */
export function isRegionOut({ outs }: Shortlist): boolean {
  return outs >= region;
}

interface Choosing {
  readonly asker: Asker;
  readonly admitted: Admission;
}

/** The one that is known to be well comes into question too, wherever it is. */
export function withRefuge(
  list: readonly Contender[],
  { refuge, origins }: TierState,
  { here, admitted }: Pick<Choosing, "admitted"> & { readonly here: Direction | undefined },
): readonly Contender[] {
  if (refuge === undefined || list.some(({ index }) => index === refuge) || !admitted.takes(refuge)) return list;
  const origin = origins[refuge]!;
  return [...list, { index: refuge, origin, state: admitted.state(refuge), closeness: closenessOf(origin, here) }];
}

function closenessOf({ at }: Origin, here: Direction | undefined): number | undefined {
  return at && here && closeness(here, directionOf(at));
}

/**
 * As many as are wanted. Where there are others than the nearest, the last try is for one of them: the fastest of those that
 * have just answered, which the tier then remembers, and else the one that is the farthest from the first of a few that are
 * drawn.
 */
export function elsewhere(estimates: readonly Estimate[], tier: TierState, choosing: Choosing): readonly Ranked[] {
  const { wanted } = choosing.asker;
  const ranked = estimates.slice(0, wanted).map(toRanked);
  if (wanted <= near || ranked.length < wanted || tier.origins.length <= wanted) return ranked;
  const indices = estimates.map(({ index }) => index);
  const [first, rest] = [indices.slice(0, wanted - 1), indices.slice(wanted - 1)];
  const { state, takes } = choosing.admitted;
  const time = (index: number): number => timeOfWell(state(index), choosing.asker.now);
  const isOther = (index: number): boolean => !first.includes(index) && takes(index);
  // As long as nobody is known to be well, more are looked at.
  const isAnyWell = leastBy([...rest, ...tier.drawn], time) !== undefined;
  drawOthers(tier, isOther, { ...choosing.asker, count: isAnyWell ? 1 : wanted });
  // Of these, only who would be taken is asked whether it takes the visit.
  const fastest = leastBy([...rest, ...tier.drawn], time, (index) => rest.includes(index) || isOther(index));
  tier.refuge = fastest ?? tier.refuge;
  const far = (index: number): number => -apart(tier.origins[index]!, ranked[0]!.origin);
  const other = fastest ?? leastBy(tier.drawn, far, isOther);
  return other === undefined ? ranked : [...ranked.slice(0, -1), { origin: tier.origins[other]! }];
}

/** Draws some; behind them, those that were drawn for visits before are kept, up to as many as are wanted. */
function drawOthers(tier: TierState, takes: (index: number) => boolean, { wanted, count, random }: Drawing): void {
  const drawn = draw(tier, { takes }, { count, place: byChance(tier, random) });
  tier.drawn = [...new Set([...drawn, ...tier.drawn])].slice(0, wanted);
}

interface Drawing extends Pick<Asker, "wanted" | "random"> {
  readonly count: number;
}

/** Milliseconds for which an answer shows that an origin is well. */
const lately = 10_000;

/** What its answers take; Infinity when it isn't known to be well. */
function timeOfWell({ peak, condition }: OriginState, now: number): number {
  const isWell = peak.mean !== undefined && now - peak.at < lately && condition.inRow === 0;
  return isWell ? peak.mean! : Number.POSITIVE_INFINITY;
}

/** Roughly, in degrees. */
function apart({ at: one }: Origin, { at: other }: Origin): number {
  if (!one || !other) return 0;
  const turned = Math.abs(one[1] - other[1]);
  return Math.abs(one[0] - other[0]) + Math.min(turned, 360 - turned);
}

/** The first with the least, of those that will do; undefined when all are infinite. */
function leastBy(
  indices: readonly number[],
  measure: (index: number) => number,
  takes: (index: number) => boolean = () => true,
): number | undefined {
  let found: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const index of indices) {
    const each = measure(index);
    if (each < least && takes(index)) [found, least] = [index, each];
  }
  return found;
}
