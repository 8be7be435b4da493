/** In which order the origins of a pool are asked. Pure: policies rank, and say by what. */
import type { Balance, Origin } from "../../config/upstream.ts";
import { closeness, directionOf, type Direction } from "../../geo/distance.ts";
import type { Routed } from "../../visit.ts";
import { findPlace, type PlaceSource } from "./place.ts";

export interface Ranking {
  /** Every candidate once, the best one first. */
  readonly origins: readonly Origin[];
  /** What of the client the order follows from; "default" is the order of the config. */
  readonly from: PlaceSource | "default";
}

/** What a policy may know of the visit. */
export type Asker = Pick<Routed, "client">;

type Policy = (candidates: readonly Origin[], visit: Asker) => Ranking;

const policies: Readonly<Record<Balance, Policy>> = {
  nearest,
  first: (candidates) => ({ origins: candidates, from: "default" }),
};

export function choose(candidates: readonly Origin[], balance: Balance, visit: Asker): Ranking {
  return policies[balance](candidates, visit);
}

/** By great-circle distance; at equal distance by the order of the config; those without a place last. */
function nearest(candidates: readonly Origin[], { client }: Asker): Ranking {
  const place = findPlace(client);
  if (!place) return { origins: candidates, from: "default" };
  const here = directionOf(place.position);
  const ranked = candidates
    .map((origin) => ({ origin, near: nearness(origin, here) }))
    .sort((a, b) => b.near - a.near)
    .map(({ origin }) => origin);
  return { origins: ranked, from: place.from };
}

/** Below every cosine: farther than the other side of the Earth. */
const nowhere = -2;

function nearness({ at }: Origin, here: Direction): number {
  return at ? closeness(directionOf(at), here) : nowhere;
}
