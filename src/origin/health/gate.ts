/** The way in to an origin that takes only so many requests at once: who finds it full waits in line, but not for long. */
import type { Origin } from "../../config/upstream.ts";
import type { Edge } from "../../edge.ts";
import type { Gate, OriginState, Waiter } from "../../origin-state.ts";

/** As many requests at once. */
export function limitOf({ maxConnections }: Origin, { gate }: OriginState): number {
  if (maxConnections === "adaptive") return Math.floor(gate.found.limit);
  return maxConnections ?? Number.POSITIVE_INFINITY;
}

/** Whether one more would have to wait. */
export function isFull(origin: Origin, state: OriginState, now: number): boolean {
  // Where any number is taken, nobody waits. This is asked for each visit, of many.
  if (origin.maxConnections === undefined) return false;
  return lineOf(state.gate, now).length > 0 || !isOpen(origin, state);
}

/** Who waits, without those whose time is up: their clients may have left, and they with them. */
function lineOf(gate: Gate, now: number): readonly Waiter[] {
  while (gate.waiting.length > 0 && gate.waiting[0]!.until < now) gate.waiting.shift();
  return gate.waiting;
}

function isOpen(origin: Origin, state: OriginState): boolean {
  return state.inFlight + state.gate.promised < limitOf(origin, state);
}

/** From 0 to 1: how much of what the origin and its line take is taken. */
export function fullness(origin: Origin, state: OriginState, now: number): number {
  const { inFlight, gate } = state;
  const taken = inFlight + gate.promised + lineOf(gate, now).length;
  return Math.min(1, taken / (limitOf(origin, state) + origin.queue.length));
}

/** Whether it takes one more now; where it doesn't, whether it does in time, while others go. */
export function enter(origin: Origin, edge: Edge): boolean | Promise<boolean> {
  const state = edge.fleet.origin(origin.name);
  if (!isFull(origin, state, edge.now())) return true;
  return state.gate.waiting.length < origin.queue.length && waitInLine(origin, state, edge);
}

async function waitInLine(origin: Origin, state: OriginState, edge: Edge): Promise<boolean> {
  const { gate } = state;
  const until = edge.now() + origin.queue.wait;
  const waiter: Waiter = { until, wake: () => undefined };
  gate.waiting.push(waiter);
  try {
    for (let isWoken = true; isWoken;) {
      isWoken = await woken(waiter, edge);
      if (!isOpen(origin, state)) continue;
      // It counts from now on; that it is asked follows at once.
      gate.promised++;
      return true;
    }
    return false;
  } finally {
    leaveLine(gate, waiter);
    if (isOpen(origin, state)) wakeNext(state, edge.now());
  }
}

/** Whether somebody said so, and not the clock. */
async function woken(waiter: Waiter, { now, after }: Edge): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  waiter.wake = () => resolve(true);
  const stop = after(Math.max(0, waiter.until - now()), () => resolve(false));
  return promise.finally(stop);
}

/** Who was let in after waiting is asked now. */
export function keepPromise({ gate }: OriginState): void {
  gate.promised--;
}

/** A request is over: the first in line may try. */
export function wakeNext({ gate }: OriginState, now: number): void {
  lineOf(gate, now)[0]?.wake();
}

function leaveLine({ waiting }: Gate, waiter: Waiter): void {
  const at = waiting.indexOf(waiter);
  if (at >= 0) waiting.splice(at, 1);
}
