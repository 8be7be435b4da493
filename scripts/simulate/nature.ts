/** How long it takes to ask an origin, which nobody on the planet can know beforehand; but an oracle could. */
import { createBackends, type Backends } from "./backends.ts";
import type { Coming } from "./demand.ts";
import type { Planet } from "./planet.ts";
import { detourFactor, lookUpTroubles, type Trouble, type Troubles } from "./trouble.ts";

/** One request to one origin. */
export interface Sending extends Pick<Coming, "location" | "luck"> {
  readonly origin: number;
  /** When it is sent: milliseconds since the beginning. */
  readonly at: number;
}

/** What becomes of it, once it has arrived. */
export type Fate =
  | { readonly kind: "answers"; readonly status: number; readonly at: number }
  | { readonly kind: "refuses"; readonly at: number }
  | { readonly kind: "stalls" };

export interface Nature {
  /** Milliseconds there and back. */
  readonly trip: (sending: Sending) => number;
  /** It arrives, and takes its part of what the origin can do. */
  readonly arrive: (sending: Sending) => Fate;
  /** The least time in which a first byte could come, by whichever origin that is well; Infinity when none is. */
  readonly best: (coming: Omit<Sending, "origin">) => number;
}

/** Milliseconds in which a server says that it can't. */
const refusal = 1;

export function createNature({ planet, troubles }: { planet: Planet; troubles: readonly Trouble[] }): Nature {
  const { origins, trips, quickest } = planet;
  const scene: Scene = { planet, troubleOf: lookUpTroubles(troubles), backends: createBackends(origins) };
  const trip = (sending: Sending): number => tripOf(sending, scene);
  return {
    trip,

    arrive(sending) {
      const { origin, at, luck } = sending;
      const half = trip(sending) / 2;
      const trouble = scene.troubleOf(origin, at + half);
      if (trouble === "stall") return { kind: "stalls" };
      if (trouble === "refuse") return { kind: "refuses", at: at + 2 * half };
      if (trouble === "fail") return { kind: "answers", status: 503, at: at + 2 * half + refusal };
      const done = scene.backends.take(origin, at + half, origins[origin]!.work * luck.work);
      return { kind: "answers", status: 200, at: done + half };
    },

    best(coming) {
      const { location, luck } = coming;
      const luckiest = Math.min(luck.trip, luck.work);
      let best = Number.POSITIVE_INFINITY;
      for (const origin of quickest[location]!) {
        const usual = trips[location * origins.length + origin]! + origins[origin]!.work;
        if (usual * luckiest >= best) break;
        best = Math.min(best, timeOf({ ...coming, origin }, scene));
      }
      return best;
    },
  };
}

interface Scene {
  readonly planet: Planet;
  readonly troubleOf: Troubles;
  readonly backends: Backends;
}

function tripOf({ location, origin, at, luck }: Sending, { planet, troubleOf }: Scene): number {
  const usual = planet.trips[location * planet.origins.length + origin]!;
  return usual * luck.trip * (troubleOf(origin, at) === "detour" ? detourFactor : 1);
}

/**
 * As it would be if nobody else were sent there meanwhile: no request that really is sent takes less. Infinity where there
 * would be no answer.
 */
function timeOf(sending: Sending, scene: Scene): number {
  const { origin, at, luck } = sending;
  const half = tripOf(sending, scene) / 2;
  const trouble = scene.troubleOf(origin, at + half);
  if (trouble !== undefined && trouble !== "detour") return Number.POSITIVE_INFINITY;
  const begins = scene.backends.begins(origin, at + half);
  return begins - at + scene.planet.origins[origin]!.work * luck.work + half;
}
