/** Two by chance, and of these the one with less to do. */
import type { TierState } from "../../pool.ts";
import { admission } from "./admission.ts";
import { byChance, draw } from "./draw.ts";
import { byScore, type Asker, type Ranked } from "./policy.ts";

/**
 * Nearly as even as comparing all, with two looks; and isolates that know nothing of one another don't all pick the same.
 * Weights count in the draw.
 */
export function twoChoices(tier: TierState, asker: Asker): readonly Ranked[] {
  const { random, wanted } = asker;
  const admitted = admission(tier, asker);
  const drawn = draw(tier, admitted, { count: Math.max(2, wanted), place: byChance(tier, random) });
  const ranked = drawn.map((index) => {
    const { inFlight } = admitted.state(index);
    return { origin: tier.origins[index]!, score: inFlight + 1, parts: { inflight: inFlight } };
  });
  return [...ranked.slice(0, 2).toSorted(byScore), ...ranked.slice(2)].slice(0, wanted);
}
