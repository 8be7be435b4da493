/** What visitors ask for: when, where, and which of the objects. */
import { createChance, createDraw, factorOfMeanOne, lognormal, type Chance } from "./chance.ts";
import type { Location } from "./planet.ts";

export interface Demand {
  /** Moves on to the next visit. The same object each time. */
  readonly next: () => Coming;
  readonly objects: readonly Kind[];
}

/** The next visit. */
export interface Coming {
  /** Milliseconds since the beginning. */
  at: number;
  location: number;
  /** Its key. */
  object: number;
  /** How long trips and work take for it, in times of what is usual: wherever it is sent, so that the best can be told. */
  luck: { trip: number; work: number };
}

/** What many objects have in common. */
export interface Kind {
  readonly cacheControl: string;
  readonly bytes: number;
}

/** How many objects there are, and how unevenly they are asked for: the n-th most wanted as often as 1/n^s (Zipf). */
const objectCount = 20_000;
const steepness = 1;

/** What origins say of objects, and of how many. */
const lifetimes: readonly (readonly [cacheControl: string, share: number])[] = [
  ["private, no-store", 0.05],
  ["max-age=60, stale-while-revalidate=60", 0.2],
  ["max-age=600, stale-if-error=3600", 0.4],
  ["max-age=86400", 0.35],
];

/** Bytes in the median, how they differ, and the sizes that are told apart. */
const size = { median: 10_000, sigma: 1.2, kinds: 64 };

/** How much trips and work vary from one request to the next. */
const varying = { trip: 0.15, work: 0.5 };

export interface DemandOptions {
  readonly seed: number;
  readonly locations: readonly Location[];
  /** Visits a millisecond. */
  readonly rate: number;
}

export function createDemand({ seed, locations, rate }: DemandOptions): Demand {
  const chance = createChance(seed, 2);
  const drawLocation = createDraw(
    locations.map(({ share }) => share),
    chance,
  );
  const popularity = Float64Array.from({ length: objectCount }, (_, rank) => 1 / (rank + 1) ** steepness);
  const drawObject = createDraw(popularity, chance);
  const coming: Coming = { at: 0, location: 0, object: 0, luck: { trip: 1, work: 1 } };
  return {
    objects: drawKinds(createChance(seed, 3)),
    next() {
      coming.at += chance.exponential() / rate;
      coming.location = drawLocation();
      coming.object = drawObject();
      coming.luck = { trip: factorOfMeanOne(chance, varying.trip), work: factorOfMeanOne(chance, varying.work) };
      return coming;
    },
  };
}

/** Of each object, its kind. */
function drawKinds(chance: Chance): Kind[] {
  const sizes = Array.from({ length: size.kinds }, () => Math.round(lognormal(chance, size.median, size.sigma)));
  const kinds = lifetimes.map(([cacheControl]) => sizes.map((bytes): Kind => ({ cacheControl, bytes })));
  const drawLifetime = createDraw(
    lifetimes.map(([, share]) => share),
    chance,
  );
  return Array.from({ length: objectCount }, () => kinds[drawLifetime()]![Math.floor(chance.uniform() * size.kinds)]!);
}
