/** By the requests under way. */
import type { TierState } from "../../pool.ts";
import type { Asker, Ranked } from "./policy.ts";
import { lowest } from "./sample.ts";

/** With this visit, and for an origin's weight: one of twice the weight takes twice as many. */
export function leastConnections(tier: TierState, asker: Asker): readonly Ranked[] {
  return lowest(tier, asker, (origin, { inFlight }) => {
    return { origin, score: (inFlight + 1) / origin.weight, parts: { inflight: inFlight } };
  });
}
