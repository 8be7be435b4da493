import type { Edge, Flight, Flights, Landing } from "../../edge.ts";

/** For this long, in milliseconds, nobody waits for an answer that turned out to be for one visit only. */
const unsharedFor = 10_000;

/** As many keys of such answers are remembered; then all are forgotten, which costs some visits a wait. */
const mostUnshared = 10_000;

interface UnderWay extends Flight {
  readonly visit: string;
  /** One for each who waits. */
  readonly waiting: ReadonlySet<symbol>;
}

/** The work of this isolate that others may wait for; bounded by what is under way. */
export function createFlights(now: Edge["now"]): Flights {
  const underWay = new Map<string, UnderWay>();
  const unshared = new Map<string, number>();
  const isUnshared = (key: string): boolean => {
    const until = unshared.get(key);
    return until !== undefined && until > now();
  };
  return {
    under: (key) => (isUnshared(key) ? undefined : underWay.get(key)),
    isUnshared,

    begin(key, visit) {
      const { promise, resolve } = Promise.withResolvers<Landing>();
      if (!underWay.has(key)) underWay.set(key, toFlight(visit, promise));
      return (landing) => {
        if (underWay.get(key)?.landing === promise) underWay.delete(key);
        if (unshared.size >= mostUnshared) unshared.clear();
        if (landing.kind === "unshared") unshared.set(key, now() + unsharedFor);
        else unshared.delete(key);
        resolve(landing);
      };
    },

    isAwaited: (by) => [...underWay.values()].some(({ visit, waiting }) => visit === by && waiting.size > 0),
  };
}

function toFlight(visit: string, landing: Promise<Landing>): UnderWay {
  const waiting = new Set<symbol>();
  const join: Flight["join"] = () => {
    const one = Symbol("one who waits");
    waiting.add(one);
    return () => void waiting.delete(one);
  };
  return { visit, landing, waiting, join };
}
