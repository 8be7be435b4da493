/** What the origins' processes and the one that started them tell each other. */
import { closeness, directionOf, kilometres } from "../../src/geo/distance.ts";
import type { Position } from "../../src/geo/position.ts";

/** What an origin is told to be. */
export type Telling = "reset" | "slow" | "well";

/** What it says: its port; how many requests it has seen; the target of a POST or PUT that it has done; what it is from now on. */
export type Saying =
  | { readonly port: number }
  | { readonly asked: number }
  | { readonly done: string }
  | { readonly is: Telling };

/** In which a visit tells where its edge location is: latitude and longitude. */
export const locationField = "x-location";

/** Milliseconds there and back for each 1,000 km, in cables that make detours. */
const perThousandKilometres = 15;

/** Milliseconds for the way alone. */
export function delayBetween(one: Position, other: Position): number {
  return (kilometres(closeness(directionOf(one), directionOf(other))) / 1000) * perThousandKilometres;
}
