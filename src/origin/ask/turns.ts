/** Origins in turn, one at a time: who is asked next, and what came of it. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { Trail } from "../../trail.ts";
import { attempt, isPassing, isUnsent, outcomeOf, type Attempt } from "./attempt.ts";
import { pauseBefore } from "./backoff.ts";
import { takeNext, type Turn } from "./course.ts";
import type { Sendable } from "./sendable.ts";

/** What asking the next one takes. */
export interface Turning {
  /** Changes with every turn. */
  readonly queue: Turn[];
  readonly edge: Edge;
  readonly note: Trail["note"];
}

/** What came of the last one's turn. */
export interface Taken {
  readonly origin: Origin;
  readonly last: Attempt;
}

/** Asks the first of the queue, which then stands at its end, unless it has said that it can't: none is asked that twice. */
export async function takeTurn(sendable: Sendable, { queue, edge, note }: Turning): Promise<Taken> {
  const turn = takeNext(queue, edge);
  const { origin, asked } = turn;
  await pauseFor(turn, sendable, edge);
  const startedAt = edge.now();
  const last = await attempt(origin, sendable, edge);
  note("origin", `${origin.name}${outcomeOf(last)}`, edge.now() - startedAt);
  if (!isPassing(last) && !isUnsent(last)) queue.push({ origin, asked: asked + 1 });
  return { origin, last };
}

/** Before an origin is asked again. Undefined where nothing need be waited for. */
export function pauseFor({ asked }: Turn, { visit }: Sendable, edge: Edge): Promise<void> | undefined {
  if (asked === 0) return undefined;
  const ms = pauseBefore(asked, visit.site.asking.retry.backoff, edge.random());
  return new Promise((resolve) => void edge.after(ms, resolve));
}
