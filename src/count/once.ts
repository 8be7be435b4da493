/** Each client counts once, and of those behind one address only as many as may well be there. */
import type { Experiment } from "../config/experiments.ts";
import type { Goal } from "../config/goals.ts";
import type { Edge } from "../edge.ts";
import { taken, waitFor, type Quota } from "../gcra.ts";
import { hashOf } from "../http/hash.ts";
import { groupOf } from "../http/ip-form.ts";
import type { Clean, Enrolled } from "../visit.ts";
import { lasts, numberOf } from "./marks.ts";

/**
 * As many clients of one network count at once, and then one more each half minute: an office whose day begins, but no crowd that a
 * single program makes up. Who isn't counted now may be at its next page. Of an experiment, of a goal, and in each isolate.
 */
const quota: Quota = { burst: 64, interval: 30_000 };

/** Milliseconds within which requests of one client, which has no mark yet, are likely to cross, or to come from one that keeps no cookies. */
const crossing = 5_000;

/** The same where nothing is known by which the client could be told from others of its network that have the same browser. */
const instant = 100;

/** Whether a client without a mark is to be counted for what it sees. */
export function isFirstSight(visit: Enrolled, { name, per }: Experiment, edge: Edge): boolean {
  const { client, fields, known, counted } = visit;
  const own = [client.connection, known, counted?.number, per?.(visit)].map((text = "") => text);
  const who = hashOf([fields.get("user-agent") ?? "", ...own].join("\n"));
  const within = own.every((text) => text === "") ? instant : crossing;
  const isNew = () => edge.analytics.isNew(`exposure ${name} ${networkOf(visit, edge)} ${who}`, within);
  return takes(`exposure ${name}`, visit, { isNew, edge });
}

/** Whether a client that was counted is to be counted for the goal, which it has no mark of. The same cookie may come again and again. */
export function isFirstReach(visit: Clean, { name }: Experiment, goal: Goal, edge: Edge): boolean {
  const isNew = () => edge.firstTime(`conversion ${name} ${goal.name} ${numberOf(visit)}`, edge.now() + lasts);
  return takes(`conversion ${name} ${goal.name}`, visit, { isNew, edge });
}

/** Takes one of what its network has, if there is one left, for somebody who is new. An address that isn't known is no network. */
function takes(what: string, visit: Clean, { isNew, edge }: Taking): boolean {
  if (visit.client.ip === "") return isNew();

  const tally = edge.rates.tally(`counted ${what} ${networkOf(visit, edge)}`);
  const now = edge.now();
  if (waitFor(tally.tat, now, quota) > 0 || !isNew()) return false;
  tally.tat = taken(tally.tat, now, quota);
  return true;
}

interface Taking {
  readonly isNew: () => boolean;
  readonly edge: Edge;
}

function networkOf({ client }: Clean, { config }: Edge): string {
  return groupOf(client.ip, config.settings.group);
}
