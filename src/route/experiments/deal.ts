/** Who takes part in an experiment, and who sees what of it: always the same for the same client, by hashes alone. */
import type { Experiment, Variant } from "../../config/experiments.ts";
import { hashOf, partOf } from "../../http/hash.ts";

/** The beginning of the range: who is in it stays there when the share grows, and who comes in when it does goes first when it shrinks. */
export function takesPart(client: string, { name, share }: Pick<Experiment, "name" | "share">): boolean {
  return share === 1 || partOf(hashOf(`${name} ${client}`)) < share;
}

/**
 * Rendezvous hashing by weight (Thaler and Ravishankar 1998): each variant has an exponentially distributed number for each
 * client, of a rate that is its weight, and the lowest wins. So a client goes from one variant to another only when the weight
 * of the other has grown beside that of the one; where a single weight changes, just what that variant wins or loses moves, and of
 * several, at most twice what would have to: fewer than that no hash can promise for all weights (Bavarian et al. 2016).
 *
 * By the experiment's name, too, so that one says nothing of what a client sees of another.
 */
export function variantFor(client: string, { name, variants }: Pick<Experiment, "name" | "variants">): Variant {
  let won = variants[0]!;
  let least = Number.POSITIVE_INFINITY;
  for (const variant of variants) {
    if (variant.weight === 0) continue;
    const number = -Math.log(partOf(hashOf(`${name} ${variant.name} ${client}`))) / variant.weight;
    if (number < least) [won, least] = [variant, number];
  }
  return won;
}
