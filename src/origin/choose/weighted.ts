/** By chance, each as often as its weight says. */
import type { TierState } from "../../pool.ts";
import { admission } from "./admission.ts";
import { byChance, draw } from "./draw.ts";
import type { Asker, Ranked } from "./policy.ts";

export function weighted(tier: TierState, asker: Asker): readonly Ranked[] {
  const place = byChance(tier, asker.random);
  const drawn = draw(tier, admission(tier, asker), { count: asker.wanted, place });
  return drawn.map((index) => ({ origin: tier.origins[index]! }));
}
