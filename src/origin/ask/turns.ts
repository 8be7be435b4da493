/** Origins in turn: who is asked next, and what came of it. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { Trail } from "../../trail.ts";
import { attempt, type Attempt } from "./attempt.ts";
import { pauseBefore } from "./backoff.ts";
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
}

/** What came of the last one's turn. */
export interface Taken {
  readonly origin: Origin;
  readonly last: Attempt;
}

/** Asks the first of the queue, which then stands at its end, unless it has said that it can't: none is asked that twice. */
export async function takeTurn(sendable: Sendable, { queue, edge, note }: Turning): Promise<Taken> {
  const { origin, asked } = queue.shift()!;
  const { backoff } = sendable.visit.site.asking.retry;
  if (asked > 0) await pause(pauseBefore(asked, backoff, edge.random()), edge);
  const startedAt = edge.now();
  const last = await attempt(origin, sendable, edge);
  note("origin", `${origin.name}${outcome(last)}`, edge.now() - startedAt);
  if (last.kind === "failed" || !isPassing(last)) queue.push({ origin, asked: asked + 1 });
  return { origin, last };
}

function pause(ms: number, edge: Edge): Promise<void> {
  return new Promise((resolve) => void edge.after(ms, resolve));
}

/** For the trail: nothing when it is good. */
function outcome(tried: Attempt): string {
  if (tried.kind === "failed") return `:${tried.because}`;
  return isPassing(tried) ? `:${tried.answer.status}` : "";
}

/** Whether it says of the server, not of the resource, that it can't answer now; another one may. */
export function isPassing(tried: Extract<Attempt, { kind: "answered" }>): boolean {
  return passing.has(tried.answer.status);
}

const passing: ReadonlySet<number> = new Set([502, 503, 504]);
