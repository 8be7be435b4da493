import fc from "fast-check";
import { expect, test } from "vitest";
import { closeness, directionOf } from "../../src/geo/distance.ts";
import type { Position } from "../../src/geo/position.ts";
import { haversine } from "./haversine.ts";

const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
const position: fc.Arbitrary<Position> = fc.tuple(degrees(90), degrees(180));
const near = (a: Position, b: Position): number => closeness(directionOf(a), directionOf(b));

test("what is closer is what the haversine formula finds nearer", () => {
  fc.assert(
    fc.property(position, position, position, (here, one, other) => {
      const [toOne, toOther] = [haversine(here, one), haversine(here, other)];
      fc.pre(Math.abs(toOne - toOther) > 0.1);
      expect(near(here, one) > near(here, other)).toBe(toOne < toOther);
    }),
  );
});

test("the same place is at 1, the other side of the Earth at -1, a quarter of the way round at 0", () => {
  expect(near([50, 10], [50, 10])).toBeCloseTo(1, 12);
  expect(near([50, 10], [-50, -170])).toBeCloseTo(-1, 12);
  expect(near([0, 0], [0, 90])).toBeCloseTo(0, 12);
});

test("the date line parts nothing, and at a pole every longitude is the same", () => {
  expect(near([0, 179.9], [0, -179.9])).toBeGreaterThan(near([0, 179.9], [0, 179.0]));
  expect(near([90, 0], [90, 123])).toBeCloseTo(1, 12);
});
