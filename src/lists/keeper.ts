/** Keeps what is in stores, lists and tables of redirects, up to date, behind the visits' backs. */
import { inTime } from "../http/in-time.ts";
import { ListError } from "./binary.ts";
import type { InStore, ListSource, ReadFromStore } from "./stored.ts";

/** Bytes that all that is kept for an isolate may take together. */
const mostInAll = 48 << 20;

/** Milliseconds from a look that failed to the next one, at most. */
const retryAfter = 30_000;

export interface ListPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Lets work go on after the answer has left. */
  readonly defer: (work: Promise<unknown>) => void;
  /** Writes a line to the operator's log. */
  readonly warn: (line: string) => void;
}

/** The bytes that a store has under the key; undefined when it has none. Rejects when it can't be asked. */
export type Open = (source: ListSource) => Promise<ReadableStream<Uint8Array> | undefined>;

/** Outlives configs, as what was read does. */
export interface ListKeeper {
  /** From now on these are kept, at first with what was read for the lists before; all others are let go. */
  readonly attach: (lists: readonly InStore[], open: Open) => void;
  /**
   * To be called for each visit: looks at the stores when it is time to. What it returns is to be waited for; undefined
   * when nothing need be. Only an isolate's first visits ever wait. Never rejects.
   */
  readonly current: () => Promise<unknown> | undefined;
}

/** One thing in a store; `lists` are those of the config that it is. */
interface Kept {
  lists: readonly InStore[];
  open: Open;
  read: ReadFromStore | undefined;
  /** Bytes of what was read, or of what is being read. */
  bytes: number;
  /**
   * When to look next, whatever becomes of a look that is under way: that ends with the visit behind which it is done, which
   * the platform may end.
   */
  dueAt: number;
  /** The look that is under way. */
  looking: Promise<void> | undefined;
  /** Whether it has been looked for: nobody waits for it any more. */
  settled: boolean;
  /** Until when visits wait for it; undefined before the first one. */
  waitedUntil: number | undefined;
}

export function createListKeeper({ now, defer, warn }: ListPorts): ListKeeper {
  let kept: ReadonlyMap<string, Kept> = new Map();
  /** No list is due before, and none waited for. */
  let idleUntil = 0;

  const admit = (one: Kept, bytes: number): void => {
    const room = [...kept.values()].reduce((left, each) => left - (each === one ? 0 : each.bytes), mostInAll);
    if (bytes > room) throw new ListError(`it takes ${bytes} bytes, and there is room for ${Math.max(room, 0)}`);
    one.bytes = bytes;
  };

  const look = async (one: Kept): Promise<void> => {
    const { source } = one.lists[0]!;
    one.dueAt = now() + source.refresh;
    try {
      const body = await one.open(source);
      if (!body) throw new ListError("there is nothing under that key");
      const read = await one.lists[0]!.read(body, one.read?.header, (bytes) => admit(one, bytes));
      if (!read) return;
      one.read = read;
      for (const list of one.lists) list.replace(read.content);
    } catch (error) {
      one.dueAt = Math.min(one.dueAt, now() + retryAfter);
      warn(describe(one, error));
    } finally {
      one.bytes = one.read?.bytes ?? 0;
      one.settled = true;
      one.looking = undefined;
      idleUntil = 0;
    }
  };

  const begin = (one: Kept): void => {
    one.looking = look(one);
    defer(one.looking);
  };

  return {
    attach(lists, open) {
      const groups = Map.groupBy(lists, ({ called, source }) => JSON.stringify([called, source]));
      kept = new Map([...groups].map(([key, those]) => [key, renew(kept.get(key), those, open)]));
      idleUntil = 0;
    },

    current() {
      const time = now();
      if (time < idleUntil) return undefined;
      const all = [...kept.values()];
      for (const one of all) if (time >= one.dueAt) begin(one);
      const waits = all.flatMap((one) => waitFor(one, time));
      if (waits.length > 0) return Promise.all(waits);
      idleUntil = Math.min(...all.map(({ dueAt }) => dueAt));
      return undefined;
    },
  };
}

function renew(before: Kept | undefined, lists: readonly InStore[], open: Open): Kept {
  const never = { read: undefined, bytes: 0, dueAt: 0, looking: undefined, settled: false, waitedUntil: undefined };
  const one: Kept = Object.assign(before ?? { ...never, lists, open }, { lists, open });
  if (one.read) for (const list of lists) list.replace(one.read.content);
  return one;
}

function waitFor(one: Kept, time: number): Promise<unknown>[] {
  if (one.settled || !one.looking) return [];
  one.waitedUntil ??= time + one.lists[0]!.source.wait;
  return time < one.waitedUntil ? [inTime(one.looking, one.waitedUntil - time)] : [];
}

function describe({ lists: [list], read }: Kept, error: unknown): string {
  const { called, until, source } = list!;
  const { store, binding, key } = source;
  const why = error instanceof Error ? error.message : String(error);
  const meanwhile = read ? "the last good one stays in force" : until;
  return `The ${called} under ${JSON.stringify(key)} in ${store.toUpperCase()} ${binding} can't be used: ${why}; ${meanwhile}.`;
}
