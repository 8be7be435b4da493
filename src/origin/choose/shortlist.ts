/** Of many origins, the few that come into question. */
import type { Origin } from "../../config/upstream.ts";
import type { OriginState, TierState } from "../../fleet.ts";
import { directionOf, type Direction } from "../../geo/distance.ts";
import { nearestOf, type Neighbour, type Wanted } from "../../geo/nearest.ts";
import { newTree, type Tree } from "../../geo/tree.ts";
import type { Admission } from "./admission.ts";

/** One that comes into question. */
export interface Contender {
  readonly origin: Origin;
  readonly state: OriginState;
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
export function shortlist(tier: TierState, admitted: Admission, { here, size }: Selection): readonly Contender[] {
  const { origins, unplaced } = tier;
  const tree = here && treeOf(tier);
  const near = tree ? nearestPlaced(tree, admitted, { here, size }) : [];
  const toContender = (index: number, closeness?: number): Contender => ({
    origin: origins[index]!,
    state: admitted.state(index),
    closeness,
  });
  const list = near.map(({ index, closeness }) => toContender(index, closeness));
  const others = tree ? unplaced : origins.keys();
  for (const index of others) {
    if (list.length >= size) break;
    if (admitted.takes(index)) list.push(toContender(index));
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

/**
 * Mostly the nearest are admitted, and nobody else is asked. If some aren't, those behind them come next that aren't known to
 * be out; and if some of these aren't admitted either, all others are asked as they are met.
 */
function nearestPlaced(tree: Tree, admitted: Admission, { here, size }: Required<Selection>): readonly Neighbour[] {
  const { takes, isOut, isClosed } = admitted;
  const taken: Neighbour[] = [];
  const looks: readonly Omit<Wanted, "size">[] = [{}, { isClosed, takes: (index) => !isOut(index) }];
  let after: Neighbour | undefined;
  for (const look of looks) {
    const missing = size - taken.length;
    const found = nearestOf(tree, here!, { ...look, size: missing, after });
    for (const each of found) if (takes(each.index)) taken.push(each);
    if (taken.length === size || found.length < missing) return taken;
    after = found.at(-1);
  }
  return [...taken, ...nearestOf(tree, here!, { size: size - taken.length, after, isClosed, takes })];
}
