/** How long the header of an answer may take, and who hears of it before that. */
import type { Edge } from "../../edge.ts";
import { late, type Impatient, type Sendable } from "./sendable.ts";

/** Acts when the header takes too long, or all is out of time; returns what stops that. One timer serves it all. */
export function limitHeader(sendable: Sendable, edge: Edge, { sent, end }: Limiting): () => void {
  const { visit, deadline } = sendable;
  const left = (): number => deadline - edge.now();
  const act = (): void => end.abort(late);
  const begin = (): (() => void) => {
    const limit = Math.min(visit.site.asking.timeouts.header, left());
    return waitFor(limit, sendable, { edge, end });
  };
  if (!sent) return begin();
  let stop: (() => void) | undefined = Number.isFinite(deadline) ? edge.after(left(), act) : () => {};
  const beginLater = async (): Promise<void> => {
    await sent;
    // The answer may be here before all has gone.
    if (!stop) return;
    stop();
    stop = begin();
  };
  void beginLater();
  return () => {
    stop?.();
    stop = undefined;
  };
}

interface Limiting {
  /** Resolves when all content has gone; undefined when none streams. */
  readonly sent: Promise<void> | undefined;
  /** By which the request is ended, for one of the reasons in `sendable.ts`. */
  readonly end: AbortController;
}

/** Acts after so many milliseconds; meanwhile, whoever is impatient looks when it wants to. */
function waitFor(limit: number, { impatient }: Sendable, { edge, end }: Pick<Limiting, "end"> & { edge: Edge }) {
  const giveUp: Parameters<Impatient>[0] = (reason) => end.abort(reason);
  const until = edge.now() + limit;
  let stop: () => void;
  const wait = (now: number): void => {
    const pause = impatient?.(giveUp, now) ?? Number.POSITIVE_INFINITY;
    // What a timer says counts, should the clock not have moved with it.
    const next = (): void => wait(Math.max(edge.now(), now + pause));
    stop = pause < until - now ? edge.after(pause, next) : edge.after(until - now, () => end.abort(late));
  };
  wait(edge.now());
  return () => stop();
}
