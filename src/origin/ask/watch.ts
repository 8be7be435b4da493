/** Noticing that nothing comes any more. */
import type { Edge } from "../../edge.ts";

/** For waits that follow one another. */
export interface Watch {
  /** Something is waited for. */
  readonly begin: () => void;
  /** It came. */
  readonly end: () => void;
  /** Nothing will be waited for. */
  readonly close: () => void;
}

/**
 * Calls `stalled` when a wait takes so many milliseconds. One timer serves for many waits: it is set anew only when it goes
 * off, because the platform takes microseconds for each, and most waits are short.
 */
export function watch(ms: number, edge: Pick<Edge, "now" | "after">, stalled: () => void): Watch {
  let since: number | undefined;
  let stop: (() => void) | undefined;
  const look = (): void => {
    const waited = since === undefined ? 0 : edge.now() - since;
    stop = waited < ms ? edge.after(ms - waited, look) : undefined;
    if (!stop) stalled();
  };
  return {
    begin() {
      since = edge.now();
      stop ??= edge.after(ms, look);
    },
    end: () => void (since = undefined),
    close: () => stop?.(),
  };
}
