/** By the bytes of answers, under way and lately. */
import type { TierState } from "../../pool.ts";
import { recent } from "../traffic.ts";
import type { Asker, Ranked } from "./policy.ts";
import { lowest } from "./sample.ts";

export function leastTraffic(tier: TierState, asker: Asker): readonly Ranked[] {
  return lowest(tier, asker, (origin, { traffic }) => {
    const bytes = recent(traffic, asker.now);
    return { origin, score: bytes / origin.weight, parts: { bytes } };
  });
}
