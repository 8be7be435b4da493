/** Where on Earth the client is, as well as it can be known. */
import { continentPosition } from "../../geo/continents.ts";
import { countryPosition } from "../../geo/countries.ts";
import { locationPosition } from "../../geo/locations.ts";
import type { Position } from "../../geo/position.ts";
import type { Client } from "../../visit.ts";

export interface Place {
  readonly position: Position;
  /** What of the client it follows from. */
  readonly from: PlaceSource;
}

export type PlaceSource = "position" | "country" | "continent" | "location";

/** From the best to the roughest. Tor's country and unknown codes have no place, so that the next one is asked. */
const sources: readonly (readonly [PlaceSource, (client: Client) => Position | undefined])[] = [
  ["position", ownPosition],
  ["country", ({ country }) => placeOf(country, countryPosition)],
  ["continent", ({ continent }) => placeOf(continent, continentPosition)],
  ["location", ({ location }) => placeOf(location, locationPosition)],
];

/** The first place that is known; undefined when the platform says nothing of the client that can be placed. */
export function findPlace(client: Client): Place | undefined {
  for (const [from, find] of sources) {
    const position = find(client);
    if (position) return { position, from };
  }
  return undefined;
}

function ownPosition({ latitude, longitude }: Client): Position | undefined {
  if (latitude === undefined || longitude === undefined) return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? [latitude, longitude] : undefined;
}

function placeOf(code: string | undefined, find: (code: string) => Position | undefined): Position | undefined {
  return code === undefined ? undefined : find(code.toUpperCase());
}
