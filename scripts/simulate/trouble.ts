/** What goes wrong on the planet, and when: the origins of one region at a time. */
import { closeness, directionOf } from "../../src/geo/distance.ts";
import { createChance, createDraw } from "./chance.ts";
import type { Planet } from "./planet.ts";

export type Kind =
  | "refuse" // nobody listens: it is known after a trip
  | "stall" // it takes the request, and says nothing
  | "fail" // it answers 503 at once
  | "detour"; // all paths there take three times as long

export interface Trouble {
  readonly kind: Kind;
  /** Milliseconds since the beginning. */
  readonly from: number;
  readonly until: number;
  /** Indices of the origins that have it. */
  readonly origins: ReadonlySet<number>;
}

/** When each comes, and for how long, as shares of the run: between them, all is well for as long again. */
const timetable: readonly (readonly [Kind, from: number, until: number])[] = [
  ["refuse", 0.2, 0.3],
  ["stall", 0.4, 0.5],
  ["fail", 0.6, 0.7],
  ["detour", 0.8, 0.9],
];

/** Of all origins, those in a region that it befalls. */
const share = 1 / 8;

/** How many times as long paths are in a detour. */
export const detourFactor = 3;

/** Each befalls a region that has visitors. @param length of the run, in milliseconds. */
export function planTroubles(
  { locations, origins, quickest }: Planet,
  length: number,
  seed: number,
): readonly Trouble[] {
  const shares = locations.map(({ share }) => share);
  const drawLocation = createDraw(shares, createChance(seed, 1));
  const directions = origins.map(({ at }) => directionOf(at));
  return timetable.map(([kind, from, until]) => {
    const centre = directions[quickest[drawLocation()]![0]!]!;
    const nearest = [...origins.keys()].toSorted(
      (one, other) => closeness(centre, directions[other]!) - closeness(centre, directions[one]!),
    );
    const region = new Set(nearest.slice(0, Math.max(1, Math.round(origins.length * share))));
    return { kind, from: from * length, until: until * length, origins: region };
  });
}

/** Which of them an origin has at a time. */
export type Troubles = (origin: number, at: number) => Kind | undefined;

export function lookUpTroubles(troubles: readonly Trouble[]): Troubles {
  return (origin, at) =>
    troubles.find(({ from, until, origins }) => at >= from && at < until && origins.has(origin))?.kind;
}
