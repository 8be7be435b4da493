/** Some of many origins, so that what has to look at each stays quick. */
import type { Origin } from "../../config/upstream.ts";
import type { OriginState } from "../../origin-state.ts";
import type { TierState } from "../../pool.ts";
import { admission } from "./admission.ts";
import { byChance, draw } from "./draw.ts";
import { byScore, type Asker, type Ranked } from "./policy.ts";

/** Of more, as many are drawn: the best of these is among the best of all. */
const mostCompared = 64;

/** The origin of the lowest score, then the next; of equals, by chance and weight. */
export function lowest(tier: TierState, asker: Asker, score: Score): readonly Ranked[] {
  const { random, wanted } = asker;
  const drawing = { count: Math.max(mostCompared, wanted), place: byChance(tier, random) };
  const admitted = admission(tier, asker);
  const drawn = draw(tier, admitted, drawing).map((index) => score(tier.origins[index]!, admitted.state(index)));
  return drawn.toSorted(byScore).slice(0, wanted);
}

type Score = (origin: Origin, state: OriginState) => Ranked;
