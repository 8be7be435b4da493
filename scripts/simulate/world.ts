/** All that a simulated visit's way leads through, and what happens there in time. */
import type { Events } from "./events.ts";
import type { Nature } from "./nature.ts";
import type { Page, Place } from "./place.ts";
import type { Planet } from "./planet.ts";
import type { Tally } from "./tally.ts";
import type { Trouble } from "./trouble.ts";

export interface World {
  readonly clock: { now: number };
  readonly agenda: Agenda;
  readonly nature: Nature;
  readonly places: readonly Place[];
  /** Of each object. */
  readonly keys: readonly string[];
  readonly pages: readonly Page[];
  readonly troubles: readonly Trouble[];
  readonly tally: Tally;
  readonly planet: Planet;
  /** Of each origin, by its name, the index. */
  readonly indices: ReadonlyMap<string, number>;
}

/** What is to be done, and when. */
export interface Agenda {
  /** When the next thing is due: milliseconds since the beginning, Infinity when there is none. */
  readonly next: () => number;
  /** Moves the clock to it, and does it. */
  readonly act: () => void;
  /** Adds something, in so many milliseconds. */
  readonly after: (ms: number, act: () => void) => void;
}

/** An empty one. */
export function createAgenda(events: Events, clock: World["clock"]): Agenda {
  const acts: (() => void)[] = [];
  /** Numbers that are free again. */
  const free: number[] = [];
  return {
    next: events.next,
    act() {
      clock.now = events.next();
      const id = events.take();
      const act = acts[id]!;
      free.push(id);
      act();
    },
    after(ms, act) {
      const id = free.pop() ?? acts.length;
      acts[id] = act;
      events.add(clock.now + ms, id);
    },
  };
}
