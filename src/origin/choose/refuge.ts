/** Where to go when all that are near are in trouble: what befalls a region befalls all of it. */
import type { Origin } from "../../config/upstream.ts";
import type { TierState } from "../../fleet.ts";
import { closeness, directionOf, type Direction } from "../../geo/distance.ts";
import { byChance, draw } from "./draw.ts";
import type { Asker, Ranked } from "./policy.ts";
import type { Contender } from "./shortlist.ts";

/** As many tries are for the nearest; one that comes after these may go anywhere. */
const near = 2;

/** As many of the nearest that are out are more than a coincidence. */
const region = 8;

/** Whether so many are out that are as near as those that come into question. */
export function isRegionOut(outs: readonly Origin[], list: readonly Contender[], here: Direction | undefined): boolean {
  if (outs.length < region) return false;
  const farthest = list.at(-1)?.closeness ?? -1;
  return outs.filter((origin) => (closenessOf(origin, here) ?? -1) >= farthest).length >= region;
}

/** The one that is known to be well comes into question too, wherever it is. */
export function withRefuge(
  list: readonly Contender[],
  { refuge }: TierState,
  { here, admits }: Pick<Asker, "admits"> & { readonly here: Direction | undefined },
): readonly Contender[] {
  if (!refuge || list.some(({ origin }) => origin === refuge) || !admits(refuge)) return list;
  return [...list, { origin: refuge, closeness: closenessOf(refuge, here) }];
}

function closenessOf({ at }: Origin, here: Direction | undefined): number | undefined {
  return at && here && closeness(here, directionOf(at));
}

/**
 * Where there are others than the nearest, the last try is for one of them: the fastest of those that have just answered, which
 * the tier then remembers, and else the one that is the farthest from the first of a few that are drawn.
 */
export function elsewhere(ranked: readonly Ranked[], tier: TierState, asker: Asker): readonly Ranked[] {
  const { wanted, random, state } = asker;
  if (wanted <= near || ranked.length < wanted || tier.origins.length <= wanted) return ranked;
  const first = ranked.slice(0, wanted - 1);
  const isOther = (origin: Origin): boolean => first.every((each) => each.origin !== origin);
  const drawn = draw(tier, asker, { count: wanted, place: byChance(tier, random) }).filter(isOther);
  const others = [...ranked.slice(wanted - 1).map(({ origin }) => origin), ...drawn];
  const fastest = leastBy(
    others.filter((each) => isWell(each, asker)),
    (each) => state(each).peak.mean!,
  );
  tier.refuge = fastest ?? tier.refuge;
  const other = fastest ?? leastBy(drawn, (each) => -apart(each, first[0]!.origin));
  return other ? [...first, { origin: other }] : ranked;
}

/** Milliseconds for which an answer shows that an origin is well. */
const lately = 10_000;

function isWell(origin: Origin, { state, now }: Asker): boolean {
  const { peak, condition } = state(origin);
  return peak.mean !== undefined && now - peak.at < lately && condition.inRow === 0;
}

/** Roughly, in degrees. */
function apart({ at: one }: Origin, { at: other }: Origin): number {
  if (!one || !other) return 0;
  const turned = Math.abs(one[1] - other[1]);
  return Math.abs(one[0] - other[0]) + Math.min(turned, 360 - turned);
}

function leastBy(origins: readonly Origin[], measure: (origin: Origin) => number): Origin | undefined {
  return origins.toSorted((one, other) => measure(one) - measure(other))[0];
}
