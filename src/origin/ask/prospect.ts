/** What is to be hoped of an origin that would be asked next. Pure, over states that are handed in. */
import type { Origin, Retry } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { OriginState } from "../../origin-state.ts";
import { isFull } from "../health/gate.ts";
import { failureAfter, isFailing, isSilent } from "../health/silence.ts";

export type Prospect =
  | "well"
  | "unsure" // it says nothing, though nothing has failed; or it was failing, and nobody has asked it for a while
  | "failing";

/** By what an origin is told to be well. */
export interface Knowing {
  readonly edge: Pick<Edge, "config" | "fleet" | "now">;
  readonly retry: Retry;
}

/**
 * It is worth finding out whether an origin that failed has come back, where nobody has asked it since, after so many times as long as
 * one is ejected for the first time; and after so many milliseconds where none ever is.
 */
const forgotten = { times: 2, never: 20_000 };

export function prospectOf({ name }: Origin, knowing: Knowing): Prospect {
  const state = knowing.edge.fleet.origin(name);
  if (!isInVain(state, knowing)) return "well";
  const { eject } = knowing.edge.config.settings;
  const isLongAgo = knowing.edge.now() - state.inVainAt >= (eject ? forgotten.times * eject.base : forgotten.never);
  return isLongAgo || state.inVain < knowing.retry.tries ? "unsure" : "failing";
}

/** Whether it is in use, takes one more, and answers. */
export function isWell(origin: Origin, knowing: Knowing): boolean {
  const state = knowing.edge.fleet.origin(origin.name);
  return !state.condition.ejection && !isInVain(state, knowing) && !isTaken(origin, knowing.edge);
}

/** Whether it takes no more now. */
export function isTaken(origin: Origin, { fleet, now }: Knowing["edge"]): boolean {
  return isFull(origin, fleet.origin(origin.name), now());
}

/** Whether all seem to ask it in vain. One visit alone may be all that has failed there, as often as it may be tried. */
function isInVain(state: OriginState, { edge, retry }: Knowing): boolean {
  const at = { now: edge.now(), eject: edge.config.settings.eject };
  return isFailing(state, retry.tries, at.now) || isSilent(state, at, failureAfter(state));
}
