/** The edge's timers in a story that sets them off by itself: none goes off because a test was slow. */
import type { Edge } from "../../src/edge.ts";

interface Timer {
  readonly ms: number;
  readonly act: () => void;
}

/** `after` is a port for `createWorld`. */
export function createTimers() {
  const set = new Set<Timer>();
  const awaited = new Map<number, () => void>();
  const after: Edge["after"] = (ms, act) => {
    const timer = { ms, act };
    set.add(timer);
    awaited.get(ms)?.();
    return () => void set.delete(timer);
  };

  /** Waits until the edge waits for so many milliseconds, and lets them pass. */
  async function elapse(ms: number, clock: { now: number }): Promise<void> {
    const isSet = (): Timer | undefined => [...set].find((timer) => timer.ms === ms);
    if (!isSet()) await new Promise<void>((resolve) => void awaited.set(ms, resolve));
    awaited.delete(ms);
    const timer = isSet()!;
    set.delete(timer);
    clock.now += ms;
    timer.act();
  }

  return { after, elapse, /** How long those take that are set. */ waiting: () => [...set].map(({ ms }) => ms) };
}
