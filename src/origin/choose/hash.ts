/** The same key, the same origin: rendezvous hashing (Thaler and Ravishankar 1998), by weight. */
import type { TierState } from "../../fleet.ts";
import { hashOf, mixed, partOf } from "../../http/hash.ts";
import { admission } from "./admission.ts";
import type { Asker, Ranked } from "./policy.ts";

/**
 * Each origin has a number for each key, and the lowest wins. So an origin that leaves takes only its own keys with it, and
 * they spread over all others. The numbers are exponentially distributed by weight, which makes the shares exact.
 */
export function hash(tier: TierState, asker: Asker): readonly Ranked[] {
  const { origins, hashes, weights } = tier;
  const { wanted } = asker;
  const { takes } = admission(tier, asker);
  const key = hashOf(asker.key());
  const ranked: Scored[] = [];
  let worst = Number.POSITIVE_INFINITY;
  for (let index = 0, before = 0; index < origins.length; before = weights[index++]!) {
    const part = partOf(mixed(key ^ hashes[index]!));
    const weight = weights[index]! - before;
    // No logarithm is less than that, and nearly all are out by it already.
    if (1 - part >= worst * weight) continue;
    const score = -Math.log(part) / weight;
    if (score >= worst || !takes(index)) continue;
    insert(ranked, { origin: origins[index]!, score });
    if (ranked.length > wanted) ranked.pop();
    if (ranked.length === wanted) worst = ranked.at(-1)!.score;
  }
  return ranked.map(({ origin }) => ({ origin }));
}

interface Scored extends Ranked {
  readonly score: number;
}

function insert(ranked: Scored[], one: Scored): void {
  let at = ranked.length;
  while (at > 0 && ranked[at - 1]!.score > one.score) at--;
  ranked.splice(at, 0, one);
}
