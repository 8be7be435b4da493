/** Isolates all over the world, for which one counts. */
import type { Edge } from "../../src/edge.ts";
import { createCounting, type Counting } from "../../src/platform/memory/counting.ts";
import type { Counters } from "../../src/rates.ts";

/** Those who count, in memory. As on the platform, nothing but plain data passes. */
export function counted(now: Edge["now"]): Counters {
  const countings = new Map<number, Counting>();
  return {
    async count(shard, spendings) {
      const counting = countings.get(shard) ?? createCounting(now);
      countings.set(shard, counting);
      return structuredClone(counting.count(structuredClone(spendings)));
    },
  };
}
