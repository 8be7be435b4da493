/** The same key, the same origin: rendezvous hashing (Thaler and Ravishankar 1998), by weight. */
import type { Hashed, TierState } from "../../pool.ts";
import { hashOf, paired, partOf } from "../../http/hash.ts";
import { admission } from "./admission.ts";
import type { Asker, Ranked } from "./policy.ts";

/**
 * Each origin has a number for each key, and the lowest wins. So an origin that leaves takes only its own keys with it, and
 * they spread over all others. The numbers are exponentially distributed by weight, which makes the shares exact.
 */
export function hash(tier: TierState, asker: Asker): readonly Ranked[] {
  const { takes } = admission(tier, asker);
  const key = hashOf(asker.key());
  const best = new Best(asker.wanted);
  for (const { weight, indices, hashes } of hashedOf(tier)) {
    let least = best.leastHash(weight);
    for (let at = 0; at < hashes.length; at++) {
      const number = paired(key, hashes[at]!);
      // Nearly all are out by it already, without a logarithm.
      if (number < least) continue;
      const one = { index: indices[at]!, score: -Math.log(partOf(number)) / weight };
      if (one.score >= best.worst || !takes(one.index)) continue;
      best.enter(one);
      least = best.leastHash(weight);
    }
  }
  return best.list.map(({ index }) => ({ origin: tier.origins[index]! }));
}

interface Scored {
  readonly index: number;
  readonly score: number;
}

/** The lowest scores so far. */
class Best {
  readonly list: Scored[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** The score that a further one has to be below. */
  get worst(): number {
    return this.list[this.#size - 1]?.score ?? Number.POSITIVE_INFINITY;
  }

  /** Below it, a hash makes a score that is too high for that weight. Rounded so that it is right. */
  leastHash(weight: number): number {
    return Math.exp(-this.worst * weight) * 2 ** 32 - 1;
  }

  enter(one: Scored): void {
    const { list } = this;
    let at = Math.min(list.length, this.#size - 1);
    while (at > 0 && list[at - 1]!.score > one.score) list[at] = list[--at]!;
    list[at] = one;
  }
}

/** Laid out when somebody hashes for the first time. */
function hashedOf(tier: TierState): readonly Hashed[] {
  const { origins } = tier;
  const byWeight = (): Hashed[] =>
    [...Map.groupBy(origins.keys(), (index) => origins[index]!.weight)].map(([weight, indices]) => ({
      weight,
      indices: Uint32Array.from(indices),
      hashes: Int32Array.from(indices, (index) => hashOf(origins[index]!.name)),
    }));
  return (tier.hashed ??= byWeight());
}
