/** What the one who probes a region's origins does, and when. Its state is plain data, which a Durable Object keeps. */
import type { HealthCheck, Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { Probed } from "../../origin-state.ts";
import type { Report, View } from "../../watch.ts";
import { probe, probed } from "./probe.ts";

/** Times are milliseconds since the epoch. */
export interface Watching {
  /** When a location looked last. */
  lookedAt: number;
  /** By the origin's name. */
  probed: Record<string, Probed>;
  /** Until when a location's word counts that the origin fails. */
  reported: Record<string, number>;
}

/** Nobody looked yet. */
export function newWatching(): Watching {
  return { lookedAt: Number.NEGATIVE_INFINITY, probed: {}, reported: {} };
}

/** Probing goes on for as many intervals when nobody looks, and for a minute at least. */
const intervals = 6;
const minute = 60_000;

/** Milliseconds for which a report counts. */
const reportLasts = 30_000;

/** As many are probed at a time, of which the platform lets so many be under way at once. */
const [mostAtATime, lanes] = [40, 6];

/** A location looks: it gets what is known, and probing goes on. */
export function show(watching: Watching, reports: readonly Report[], edge: Edge): View {
  const now = edge.now();
  watching.lookedAt = now;
  const checked = new Set(checkedOf(edge).map(({ name }) => name));
  for (const { origin } of reports) if (checked.has(origin)) watching.reported[origin] = now + reportLasts;
  return Object.fromEntries(
    Object.entries(watching.probed).map(([name, { isUp, why, since, at }]) => [
      name,
      { isUp, why, since: now - since, at: now - at },
    ]),
  );
}

/** When the next probe is due; undefined when there is none, or nobody has looked for a while. */
export function nextAt(watching: Watching, edge: Edge): number | undefined {
  const checked = checkedOf(edge);
  const longest = Math.max(...checked.map(({ health }) => health.interval));
  if (checked.length === 0 || edge.now() - watching.lookedAt > Math.max(minute, intervals * longest)) return undefined;
  return Math.min(...checked.map((origin) => dueAt(watching, origin)));
}

/** Probes those that are due, the longest due first. Resolves when their answers are in. Forgets those that the config has no more. */
export async function probeDue(watching: Watching, edge: Edge): Promise<void> {
  const now = edge.now();
  const checked = checkedOf(edge);
  const known = Object.entries(watching.probed).filter(([name]) => checked.some((origin) => origin.name === name));
  watching.probed = Object.fromEntries(known);
  const due = checked
    .map((origin) => ({ origin, at: dueAt(watching, origin) }))
    .filter(({ at }) => at <= now)
    .toSorted((one, other) => one.at - other.at)
    .slice(0, mostAtATime);
  await Promise.all(Array.from({ length: lanes }, () => probeAll(watching, due, edge)));
}

/** Takes one after the other out of those that are due. */
async function probeAll(watching: Watching, due: { readonly origin: Checked }[], edge: Edge): Promise<void> {
  for (let next = due.shift(); next; next = due.shift()) {
    const { name, health } = next.origin;
    const seen = await probe(next.origin, health, edge);
    const now = edge.now();
    // What visits have seen, one probe need only confirm.
    const fall = isReported(watching, name, now) ? 1 : health.fall;
    watching.probed[name] = probed(watching.probed[name], seen, { rise: health.rise, fall, now });
    delete watching.reported[name];
  }
}

type Checked = Origin & { readonly health: HealthCheck };

function checkedOf({ config }: Edge): readonly Checked[] {
  return config.origins.filter((origin): origin is Checked => origin.health !== undefined);
}

/** At once when it was reported, or was never probed. */
function dueAt({ probed: known, reported }: Watching, { name, health }: Checked): number {
  const at = known[name]?.at ?? Number.NEGATIVE_INFINITY;
  return reported[name] === undefined ? at + health.interval : at;
}

function isReported({ reported }: Watching, name: string, now: number): boolean {
  return (reported[name] ?? 0) > now;
}
