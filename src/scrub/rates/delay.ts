/** Visits over a limit that are let in later. */
import type { RateLimit } from "../../config/rates.ts";
import type { Edge } from "../../edge.ts";
import { tokenOf } from "../../trail.ts";
import type { Clean } from "../../visit.ts";

/** Milliseconds that a visit waits at most. */
const longest = 10_000;

/** As many visits wait in an isolate at a time. */
const most = 100;

interface Turn {
  readonly limit: RateLimit;
  readonly edge: Edge;
  /** Takes the token at once, so that the next one waits for the one after it. */
  readonly take: () => void;
}

/** Waits until there is a token again. @returns `wait` when that is too long, or too many wait already. */
export async function waitTurn(visit: Clean, wait: number, { limit, edge, take }: Turn): Promise<number | undefined> {
  const { rates } = edge;
  if (wait > longest || rates.delayed >= most) return wait;
  take();
  rates.delayed++;
  await pause(wait, visit.request.signal, edge);
  rates.delayed--;
  visit.trail.note("scrub", `delayed:${tokenOf(limit.name)}`, wait);
  return undefined;
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
