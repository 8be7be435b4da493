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
  const indices = Uint32Array.from(directions.keys()).filter((index) => directions[index] !== undefined);
  const given = new Float64Array(3 * directions.length);
  for (const index of indices) given.set(directions[index]!, 3 * index);
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(1, indices.length / bucket)));
  const starts = new Uint32Array(leaves + 1).fill(indices.length);
  const divide = (node: number, from: number, to: number): void => {
    if (node >= leaves) return void (starts[node - leaves] = from);
    const middle = (from + to) >>> 1;
    const part = indices.subarray(from, to);
    halve(part, middle - from, given.subarray(longest(part, given)));
    divide(2 * node, from, middle);
    divide(2 * node + 1, middle, to);
  };
  divide(1, 0, indices.length);
  const coordinates = new Float64Array(3 * indices.length);
  for (let at = 0; at < indices.length; at++) {
    for (let axis = 0; axis < 3; axis++) coordinates[3 * at + axis] = given[3 * indices[at]! + axis]!;
  }
  const placed = { leaves, starts, indices, coordinates };
  return { ...placed, ...enclose(placed), homes: homesOf(placed, directions.length) };
}

/** The axis along which the points reach farthest. */
function longest(indices: Uint32Array, given: Float64Array): number {
  const lengths = [0, 1, 2].map((axis) => {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < indices.length; at++) {
      const place = given[3 * indices[at]! + axis]!;
      if (place < least) least = place;
      if (place > most) most = place;
    }
    return most - least;
  });
  return lengths.indexOf(Math.max(...lengths));
}

/**
 * Moves to the front of the middle what is before all that are behind it (Hoare 1961). What is equal, as all of one place
 * are, is ordered by its index.
 * @param along every third is a coordinate.
 */
function halve(indices: Uint32Array, middle: number, along: Float64Array): void {
  let low = 0;
  let high = indices.length - 1;
  while (low < high) {
    const pivot = indices[(low + high) >>> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (isBefore(indices[left]!, pivot, along)) left++;
      while (isBefore(pivot, indices[right]!, along)) right--;
      if (left > right) break;
      const moved = indices[left]!;
      indices[left++] = indices[right]!;
      indices[right--] = moved;
    }
    if (middle <= right) high = right;
    else if (middle >= left) low = left;
    else return;
  }
}

function isBefore(one: number, other: number, along: Float64Array): boolean {
  const at = along[3 * one]!;
  const otherAt = along[3 * other]!;
  return at === otherAt ? one < other : at < otherAt;
}

type Placed = Pick<Tree, "leaves" | "starts" | "indices" | "coordinates">;

/** The box of each node and the least index in it: first of the leaves, by their points, then of what they are halves of. */
function enclose({ leaves, starts, indices, coordinates }: Placed): Pick<Tree, "boxes" | "least"> {
  const least = new Uint32Array(2 * leaves).fill(2 ** 32 - 1);
  const boxes = new Float64Array(12 * leaves);
  for (let at = 0; at < boxes.length; at++)
    boxes[at] = at % 6 < 3 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  for (let node = 2 * leaves - 1; node > 0; node--) {
    const end = node < leaves ? 0 : starts[node - leaves + 1]!;
    for (let at = node < leaves ? 0 : starts[node - leaves]!; at < end; at++) {
      least[node] = Math.min(least[node]!, indices[at]!);
      widen(boxes, node, { from: coordinates, least: 3 * at, most: 3 * at });
    }
    const parent = node >>> 1;
    least[parent] = Math.min(least[parent]!, least[node]!);
    widen(boxes, parent, { from: boxes, least: 6 * node, most: 6 * node + 3 });
  }
  return { boxes, least };
}

/** By a point, or by another box: where its least x is, and its greatest, before y and z. */
interface Extent {
  readonly from: Float64Array;
  readonly least: number;
  readonly most: number;
}

function widen(boxes: Float64Array, node: number, { from, least, most }: Extent): void {
  for (let axis = 0; axis < 3; axis++) {
    const at = 6 * node + axis;
    boxes[at] = Math.min(boxes[at]!, from[least + axis]!);
    boxes[at + 3] = Math.max(boxes[at + 3]!, from[most + axis]!);
  }
}

function homesOf({ leaves, starts, indices }: Placed, count: number): Uint32Array {
  const homes = new Uint32Array(count);
  for (let leaf = 0; leaf < leaves; leaf++) {
    for (let at = starts[leaf]!; at < starts[leaf + 1]!; at++) homes[indices[at]!] = leaves + leaf;
  }
  return homes;
}
