/** The parts of the world that a platform lets one choose among when it places something. */
import { closeness, directionOf } from "./distance.ts";
import { locationPosition } from "./locations.ts";
import type { Position } from "./position.ts";

/** Western and eastern North America, South America, western and eastern Europe, Asia, Oceania, Africa, the Middle East. */
export const regions = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

export type Region = (typeof regions)[number];

/** Airports that stand for each; the first one stands for the whole. */
const airports: Readonly<Record<Region, string>> = {
  wnam: "SJC SEA LAX DEN",
  enam: "IAD ORD ATL IAH",
  sam: "GRU EZE BOG SCL",
  weur: "FRA LHR MAD ARN",
  eeur: "WAW OTP KBP ATH",
  apac: "SIN NRT HKG BOM",
  oc: "SYD PER AKL",
  afr: "JNB LOS NBO CAI",
  me: "DXB TLV RUH",
};

const places = regions.flatMap((region) =>
  airports[region].split(" ").map((airport) => ({ region, direction: directionOf(locationPosition(airport)!) })),
);

/** The region nearest to a place. */
export function regionOf(position: Position): Region {
  const here = directionOf(position);
  const nearest = places.reduce((best, each) =>
    closeness(each.direction, here) > closeness(best.direction, here) ? each : best,
  );
  return nearest.region;
}

/** A place in the middle of it. */
export function regionPosition(region: Region): Position {
  return locationPosition(airports[region].slice(0, 3))!;
}
