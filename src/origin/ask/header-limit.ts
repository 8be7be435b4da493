/** How long the header of an answer may take. */
import type { Edge } from "../../edge.ts";
import type { Sendable } from "./sendable.ts";

/** Acts when the header takes too long, or all is out of time; returns what stops that. */
export function limitHeader({ visit, deadline }: Sendable, edge: Edge, { sent, act }: Limiting): () => void {
  const left = (): number => deadline - edge.now();
  const begin = (): (() => void) => edge.after(Math.min(visit.site.asking.timeouts.header, left()), act);
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
  readonly act: () => void;
}
