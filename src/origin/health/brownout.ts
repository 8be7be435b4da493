/** What is left undone, step by step, so that origins near their limits can do the rest. */
import type { Brownout, Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import { EdgeError } from "../../error.ts";
import { tokenOf } from "../../trail.ts";
import type { Planned } from "../../visit.ts";
import { fullness } from "./gate.ts";
import { usable } from "./usable.ts";

/** What a visit is given up for. */
export type Step =
  | "stale" // the store has an answer for it, if a stale one
  | "shed" // it is a bot's that the site names
  | "refuse"; // it needs an origin

/** One that would go to an origin. */
interface Asking {
  readonly bot: string;
  /** The cache could answer it, if only with what is stale. */
  readonly hasStandIn: boolean;
}

/** The step that gives such a visit up under that load, from 0 to 1; undefined when it goes on. Pure. */
export function stepOf({ stale, shed, refuse }: Brownout, load: number, { bot, hasStandIn }: Asking): Step | undefined {
  if (stale !== undefined && load >= stale && hasStandIn) return "stale";
  if (shed && load >= shed.at && shed.bots.has(bot)) return "shed";
  return refuse !== undefined && load >= refuse ? "refuse" : undefined;
}

/**
 * Lets the visit go on to the origins, unless these are so full that the site gives such visits up.
 * @throws EdgeError "origin-overloaded"; what the cache has may then stand in.
 */
export function relieve(visit: Planned, edge: Edge, { hasStandIn }: Pick<Asking, "hasStandIn">): void {
  const { brownout } = visit.site.asking.overload;
  if (!brownout) return;
  const load = loadOf(visit.pool, edge);
  const step = stepOf(brownout, load, { bot: visit.bot, hasStandIn });
  if (!step) return;
  const who = step === "shed" ? `:${tokenOf(visit.bot)}` : "";
  visit.trail.note("origin", `brownout:${step}${who}@${Math.floor(load * 100)}`);
  // Others that wait for the same answer are no bots because this one is.
  const source = step === "shed" ? "client" : "origin";
  throw new EdgeError(source, "origin-overloaded", `the origins are ${Math.floor(load * 100)} % full`);
}

/** That of the usable origin that has the least; of all, when none is usable. */
function loadOf(pool: readonly Origin[], edge: Edge): number {
  const { whyNot } = usable({ pool, mayTry: true }, edge);
  const isIn = (origin: Origin): boolean =>
    (whyNot(origin, edge.fleet.origin(origin.name)) ?? "returning") === "returning";
  const inUse = pool.filter(isIn);
  const now = edge.now();
  const asked = inUse.length > 0 ? inUse : pool;
  const loads = asked.map((origin) => fullness(origin, edge.fleet.origin(origin.name), now));
  return Math.min(...loads);
}
