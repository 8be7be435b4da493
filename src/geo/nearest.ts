/** The points of a tree that are nearest to a place. */
import type { Direction } from "./distance.ts";
import type { Tree } from "./tree.ts";

/** A point that was found. */
export interface Neighbour {
  /** Which it is of those that the tree was made of. */
  readonly index: number;
  /** Cosine of the angle between it and the place. */
  readonly closeness: number;
}

/** What is looked for. */
export interface Wanted {
  /** At most so many. */
  readonly size: number;
  /** Only what comes after this one. */
  readonly after?: Neighbour | undefined;
  /** Whether a point will do, by its index. Asked only of those that nothing better is known to be in the place of. */
  readonly takes?: (index: number) => boolean;
  /** Whether nothing in that node will do. */
  readonly isClosed?: (node: number) => boolean;
}

/** In order, the nearest first, and what is as near by index: what a sort of all points that will do has in front. */
export function nearestOf(tree: Tree, here: Direction, wanted: Wanted): readonly Neighbour[] {
  const search = new Search(tree, here, wanted);
  if (wanted.size > 0) search.visit(1);
  return search.found;
}

/** What arithmetic may get wrong in how close a box is: no point in it may seem closer than the box. */
const rounding = 1e-12;

class Search {
  readonly found: Neighbour[] = [];
  readonly #tree: Tree;
  readonly #here: Direction;
  readonly #wanted: Wanted;

  constructor(tree: Tree, here: Direction, wanted: Wanted) {
    this.#tree = tree;
    this.#here = here;
    this.#wanted = wanted;
  }

  /** First the half that is nearer: then little of the other one is nearer than what was found. */
  visit(node: number): void {
    const { leaves, least, boxes } = this.#tree;
    if (this.#wanted.isClosed?.(node)) return;
    if (node >= leaves) return this.#look(node - leaves);
    let [first, second] = [2 * node, 2 * node + 1];
    let [bound, farther] = [closest(boxes, 6 * first, this.#here), closest(boxes, 6 * second, this.#here)];
    if (bound < farther || (bound === farther && least[first]! > least[second]!)) {
      [first, second] = [second, first];
      [bound, farther] = [farther, bound];
    }
    if (this.#mayEnter(bound, least[first]!)) this.visit(first);
    if (this.#mayEnter(farther, least[second]!)) this.visit(second);
  }

  #look(leaf: number): void {
    const { starts, indices, coordinates } = this.#tree;
    const { after, takes } = this.#wanted;
    const end = starts[leaf + 1]!;
    for (let at = starts[leaf]!; at < end; at++) {
      const near = dot(coordinates, 3 * at, this.#here);
      const index = indices[at]!;
      if (!this.#mayEnter(near, index) || (after && !isBefore(after, near, index))) continue;
      if (!takes || takes(index)) this.#enter({ index, closeness: near });
    }
  }

  /** Whether what is as near, and has such an index, would be among those that were found. */
  #mayEnter(near: number, index: number): boolean {
    const { length } = this.found;
    return length < this.#wanted.size || !isBefore(this.found[length - 1]!, near, index);
  }

  #enter(one: Neighbour): void {
    const { found } = this;
    let at = Math.min(found.length, this.#wanted.size - 1);
    while (at > 0 && !isBefore(found[at - 1]!, one.closeness, one.index)) found[at] = found[--at]!;
    found[at] = one;
  }
}

function isBefore(one: Neighbour, near: number, index: number): boolean {
  return one.closeness > near || (one.closeness === near && one.index < index);
}

/** The closeness of the point whose x is at that place. */
function dot(coordinates: Float64Array, at: number, here: Direction): number {
  return here[0] * coordinates[at]! + here[1] * coordinates[at + 1]! + here[2] * coordinates[at + 2]!;
}

/** How close a point of the box that begins at that place can be: its chord is at least as long as the way to the box. */
function closest(boxes: Float64Array, at: number, here: Direction): number {
  let [squared, size] = [0, 0];
  for (let axis = 0; axis < 3; axis++) {
    const [place, least, most] = [here[axis]!, boxes[at + axis]!, boxes[at + axis + 3]!];
    const apart = place < least ? least - place : Math.max(0, place - most);
    squared += apart * apart;
    size += most - least;
  }
  // Where all points are in one place there is nothing to estimate, and nothing to look into for what is as near.
  return size === 0 ? dot(boxes, at, here) : 1 - squared / 2 + rounding;
}
