/** Of many origins, the few that come into question. */
import type { Origin } from "../../config/upstream.ts";
import type { OriginState } from "../../origin-state.ts";
import type { TierState } from "../../pool.ts";
import { directionOf, type Direction } from "../../geo/distance.ts";
import { nearestOf, type Neighbour } from "../../geo/nearest.ts";
import { newTree, type Tree } from "../../geo/tree.ts";
import type { Admission } from "./admission.ts";

/** One that comes into question. */
export interface Contender {
  /** In its tier. */
  readonly index: number;
  readonly origin: Origin;
  readonly state: OriginState;
  /** Cosine of the angle between it and the client; undefined when the place of one of them isn't known. */
  readonly closeness: number | undefined;
}

/** Those that come into question, in order. */
export interface Shortlist {
  readonly list: readonly Contender[];
  /** How many are out of the nearest, which would be as many. */
  readonly outs: number;
}

interface Selection {
  readonly here: Direction | undefined;
  readonly size: number;
}

/**
 * The nearest to `here`, at most `size`, in order, what is equal and of one place in the order of the config; then, in that
 * order too, those whose place isn't known, which are all when the client's isn't.
 */
export function shortlist(tier: TierState, admitted: Admission, { here, size }: Selection): Shortlist {
  const { origins, unplaced } = tier;
  const tree = here && treeOf(tier);
  const { near, outs } = tree ? nearestPlaced(tree, admitted, { here, size }) : { near: [], outs: 0 };
  const toContender = (index: number, closeness?: number): Contender => ({
    index,
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
  return { list, outs };
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

interface Nearby extends Pick<Shortlist, "outs"> {
  readonly near: readonly Neighbour[];
}

/** Mostly the nearest are admitted, and nobody else is asked. */
function nearestPlaced(tree: Tree, admitted: Admission, { here, size }: Required<Selection>): Nearby {
  const first = nearestOf(tree, here!, { size });
  const near = first.filter(({ index }) => admitted.takes(index));
  if (near.length === first.length) return { near, outs: 0 };
  const outs = first.filter((each) => !near.includes(each) && admitted.isOutOfUse(each.index)).length;
  if (first.length < size) return { near, outs };
  const further = furtherOn(tree, admitted, { here: here!, size: size - near.length, after: first.at(-1)! });
  return { near: [...near, ...further], outs };
}

/** Next come those that aren't known to be out; and if some of these aren't admitted either, all others are asked as they are met. */
function furtherOn(tree: Tree, { takes, isOut, isClosed }: Admission, { here, size, after }: Further) {
  const found = nearestOf(tree, here, { size, after, isClosed, takes: (index) => !isOut(index) });
  const near = found.filter(({ index }) => takes(index));
  if (near.length === size || found.length < size) return near;
  const missing = size - near.length;
  return [...near, ...nearestOf(tree, here, { size: missing, after: found.at(-1), isClosed, takes })];
}

interface Further {
  readonly here: Direction;
  readonly size: number;
  readonly after: Neighbour;
}
