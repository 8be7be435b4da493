/** Visits over a limit that are let in later. */
import type { RateLimit } from "../../config/rates.ts";
import type { Edge } from "../../edge.ts";
import { tokenOf } from "../../trail.ts";
import type { Clean } from "../../visit.ts";

/** Milliseconds that a visit waits at most. */
const longest = 10_000;

/** As many visits wait in an isolate at a time. */
const most = 100;

/** It was let in, but later. */
export interface Held {
  readonly held: "delayed";
}

const delayed: Held = { held: "delayed" };

interface Turn {
  readonly limit: RateLimit;
  readonly edge: Edge;
  /** Takes the token at once, so that the next one waits for the one after it. */
  readonly take: () => void;
  /** Whoever leaves before it is their turn hasn't used it. */
  readonly giveBack: () => void;
}

/**
 * Waits until there is a token again; where the rule only watches, it is only said that it would.
 * @returns `wait` when that is too long, too many wait already, or the client has left.
 */
export function waitTurn(visit: Clean, wait: number, turn: Turn): Promise<number | Held> | number | Held {
  const { limit, edge, take } = turn;
  if (wait > longest) return wait;
  if (!limit.monitor && edge.rates.delayed >= most) return wait;
  take();
  return limit.monitor ? delayed : hold(visit, wait, turn);
}

async function hold(visit: Clean, wait: number, { limit, edge, giveBack }: Turn): Promise<number | Held> {
  const { request, trail } = visit;
  edge.rates.delayed++;
  await pause(wait, request.signal, edge);
  edge.rates.delayed--;
  if (request.signal.aborted) {
    giveBack();
    return wait;
  }
  trail.note("scrub", `delayed:${tokenOf(limit.name)}`, wait);
  return delayed;
}

/** No longer than the client stays. */
function pause(ms: number, signal: AbortSignal, { after }: Edge): Promise<void> {
  return new Promise((resolve) => {
    const stop = after(ms, resolve);
    signal.addEventListener(
      "abort",
      () => {
        stop();
        resolve();
      },
      { once: true },
    );
  });
}
