/** The edge's timers in a story that sets them off by itself: none goes off because a test was slow. */
import type { Edge } from "../../src/edge.ts";

interface Timer {
  readonly ms: number;
  readonly act: () => void;
}

/** Milliseconds: such pauses are over at once. */
const short = 1_000;

/** `after` is a port for `createWorld`. */
export function createTimers() {
  const set = new Set<Timer>();
  const awaited = new Map<number, () => void>();
  const after: Edge["after"] = (ms, act) => {
    if (ms < short) {
      queueMicrotask(act);
      return () => {};
    }
    const timer = { ms, act };
    set.add(timer);
    awaited.get(ms)?.();
    return () => void set.delete(timer);
  };

  /** Lets so many milliseconds pass, if the edge waits for just so many. */
  function pass(ms: number, clock: { now: number }): void {
    const timer = [...set].find((timer) => timer.ms === ms);
    if (!timer) return;
    set.delete(timer);
    clock.now += ms;
    timer.act();
  }

  /** The same, as soon as the edge waits for so many. */
  async function elapse(ms: number, clock: { now: number }): Promise<void> {
    const isSet = [...set].some((timer) => timer.ms === ms);
    if (!isSet) await new Promise<void>((resolve) => void awaited.set(ms, resolve));
    awaited.delete(ms);
    pass(ms, clock);
  }

  return { after, elapse, pass, /** How long those take that are set. */ waiting: () => [...set].map(({ ms }) => ms) };
}
