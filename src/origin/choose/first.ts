/** In the order of the config. */
import type { TierState } from "../../fleet.ts";
import type { Asker, Ranked } from "./policy.ts";

/** @param from the index of the origin to begin with; those before it come after the last. */
export function first({ origins }: TierState, { wanted, admits }: Asker, from = 0): readonly Ranked[] {
  const ranked: Ranked[] = [];
  for (let step = 0; step < origins.length && ranked.length < wanted; step++) {
    const origin = origins[(from + step) % origins.length]!;
    if (admits(origin)) ranked.push({ origin });
  }
  return ranked;
}
