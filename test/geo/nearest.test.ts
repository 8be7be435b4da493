import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closeness, directionOf, type Direction } from "../../src/geo/distance.ts";
import { nearestOf, type Neighbour, type Wanted } from "../../src/geo/nearest.ts";
import type { Position } from "../../src/geo/position.ts";
import { newTree, type Tree } from "../../src/geo/tree.ts";

const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const anywhere: fc.Arbitrary<Position> = fc.tuple(degrees(90), degrees(180));

/** Many are in one place, or as far away as others. */
const onGrid: fc.Arbitrary<Position> = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.integer({ min: -2, max: 2 }));

const place = fc.oneof(anywhere, onGrid);
const places = fc.oneof(
  ...[anywhere, onGrid, place].map((each) => fc.array(fc.option(each, { nil: undefined }), { maxLength: 300 })),
);

const toDirections = (positions: readonly (Position | undefined)[]): (Direction | undefined)[] =>
  positions.map((each) => each && directionOf(each));

/** All that are there, in order. */
function sorted(directions: readonly (Direction | undefined)[], here: Direction): Neighbour[] {
  const all = directions.flatMap((each, index) => (each ? [{ index, closeness: closeness(here, each) }] : []));
  return all.toSorted((one, other) => other.closeness - one.closeness || one.index - other.index);
}

function pointsIn(tree: Tree, node: number): readonly number[] {
  if (node < tree.leaves) return [...pointsIn(tree, 2 * node), ...pointsIn(tree, 2 * node + 1)];
  return [...tree.indices.subarray(tree.starts[node - tree.leaves], tree.starts[node - tree.leaves + 1])];
}

test("what a sort of all finds, also behind the one that was found last", () => {
  fc.assert(
    fc.property(places, place, fc.nat(20), fc.nat(40), (positions, from, size, skipped) => {
      const directions = toDirections(positions);
      const here = directionOf(from);
      const all = sorted(directions, here);
      const wanted: Wanted = { size, after: skipped === 0 ? undefined : all[skipped - 1] };
      const expected = skipped > all.length ? all.slice(0, size) : all.slice(skipped, skipped + size);
      expect(nearestOf(newTree(directions), here, wanted)).toEqual(expected);
    }),
  );
});

test("the same where points are so close to each other that arithmetic hardly tells them apart", () => {
  const step = fc.integer({ min: -1_000, max: 1_000 });
  const steps = fc.array(fc.tuple(step, step), { minLength: 100, maxLength: 300 });
  fc.assert(
    fc.property(fc.tuple(degrees(89), degrees(179)), steps, ([latitude, longitude], [first, ...others]) => {
      const [here, ...directions] = [first!, ...others].map(([y, x]) =>
        directionOf([latitude + y * 1e-9, longitude + x * 1e-9]),
      );
      const expected = sorted(directions, here!).slice(0, 8);
      expect(nearestOf(newTree(directions), here!, { size: 8 })).toEqual(expected);
    }),
  );
});

test("of those that will do, whatever else is there; and what is closed isn't looked into", () => {
  fc.assert(
    fc.property(places, place, fc.nat(20), fc.infiniteStream(fc.boolean()), (positions, from, size, chance) => {
      const directions = toDirections(positions);
      const here = directionOf(from);
      const will = new Set([...directions.keys()].filter(() => chance.next().value));
      const tree = newTree(directions);
      const asked = new Set<number>();
      const takes = (index: number): boolean => Boolean(asked.add(index)) && will.has(index);
      const expected = sorted(directions, here)
        .filter(({ index }) => will.has(index))
        .slice(0, size);
      expect(nearestOf(tree, here, { size, takes })).toEqual(expected);
      asked.clear();
      const isClosed = (node: number): boolean => pointsIn(tree, node).every((index) => !will.has(index));
      expect(nearestOf(tree, here, { size, takes, isClosed })).toEqual(expected);
      const open = Array.from({ length: tree.leaves }, (_, leaf) => tree.leaves + leaf).filter(
        (node) => !isClosed(node),
      );
      const inOpen = new Set(open.flatMap((node) => pointsIn(tree, node)));
      expect([...asked].filter((index) => !inOpen.has(index))).toEqual([]);
    }),
  );
});

describe("a tree", () => {
  test("has every point once, in the leaf that is its home and in boxes that hold it", () => {
    fc.assert(
      fc.property(places, (positions) => {
        const directions = toDirections(positions);
        const tree = newTree(directions);
        const placed = [...directions.keys()].filter((index) => directions[index]);
        expect([...tree.indices].toSorted((one, other) => one - other)).toEqual(placed);
        for (const index of directions.keys()) {
          const home = tree.homes[index]!;
          expect(home > 0).toBe(directions[index] !== undefined);
          for (let node = home; node > 0; node >>= 1) {
            expect(pointsIn(tree, node)).toContain(index);
            expect(tree.least[node]).toBe(Math.min(...pointsIn(tree, node)));
            const box = tree.boxes.subarray(6 * node, 6 * node + 6);
            for (const [axis, at] of directions[index]!.entries()) {
              expect(box[axis]! <= at && at <= box[axis + 3]!).toBe(true);
            }
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  // Ten thousand in a few places is what origins look like whose config says in which country they are.
  test.each([
    ["anywhere", 10_000, 0],
    ["around ten towns", 10, 1e-5],
    ["in ten places", 10, 0],
    ["in one place", 1, 0],
  ])("of 10,000 points %s few nodes are entered", (_, distinct, step) => {
    const directions = Array.from({ length: 10_000 }, (_each, index) => {
      const [y, x] = [index % distinct, Math.floor(index / distinct)];
      const latitude = (Math.asin(((2 * y + 1) / distinct - 1) * 0.999) * 180) / Math.PI;
      return directionOf([latitude + step * (x % 31), ((y * 222.49) % 180) + step * Math.floor(x / 31)]);
    });
    for (const from of [
      [50, 8],
      [-40, 170],
    ] as const) {
      const here = directionOf(from);
      const entered: number[] = [];
      const found = nearestOf(newTree(directions), here, { size: 8, isClosed: (node) => entered.push(node) === 0 });
      expect(found).toEqual(sorted(directions, here).slice(0, 8));
      expect(entered.length).toBeLessThan(80);
    }
  });
});
