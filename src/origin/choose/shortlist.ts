/** Of many origins, the few that come into question. */
import type { Origin } from "../../config/upstream.ts";
import type { TierState } from "../../fleet.ts";
import { directionOf, type Direction } from "../../geo/distance.ts";
import { nearestOf, type Neighbour } from "../../geo/nearest.ts";
import { newTree, type Tree } from "../../geo/tree.ts";
import { admission, type Admission } from "./admission.ts";
import type { Asker } from "./policy.ts";

/** One that comes into question. */
export interface Contender {
  readonly origin: Origin;
  /** Cosine of the angle between it and the client; undefined when the place of one of them isn't known. */
  readonly closeness: number | undefined;
}

interface Selection {
  readonly here: Direction | undefined;
  readonly size: number;
}

/**
 * The nearest to `here`, at most `size`, in order, what is equal and of one place in the order of the config; then, in that
 * order too, those whose place isn't known, which are all when the client's isn't.
 */
export function shortlist(tier: TierState, asker: Asker, { here, size }: Selection): readonly Contender[] {
  const { origins, unplaced } = tier;
  const tree = here && treeOf(tier);
  const admitted = admission(tier, asker);
  const near = tree ? nearestPlaced(tree, admitted, { here, size }) : [];
  const list: Contender[] = near.map(({ index, closeness }) => ({ origin: origins[index]!, closeness }));
  const others = tree ? unplaced : origins.keys();
  for (const index of others) {
    if (list.length >= size) break;
    if (admitted.takes(index)) list.push({ origin: origins[index]!, closeness: undefined });
  }
  return list;
}

/** Made when somebody's place is known for the first time. */
function treeOf(tier: TierState): Tree {
  if (tier.tree) return tier.tree;
  tier.tree = newTree(tier.origins.map(({ at }) => at && directionOf(at)));
  tier.outs.nodes = new Float64Array(2 * tier.tree.leaves);
  // What was known before isn't known of any node.
  tier.outs.origins.fill(0);
  return tier.tree;
}

/** Mostly the nearest are admitted, and nobody else is asked. If some aren't, those behind them are asked as they are met. */
function nearestPlaced(tree: Tree, admitted: Admission, { here, size }: Required<Selection>): readonly Neighbour[] {
  const nearest = nearestOf(tree, here!, { size });
  const taken = nearest.filter(({ index }) => admitted.takes(index));
  if (taken.length === nearest.length || nearest.length < size) return taken;
  return [...taken, ...nearestOf(tree, here!, { ...admitted, size: size - taken.length, after: nearest.at(-1) })];
}
