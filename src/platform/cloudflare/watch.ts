/** The way to those who probe the origins: a Durable Object in each region, called over its binding. */
import { inTime } from "../../http/in-time.ts";
import type { Report, View, Watch } from "../../watch.ts";

/** What the object answers to. */
export interface WatchMethods extends Rpc.DurableObjectBranded {
  readonly look: (reports: readonly Report[]) => Promise<View>;
  /** From outside its own time: it sees to it that it goes on, if anybody looked lately. */
  readonly wake: () => Promise<void>;
}

/** Milliseconds until it has answered at most. No visit waits for it. */
const longestSilence = 5_000;

export function createWatch(namespace: DurableObjectNamespace): Watch {
  return {
    async look(region, reports) {
      const view = await inTime(watcherIn(region, namespace).look(reports), longestSilence);
      if (view) return view;
      throw new DOMException(`those who probe said nothing in ${longestSilence} ms`, "TimeoutError");
    },
  };
}

/** The one of that region; of a location whose region isn't known, one that is wherever it was asked for first. */
export function watcherIn(
  region: Parameters<Watch["look"]>[0],
  namespace: DurableObjectNamespace,
): Pick<WatchMethods, "look" | "wake"> {
  const id = namespace.idFromName(region ?? "anywhere");
  return namespace.get(id, region && { locationHint: region }) as unknown as WatchMethods;
}
