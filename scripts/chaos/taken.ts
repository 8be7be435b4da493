/** Places at origins (`maxConnections`) that are still taken when nobody asks any more: as the edges themselves say it. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { EdgeLocation } from "./edges.ts";

/** Of whom the edges tell how their origins stand: this run. */
export const adminToken: string = randomUUID();

export interface Taken {
  readonly place: string;
  readonly origin: string;
  /** Requests that count as under way, and those that wait in line for a place. */
  readonly inFlight: number;
  readonly waiting: number;
}

/** Milliseconds after which everything that was asked of an origin must be over: the longest of their timeouts, and some. */
const longestHold = 10_000;

/** Milliseconds between two looks. */
const between = 250;

/** Looks until all are free, for so many milliseconds at most; resolves to those that aren't. */
export async function untilFree(edges: readonly EdgeLocation[], most: number = longestHold): Promise<readonly Taken[]> {
  const end = Date.now() + most;
  for (;;) {
    const taken = (await Promise.all(edges.map(takenAt))).flat();
    if (taken.length === 0 || Date.now() >= end) return taken;
    await sleep(between);
  }
}

async function takenAt({ url, place }: EdgeLocation): Promise<readonly Taken[]> {
  const response = await fetch(`${url}/.perigee/status`, { headers: { authorization: `Bearer ${adminToken}` } });
  if (!response.ok) throw new Error(`the edge in ${place.name} doesn't tell how origins stand: ${response.status}`);
  const { origins } = (await response.json()) as {
    origins: readonly { name: string; inFlight: number; waiting: number }[];
  };
  return origins
    .filter(({ inFlight, waiting }) => inFlight !== 0 || waiting !== 0)
    .map(({ name, inFlight, waiting }) => ({ place: place.name, origin: name, inFlight, waiting }));
}
