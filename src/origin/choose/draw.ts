/** Drawing origins by their weights, without going through all of them. */
import type { TierState } from "../../pool.ts";
import type { Admission } from "./admission.ts";

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
 * The indices of admitted origins, none twice, at most `count`, each of those that are left as likely as its weight says. The exact
 * shares are those of the first.
 * @param place gives places from 0 up to the sum of all weights.
 */
export function draw(tier: TierState, { takes }: Pick<Admission, "takes">, { count, place }: Drawing): number[] {
  const { length } = tier.origins;
  const drawn = new Set<number>();
  for (let draws = 0; draws < mostDraws && drawn.size < Math.min(count, length); draws++) {
    const index = atWeight(tier, place());
    if (!drawn.has(index) && takes(index)) drawn.add(index);
  }
  const from = drawn.size < count ? atWeight(tier, place()) : 0;
  for (let step = 0; step < length && drawn.size < count; step++) {
    const index = (from + step) % length;
    if (!drawn.has(index) && takes(index)) drawn.add(index);
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
