/** A planet: where edge locations and origins are, how long it takes from one to the other, and how much origins can do. */
import { closeness, directionOf, kilometres } from "../../src/geo/distance.ts";
import { locations as knownLocations } from "../../src/geo/locations.ts";
import type { Position } from "../../src/geo/position.ts";
import { createChance, lognormal, type Chance } from "./chance.ts";

export interface Planet {
  readonly locations: readonly Location[];
  readonly origins: readonly Backend[];
  /** Location by location, of each origin: milliseconds there and back, as it usually is. */
  readonly trips: Float64Array;
  /** For each location, the origins by trip and work, the quickest first. */
  readonly quickest: readonly Uint32Array[];
}

export interface Location {
  /** IATA airport code. */
  readonly code: string;
  readonly at: Position;
  /** Its part of all visits. */
  readonly share: number;
}

/** An origin, as it really is. */
export interface Backend {
  readonly name: string;
  readonly at: Position;
  /** Milliseconds that it works on an answer, on average. */
  readonly work: number;
  /** As many at a time; further requests wait. */
  readonly workers: number;
}

export interface PlanetOptions {
  readonly seed: number;
  readonly locations: number;
  readonly origins: number;
  /** Requests a second to all origins together for which the operator has planned. */
  readonly planned: number;
}

/** Milliseconds there and back for each 1,000 km in glass, without any detour. */
const perThousandKilometres = 10;

/** The last mile, the handshake's remains and the edge's own work. */
const least = 2;

/** No path is as straight as the great circle: by so much longer at least, and in the median. */
const detour = { least: 1.1, more: 0.35, sigma: 0.7 };

/** Milliseconds of work in the median of origins, and how they differ. */
const work = { median: 25, sigma: 0.4 };

/** How much busier than others some locations are. */
const busier = 1;

/** Operators plan for so much of what their machines can do, and no fewer workers. */
const plannedShare = 0.35;
const fewestWorkers = 4;

export function createPlanet({ seed, locations: count, origins: originCount, planned }: PlanetOptions): Planet {
  const chance = createChance(seed, 0);
  const locations = drawLocations(count, chance);
  const sites = drawSites(originCount, chance);
  const trips = drawTrips(locations, sites, chance);
  const total = (location: number, origin: number): number =>
    trips[location * originCount + origin]! + sites[origin]!.work;
  const quickest = locations.map((_, location) =>
    Uint32Array.from(sites.keys()).sort((one, other) => total(location, one) - total(location, other)),
  );
  const demand = new Float64Array(originCount);
  locations.forEach(({ share }, location) => (demand[quickest[location]![0]!]! += share * planned));
  const origins = sites.map((site, origin) => ({ ...site, workers: workersFor(demand[origin]!, site.work) }));
  return { locations, origins, trips, quickest };
}

/** Enough for the visitors that are nearest, and no fewer than a small machine has. */
function workersFor(perSecond: number, ms: number): number {
  return Math.max(fewestWorkers, Math.ceil((perSecond * ms) / 1000 / plannedShare));
}

function drawLocations(count: number, chance: Chance): Location[] {
  const drawn = shuffled([...knownLocations], chance).slice(0, count);
  const weights = drawn.map(() => lognormal(chance, 1, busier));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return drawn.map(([code, at], index) => ({ code, at, share: weights[index]! / sum }));
}

/** In the surroundings of places where there are locations: where people are. */
function drawSites(count: number, chance: Chance): Omit<Backend, "workers">[] {
  const places = [...knownLocations.values()];
  const width = String(count - 1).length;
  return Array.from({ length: count }, (_, index) => {
    const [latitude, longitude] = places[Math.floor(chance.uniform() * places.length)]!;
    const at: Position = [latitude + chance.uniform() - 0.5, longitude + chance.uniform() - 0.5];
    return { name: `o${String(index).padStart(width, "0")}`, at, work: lognormal(chance, work.median, work.sigma) };
  });
}

function drawTrips(locations: readonly Location[], origins: readonly Pick<Backend, "at">[], chance: Chance) {
  const directions = origins.map(({ at }) => directionOf(at));
  const trips = new Float64Array(locations.length * origins.length);
  locations.forEach(({ at }, location) => {
    const here = directionOf(at);
    directions.forEach((there, origin) => {
      const far = (kilometres(closeness(here, there)) / 1000) * perThousandKilometres;
      const longer = detour.least + lognormal(chance, detour.more, detour.sigma);
      trips[location * origins.length + origin] = least + far * longer;
    });
  });
  return trips;
}

function shuffled<T>(items: T[], { uniform }: Chance): T[] {
  for (let left = items.length - 1; left > 0; left--) {
    const other = Math.floor(uniform() * (left + 1));
    [items[left], items[other]] = [items[other]!, items[left]!];
  }
  return items;
}
