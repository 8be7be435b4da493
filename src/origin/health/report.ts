/** How all origins stand, for the operator: what this isolate knows, and what those know who probe from its region. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { OriginState, Probed } from "../../origin-state.ts";
import type { Visit } from "../../visit.ts";
import type { View } from "../../watch.ts";
import { standing } from "./condition.ts";
import { limitOf } from "./gate.ts";
import { isDown, regionOfEdge } from "./view.ts";

/** Plain data for JSON. Asks those who probe, and waits for them. */
export async function reportOrigins({ client }: Visit, edge: Edge): Promise<object> {
  const { fleet, config, now } = edge;
  fleet.id ??= Math.floor(edge.random() * 2 ** 32).toString(16);
  const region = regionOfEdge(client);
  return {
    at: toTime(now()),
    version: config.version,
    says: { isolate: fleet.id, location: client.location, region },
    origins: config.origins.map((origin) => reportOf(origin, fleet.origin(origin.name), edge)),
    probes: edge.watch ? await edge.watch.look(region, []).then(toProbes(now()), () => "no-answer") : "not-bound",
  };
}

function reportOf(origin: Origin, state: OriginState, { now, config }: Edge): object {
  const { name, health } = origin;
  const { condition, inFlight, inVain, gate, usual, peak, probed } = state;
  const { ejection, returnedAt, lately } = condition;
  const { eject } = config.settings;
  const latest = usual.reduce((best, each) => (each.at > best.at ? each : best));
  return {
    name,
    state: health && probed && isDown(probed, health, now()) ? "down" : standing(condition, { now: now(), eject }),
    why: ejection?.why,
    since: toTime(ejection?.since ?? returnedAt),
    until: toTime(ejection?.until),
    inFlight,
    limit: origin.maxConnections === undefined ? undefined : limitOf(origin, state),
    waiting: gate.waiting.length,
    answers: condition.answers,
    failures: condition.failures,
    lately: { asked: rounded(lately.asked), failed: rounded(lately.failed), inVain },
    ms: { usual: rounded(latest.mean), peak: rounded(peak.mean) },
    probed: probed && toProbe(probed),
  };
}

/** Its times become those of this clock. */
function toProbes(now: number): (view: View) => object {
  return (view) =>
    Object.fromEntries(
      Object.entries(view).map(([name, sight]) => [
        name,
        toProbe({ ...sight, since: now - sight.since, at: now - sight.at }),
      ]),
    );
}

function toProbe({ isUp, why, since, at }: Omit<Probed, "contrary">): object {
  return { state: isUp ? "up" : "down", why, since: toTime(since), at: toTime(at) };
}

function toTime(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}
