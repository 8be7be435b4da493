/** What an isolate knows from those who probe the origins: kept a few seconds young behind the visits' backs. */
import type { HealthCheck } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { OriginState, Probed } from "../../origin-state.ts";
import { locationPosition } from "../../geo/locations.ts";
import { regionOf, type Region } from "../../geo/regions.ts";
import type { Client } from "../../visit.ts";
import type { Report, Sight, Watch } from "../../watch.ts";
import { findPlace } from "../choose/place.ts";

/** Milliseconds from one look to the next, while there are visits. */
const refresh = 5_000;

/** As many ejected origins are told of. */
const mostReports = 20;

/** Looks again when the last look is a while ago. No visit waits for it, and one in vain changes nothing: what is known ages. */
export function keepYoung(client: Client, edge: Edge): void {
  const { watch, fleet } = edge;
  const now = edge.now();
  if (!watch || now < fleet.lookedAt + refresh) return;
  fleet.lookedAt = now;
  edge.deferOnce("health", async () => lookAround(watch, client, edge));
}

async function lookAround(watch: Watch, client: Client, edge: Edge): Promise<void> {
  const view = await watch.look(regionOfEdge(client), reportsOf(edge));
  const now = edge.now();
  for (const { name, health } of edge.config.origins) {
    const sight = health && view[name];
    if (sight) take(edge.fleet.origin(name), sight, now);
  }
  // Ejections of those that have risen end now.
  edge.fleet.ejections++;
}

/** The region that this isolate is in. */
export function regionOfEdge(client: Client): Region | undefined {
  const here = locationPosition(client.location ?? "") ?? findPlace(client)?.position;
  return here && regionOf(here);
}

function reportsOf({ fleet }: Edge): readonly Report[] {
  return [...fleet.ejected].slice(0, mostReports).flatMap((origin) => {
    const { ejection } = fleet.origin(origin).condition;
    return ejection ? [{ origin, why: ejection.why }] : [];
  });
}

/** One that has risen is tried at once if it is ejected, and else gets its visits back by and by. */
function take(state: OriginState, { isUp, why, since, at }: Sight, now: number): void {
  const { condition, probed: before } = state;
  state.probed = { isUp, why, since: now - since, at: now - at, contrary: 0 };
  if (!isUp || before?.isUp !== false) return;
  const { ejection } = condition;
  if (ejection) condition.ejection = { ...ejection, until: Math.min(ejection.until, now) };
  else condition.returnedAt = now;
}

/** A view counts for so many intervals of the probes, and for so many milliseconds in which it is on its way. */
const [intervals, onItsWay] = [3, 10_000];

/** Whether it is down by a view that isn't too old. */
export function isDown(probed: Probed, health: HealthCheck, now: number): boolean {
  return !probed.isUp && now < countsUntil(probed, health);
}

/** Whether it is up by such a view. */
export function isUp(probed: Probed, health: HealthCheck, now: number): boolean {
  return probed.isUp && now < countsUntil(probed, health);
}

/** Until when a view counts: milliseconds since the epoch. */
export function countsUntil({ at }: Probed, { interval }: HealthCheck): number {
  return at + intervals * interval + onItsWay;
}
