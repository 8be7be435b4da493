/**
 * Places on a sphere, laid out so that the nearest of thousands are found by looking at some dozens: a k-d tree (Bentley 1975)
 * in typed arrays. `nearest.ts` searches it.
 */
import type { Direction } from "./distance.ts";

/**
 * Nodes are numbered from the root, which is 1; the halves of node n are the nodes 2n and 2n + 1. The last ones are leaves,
 * which have the points.
 */
export interface Tree {
  /** How many leaves: a power of two, which is also the number of the first. */
  readonly leaves: number;
  /** Where the points of each leaf begin; after the last one, where they end. */
  readonly starts: Uint32Array;
  /** Of each point: which it is of those that the tree was made of. */
  readonly indices: Uint32Array;
  /** Of each point: x, y and z. */
  readonly coordinates: Float64Array;
  /** Of each node: the least x, y and z of its points, then the greatest. */
  readonly boxes: Float64Array;
  /** Of each node: the least index of its points. */
  readonly least: Uint32Array;
  /** By index: the leaf that has it; 0 where none does. */
  readonly homes: Uint32Array;
}

/** As many points at most are in a leaf. */
const bucket = 16;

/** Of the directions there are; where one is undefined, its index isn't in the tree. */
export function newTree(directions: readonly (Direction | undefined)[]): Tree {
  const given = Float64Array.from(directions.flatMap((each) => each ?? [0, 0, 0]));
  const indices = Uint32Array.from(directions.keys()).filter((index) => directions[index] !== undefined);
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(1, indices.length / bucket)));
  const starts = new Uint32Array(leaves + 1).fill(indices.length);
  const boxes = new Float64Array(2 * leaves * 6);
  const least = new Uint32Array(2 * leaves);
  const homes = new Uint32Array(directions.length);
  const divide = (node: number, from: number, to: number): void => {
    const part = indices.subarray(from, to);
    const box = boxes.subarray(6 * node, 6 * node + 6);
    enclose(part, given, box);
    least[node] = part.reduce((one, other) => Math.min(one, other), directions.length);
    if (node >= leaves) {
      starts[node - leaves] = from;
      for (const index of part) homes[index] = node;
      return;
    }
    const middle = part.length >>> 1;
    halve(part, middle, orderAlong(widest(box), given));
    divide(2 * node, from, from + middle);
    divide(2 * node + 1, from + middle, to);
  };
  divide(1, 0, indices.length);
  const coordinates = new Float64Array(3 * indices.length);
  indices.forEach((index, at) => coordinates.set(given.subarray(3 * index, 3 * index + 3), 3 * at));
  return { leaves, starts, indices, coordinates, boxes, least, homes };
}

/** Makes the box the smallest that has all of these points in it. */
function enclose(indices: Uint32Array, given: Float64Array, box: Float64Array): void {
  box.fill(Number.POSITIVE_INFINITY, 0, 3).fill(Number.NEGATIVE_INFINITY, 3);
  for (const index of indices) {
    for (let axis = 0; axis < 3; axis++) {
      const at = given[3 * index + axis]!;
      if (at < box[axis]!) box[axis] = at;
      if (at > box[axis + 3]!) box[axis + 3] = at;
    }
  }
}

/** The axis along which the box is longest. */
function widest(box: Float64Array): number {
  const lengths = [0, 1, 2].map((axis) => box[axis + 3]! - box[axis]!);
  return lengths.indexOf(Math.max(...lengths));
}

type IsBefore = (one: number, other: number) => boolean;

/** Along the axis; those that are equal there, as all of one place are, by their indices. */
function orderAlong(axis: number, given: Float64Array): IsBefore {
  return (one, other) => {
    const [at, otherAt] = [given[3 * one + axis]!, given[3 * other + axis]!];
    return at === otherAt ? one < other : at < otherAt;
  };
}

/** Moves to the front of the middle what is before all that are behind it (Hoare 1961). */
function halve(indices: Uint32Array, middle: number, isBefore: IsBefore): void {
  let [low, high] = [0, indices.length - 1];
  while (low < high) {
    const pivot = indices[(low + high) >>> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (isBefore(indices[left]!, pivot)) left++;
      while (isBefore(pivot, indices[right]!)) right--;
      if (left <= right) swap(indices, left++, right--);
    }
    if (middle <= right) high = right;
    else if (middle >= left) low = left;
    else return;
  }
}

function swap(indices: Uint32Array, one: number, other: number): void {
  const moved = indices[one]!;
  indices[one] = indices[other]!;
  indices[other] = moved;
}
