/** Origins in turn: who is asked next, and what came of it. */
import type { Edge } from "../../edge.ts";
import type { Trail } from "../../trail.ts";
import type { Hedge, Origin } from "../../config/upstream.ts";
import { attempt, isPassing, isUnsent, outcomeOf, type Attempt } from "./attempt.ts";
import { isFull } from "../health/gate.ts";
import { pauseBefore } from "./backoff.ts";
import { attemptHedged, type Outcome } from "./hedge.ts";
import type { Sendable } from "./sendable.ts";

/** An origin, and how often it was asked. */
export interface Turn {
  readonly origin: Origin;
  readonly asked: number;
}

/** What asking the next one takes. */
export interface Turning {
  /** Changes with every turn. */
  readonly queue: Turn[];
  readonly edge: Edge;
  readonly note: Trail["note"];
  /** How first requests are hedged; undefined when they aren't. */
  readonly hedge: Hedge | undefined;
}

/** What came of the last one's turn. */
export interface Taken {
  readonly origin: Origin;
  readonly last: Attempt;
}

/** Asks the first of the queue, which then stands at its end, unless it has said that it can't: none is asked that twice. */
export async function takeTurn(sendable: Sendable, turning: Turning): Promise<Taken> {
  const { queue, edge, note } = turning;
  const turn = takeNext(queue, edge);
  const { backoff } = sendable.visit.site.asking.retry;
  if (turn.asked > 0) await pause(pauseBefore(turn.asked, backoff, edge.random()), edge);
  const startedAt = edge.now();
  const { origin, last } = await ask(turn, sendable, turning);
  note("origin", `${origin.name}${outcomeOf(last)}`, edge.now() - startedAt);
  if (!isPassing(last) && !isUnsent(last)) queue.push({ origin, asked: turn.asked + 1 });
  return { origin, last };
}

/** The first, unless it has become full since it was chosen, and one that is well can be asked at once. */
function takeNext(queue: Turn[], { fleet, now }: Edge): Turn {
  const isFree = ({ origin, asked }: Turn): boolean => {
    const state = fleet.origin(origin.name);
    return asked === 0 && !state.condition.ejection && !isFull(origin, state, now());
  };
  const [{ origin }] = queue as [Turn];
  const at = isFull(origin, fleet.origin(origin.name), now()) ? Math.max(0, queue.findIndex(isFree)) : 0;
  return queue.splice(at, 1)[0]!;
}

async function ask({ origin, asked }: Turn, sendable: Sendable, { queue, edge, hedge }: Turning): Promise<Outcome> {
  const second = queue[0];
  if (!hedge || !second || asked + second.asked > 0) return { origin, last: await attempt(origin, sendable, edge) };
  const outcome = await attemptHedged({ first: origin, second: second.origin }, hedge, { sendable, edge });
  if (!outcome.other) return outcome;
  queue.shift();
  if (!isPassing(outcome.other.last) && !isUnsent(outcome.other.last))
    queue.push({ origin: outcome.other.origin, asked: 1 });
  return outcome;
}

function pause(ms: number, edge: Edge): Promise<void> {
  return new Promise((resolve) => void edge.after(ms, resolve));
}
