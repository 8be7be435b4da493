import type { Edge } from "../../edge.ts";
import type { Lookup, Lookups } from "../../lookups.ts";

/** As many answers are kept. */
const most = 10_000;

interface Entry {
  value: unknown;
  /** Milliseconds since the epoch; both are past where nothing is known. */
  freshUntil: number;
  usableUntil: number;
  askedAt: number;
  asking: Promise<void> | undefined;
}

/** In the isolate's memory. Whoever waits does so for plain work that goes on when the one who began it has left. */
export function createLookups({ now, defer }: Pick<Edge, "now" | "defer">): Lookups {
  const entries = new Map<string, Entry>();

  /** The entry, as the one that was asked for last. */
  const entryOf = (key: string): Entry => {
    const entry = entries.get(key) ?? {
      value: undefined,
      freshUntil: 0,
      usableUntil: 0,
      askedAt: -Infinity,
      asking: undefined,
    };
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size > most) entries.delete(entries.keys().next().value!);
    return entry;
  };
  const ask = (entry: Entry, lookup: Lookup<unknown>): void => {
    if (entry.asking || now() < entry.askedAt + lookup.again) return;
    entry.askedAt = now();
    entry.asking = learn(entry, lookup, now).finally(() => (entry.asking = undefined));
    defer(entry.asking);
  };
  const usable = ({ value, usableUntil }: Entry): unknown => (now() < usableUntil ? value : undefined);

  return {
    known<T>(key: string, lookup: Lookup<T>) {
      const entry = entryOf(key);
      if (now() >= entry.freshUntil) ask(entry, lookup);
      return usable(entry) as T | undefined;
    },
    async wait<T>(key: string, lookup: Lookup<T>) {
      const entry = entryOf(key);
      if (now() >= entry.freshUntil) ask(entry, lookup);
      if (now() >= entry.usableUntil) await entry.asking;
      return usable(entry) as T | undefined;
    },
    async renew<T>(key: string, lookup: Lookup<T>) {
      const entry = entryOf(key);
      ask(entry, lookup);
      await entry.asking;
      return usable(entry) as T | undefined;
    },
  };
}

/** A failure changes nothing of what is known. */
async function learn(entry: Entry, { ask, stale }: Lookup<unknown>, now: Edge["now"]): Promise<void> {
  try {
    const { value, fresh } = await ask();
    entry.value = value;
    entry.freshUntil = now() + fresh;
    entry.usableUntil = entry.freshUntil + stale;
  } catch (error) {
    console.error("a look-up failed:", error);
  }
}
