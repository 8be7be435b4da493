/** In turn. */
import type { TierState } from "../../pool.ts";
import { atWeight } from "./draw.ts";
import { first } from "./first.ts";
import type { Asker, Ranked } from "./policy.ts";

/** The golden ratio's part of a circle: as many steps as one likes of it lie evenly, and none twice in a place. */
const step = (Math.sqrt(5) - 1) / 2;

/**
 * One after the other; where weights differ, each as often as its weight says and spread evenly. An isolate begins
 * anywhere, or all of them would begin with the same origin.
 */
export function roundRobin(tier: TierState, asker: Asker): readonly Ranked[] {
  const { origins, weights } = tier;
  const turn = tier.turn ?? Math.floor(asker.random() * origins.length);
  tier.turn = turn + 1;
  const from = tier.isEven ? turn % origins.length : atWeight(tier, ((turn * step) % 1) * weights.at(-1)!);
  return first(tier, asker, from);
}
