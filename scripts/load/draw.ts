/** Chance that a seed decides: the same draw always comes to the same. */
import { hashOf, partOf } from "../../src/http/hash.ts";

/** Above 0 and below 1, by the seed and what is drawn. */
export function draw(seed: number, what: string): number {
  return partOf(hashOf(`${seed}/${what}`));
}

/** In an order that the seed decides. */
export function shuffled<T>(items: readonly T[], seed: number, what: string): readonly T[] {
  return items
    .map((item, index) => ({ item, at: draw(seed, `${what}/${index}`) }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
