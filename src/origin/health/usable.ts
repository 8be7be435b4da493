/** Who may be asked now. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { Fleet } from "../../fleet.ts";
import type { Ejection, OriginState } from "../../origin-state.ts";
import { share, type At } from "./condition.ts";
import { isSilent } from "./silence.ts";
import { countsUntil, isDown } from "./view.ts";

export type WhyNot =
  | "ejected"
  | "down" // those say so who probe it
  | "silent" // several wait for it, and none has heard anything for long
  | "trial" // another visit is finding out whether it is well, or should rather than this one
  | "returning"; // it has just come back, and this visit isn't in its share

/** All that it follows from. */
export type Knowing = Pick<Edge, "config" | "fleet" | "now" | "random">;

/** A visit, as far as it matters. */
interface Candidacy {
  readonly pool: readonly Origin[];
  /** It does no harm if an origin is asked in vain. */
  readonly mayTry: boolean;
}

/** What is said of an origin of the pool, and its state. */
export interface Usable {
  /** Why it isn't to be asked for the visit; undefined when it is. May differ from call to call. */
  readonly whyNot: (origin: Origin, state: OriginState) => WhyNot | undefined;
  /** Until when it isn't for any visit, unless {@link Fleet.ejections} changes: milliseconds since the epoch; 0 when that isn't known. */
  readonly outUntil: (origin: Origin, state: OriginState) => number;
}

export function usable({ pool, mayTry }: Candidacy, edge: Knowing): Usable {
  const { fleet, random } = edge;
  const at: At = { now: edge.now(), eject: edge.config.settings.eject };
  const spared = findSpared(pool, fleet, at);
  const whyNot: Usable["whyNot"] = ({ name, health }, state) => {
    const { condition, probed } = state;
    if (health && probed && isDown(probed, health, at.now)) return "down";
    if (isSilent(state, at)) return "silent";
    const part = share(condition, at);
    const { ejection } = condition;
    if (ejection ? part === 1 && (mayTry || isOverdue(ejection.until, at)) : part === 1 || random() < part)
      return undefined;
    if (spared.has(name)) return undefined;
    if (!ejection) return "returning";
    return at.now < ejection.until ? "ejected" : "trial";
  };
  const outUntil: Usable["outUntil"] = ({ name, health }, { condition: { ejection }, probed }) => {
    if (health && probed && isDown(probed, health, at.now)) return countsUntil(probed, health);
    // As time passes others may be tried again, and none is spared for that.
    return at.eject && ejection && !spared.has(name) ? ejection.until : 0;
  };
  return { whyNot, outUntil };
}

/** No visit came for which it could have been tried without harm. */
function isOverdue(until: number, { now, eject }: At): boolean {
  return !eject || now >= until + eject.base;
}

const none: ReadonlySet<string> = new Set();

/**
 * Of the ejected, those by which there are more than may be out of this pool: the ones that were ejected last. Going through
 * thousands takes milliseconds, so it is remembered until one of them changes, or its time is over.
 */
function findSpared(pool: readonly Origin[], fleet: Fleet, { now, eject }: At): ReadonlySet<string> {
  const most = Math.floor((eject?.share ?? 0) * pool.length);
  if (fleet.ejected.size <= most) return none;
  const known = fleet.spared.get(pool);
  if (known && known.ejections === fleet.ejections && now < known.until) return known.names;
  const out = findOut(pool, fleet, now);
  const names = new Set(out.slice(most).map(({ name }) => name));
  const until = out.reduce((first, each) => Math.min(first, each.until), Number.POSITIVE_INFINITY);
  fleet.spared.set(pool, { names, ejections: fleet.ejections, until });
  return names;
}

/** Those of the pool whose time isn't over; who was ejected first is in front. */
function findOut(pool: readonly Origin[], { ejected, origin }: Fleet, now: number): readonly Out[] {
  const out = pool.flatMap(({ name }) => {
    const { ejection } = ejected.has(name) ? origin(name).condition : { ejection: undefined };
    return ejection && now < ejection.until ? [{ name, since: ejection.since, until: ejection.until }] : [];
  });
  return out.toSorted((one, other) => one.since - other.since);
}

interface Out extends Pick<Ejection, "since" | "until"> {
  readonly name: string;
}
