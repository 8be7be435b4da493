/** Drawing origins by their weights, without going through all of them. */
import type { Origin } from "../../config/upstream.ts";
import type { TierState } from "../../fleet.ts";
import type { Asker } from "./policy.ts";

/** The index of the origin that has that place, from 0 up to the sum of all weights. */
export function atWeight({ weights }: TierState, place: number): number {
  let [low, high] = [0, weights.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (place < weights[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** After as many draws in vain, what is next in the config is taken: only who comes after the first is then uneven. */
const mostDraws = 32;

/**
 * Admitted origins, none twice, at most `count`, each of those that are left as likely as its weight says. The exact
 * shares are those of the first.
 * @param place gives places from 0 up to the sum of all weights.
 */
export function draw(tier: TierState, { admits }: Pick<Asker, "admits">, { count, place }: Drawing): Origin[] {
  const { origins } = tier;
  const drawn = new Set<Origin>();
  for (let draws = 0; draws < mostDraws && drawn.size < Math.min(count, origins.length); draws++) {
    const origin = origins[atWeight(tier, place())]!;
    if (!drawn.has(origin) && admits(origin)) drawn.add(origin);
  }
  const from = atWeight(tier, place());
  for (let step = 0; step < origins.length && drawn.size < count; step++) {
    const origin = origins[(from + step) % origins.length]!;
    if (!drawn.has(origin) && admits(origin)) drawn.add(origin);
  }
  return [...drawn];
}

interface Drawing {
  readonly count: number;
  readonly place: () => number;
}

/** Places by chance. */
export function byChance({ weights }: TierState, random: () => number): () => number {
  const sum = weights.at(-1)!;
  return () => random() * sum;
}
