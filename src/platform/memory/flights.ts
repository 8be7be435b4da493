import type { Edge, Flights, Landing } from "../../edge.ts";

/** For this long, in milliseconds, nobody waits for an answer that turned out to be for one visit only. */
const unsharedFor = 10_000;

/** As many keys of such answers are remembered; then all are forgotten, which costs some visits a wait. */
const mostUnshared = 10_000;

/** The work of this isolate that others may wait for; bounded by what is under way. */
export function createFlights(now: Edge["now"]): Flights {
  const underWay = new Map<string, Promise<Landing>>();
  const unshared = new Map<string, number>();
  const isUnshared = (key: string): boolean => {
    const until = unshared.get(key);
    return until !== undefined && until > now();
  };
  return {
    under: (key) => (isUnshared(key) ? undefined : underWay.get(key)),
    isUnshared,

    begin(key) {
      const { promise, resolve } = Promise.withResolvers<Landing>();
      if (!underWay.has(key)) underWay.set(key, promise);
      return (landing) => {
        if (underWay.get(key) === promise) underWay.delete(key);
        if (unshared.size >= mostUnshared) unshared.clear();
        if (landing.kind === "unshared") unshared.set(key, now() + unsharedFor);
        else unshared.delete(key);
        resolve(landing);
      };
    },
  };
}
