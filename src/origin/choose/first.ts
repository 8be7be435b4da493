/** In the order of the config. */
import type { TierState } from "../../pool.ts";
import { admission } from "./admission.ts";
import type { Asker, Ranked } from "./policy.ts";

/** @param from the index of the origin to begin with; those before it come after the last. */
export function first(tier: TierState, asker: Asker, from = 0): readonly Ranked[] {
  const { origins } = tier;
  const { takes } = admission(tier, asker);
  const ranked: Ranked[] = [];
  for (let step = 0; step < origins.length && ranked.length < asker.wanted; step++) {
    const index = (from + step) % origins.length;
    if (takes(index)) ranked.push({ origin: origins[index]! });
  }
  return ranked;
}
