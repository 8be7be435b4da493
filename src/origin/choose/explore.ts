/** Asking an origin of which nothing is known, to get to know it. */
import type { TierState } from "../../pool.ts";

/** Whether it is this visit's turn: of those that could, one in as many. By counting, so that a run can be told again. */
export function isTurn(tier: TierState, oneIn: number): boolean {
  tier.turn = (tier.turn ?? 0) + 1;
  return tier.turn % oneIn === 0;
}
