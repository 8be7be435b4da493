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
  /** The closeness of the last one when there are as many as are wanted. */
  #least = Number.NEGATIVE_INFINITY;

  constructor(tree: Tree, here: Direction, wanted: Wanted) {
    this.#tree = tree;
    this.#here = here;
    this.#wanted = wanted;
  }

  /** First the half that is nearer: then little of the other one is nearer than what was found. */
  visit(node: number): void {
    const { leaves, boxes, least } = this.#tree;
    if (this.#wanted.isClosed?.(node)) return;
    if (node >= leaves) return this.#look(node - leaves);
    const one = 2 * node;
    const other = one + 1;
    const bound = closest(boxes, 6 * one, this.#here);
    const otherBound = closest(boxes, 6 * other, this.#here);
    const isFirst = bound === otherBound ? least[one]! < least[other]! : bound > otherBound;
    if (isFirst && this.#mayEnter(bound, least[one]!)) this.visit(one);
    if (this.#mayEnter(otherBound, least[other]!)) this.visit(other);
    if (!isFirst && this.#mayEnter(bound, least[one]!)) this.visit(one);
  }

  #look(leaf: number): void {
    const { starts, indices, coordinates } = this.#tree;
    const end = starts[leaf + 1]!;
    for (let at = starts[leaf]!; at < end; at++) {
      const near = dot(coordinates, 3 * at, this.#here);
      // Nearly all are out by it already.
      if (near >= this.#least) this.#consider({ index: indices[at]!, closeness: near });
    }
  }

  #consider(one: Neighbour): void {
    const { after, takes } = this.#wanted;
    if (!this.#mayEnter(one.closeness, one.index) || (after && !isBefore(after, one.closeness, one.index))) return;
    if (!takes || takes(one.index)) this.#enter(one);
  }

  /** Whether what is as near, and has such an index, would be among those that were found. */
  #mayEnter(near: number, index: number): boolean {
    if (near !== this.#least) return near > this.#least;
    return index < this.found.at(-1)!.index;
  }

  #enter(one: Neighbour): void {
    const { found } = this;
    let at = Math.min(found.length, this.#wanted.size - 1);
    while (at > 0 && !isBefore(found[at - 1]!, one.closeness, one.index)) found[at] = found[--at]!;
    found[at] = one;
    if (found.length === this.#wanted.size) this.#least = found.at(-1)!.closeness;
  }
}

function isBefore(one: Neighbour, near: number, index: number): boolean {
  return one.closeness > near || (one.closeness === near && one.index < index);
}

/** How close a point of the box that begins at that place can be: its chord is at least as long as the way to the box. */
function closest(boxes: Float64Array, at: number, here: Direction): number {
  const x = outside(here[0], boxes[at]!, boxes[at + 3]!);
  const y = outside(here[1], boxes[at + 1]!, boxes[at + 4]!);
  const z = outside(here[2], boxes[at + 2]!, boxes[at + 5]!);
  return isPlace(boxes, at) ? dot(boxes, at, here) : 1 - (x * x + y * y + z * z) / 2 + rounding;
}

/** Whether all points are in one place: then there is nothing to estimate, and nothing to look into for what is as near. */
function isPlace(boxes: Float64Array, at: number): boolean {
  return boxes[at] === boxes[at + 3] && boxes[at + 1] === boxes[at + 4] && boxes[at + 2] === boxes[at + 5];
}

/** The closeness of the point whose x is at that place. */
function dot(coordinates: Float64Array, at: number, here: Direction): number {
  return here[0] * coordinates[at]! + here[1] * coordinates[at + 1]! + here[2] * coordinates[at + 2]!;
}

/** How far it is from the interval. */
function outside(at: number, least: number, most: number): number {
  if (at < least) return least - at;
  return at > most ? at - most : 0;
}
