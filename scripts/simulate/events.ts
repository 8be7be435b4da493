/** What is to happen, in the order of time: a binary heap in typed arrays. */

export interface Events {
  /** When the next one is: Infinity when there is none. */
  readonly next: () => number;
  /** Takes the next one out. @returns what it was added with. */
  readonly take: () => number;
  /** @param id a whole number, for whom it means something. Of events at one time, the one that was added first comes first. */
  readonly add: (at: number, id: number) => void;
}

export function createEvents(): Events {
  let [times, turns, ids] = [new Float64Array(1024), new Float64Array(1024), new Uint32Array(1024)];
  let size = 0;
  let added = 0;

  const isBefore = (one: number, other: number): boolean => {
    const apart = times[one]! - times[other]!;
    return apart < 0 || (apart === 0 && turns[one]! < turns[other]!);
  };
  const put = (to: number, from: number): void => {
    times[to] = times[from]!;
    turns[to] = turns[from]!;
    ids[to] = ids[from]!;
  };
  const swap = (one: number, other: number): void => {
    put(size, one);
    put(one, other);
    put(other, size);
  };
  const grow = (): void => {
    const old = { times, turns, ids };
    [times, turns, ids] = [new Float64Array(size * 2), new Float64Array(size * 2), new Uint32Array(size * 2)];
    times.set(old.times);
    turns.set(old.turns);
    ids.set(old.ids);
  };
  const sink = (from: number): void => {
    for (let at = from, child; (child = 2 * at + 1) < size; at = child) {
      if (child + 1 < size && isBefore(child + 1, child)) child++;
      if (!isBefore(child, at)) return;
      swap(at, child);
    }
  };

  return {
    next: () => (size > 0 ? times[0]! : Number.POSITIVE_INFINITY),

    take() {
      const id = ids[0]!;
      put(0, --size);
      sink(0);
      return id;
    },

    add(at, id) {
      // One place beyond the last is for swapping.
      if (size + 2 > times.length) grow();
      times[size] = at;
      turns[size] = added++;
      ids[size] = id;
      for (let child = size++, parent; child > 0; child = parent) {
        parent = (child - 1) >> 1;
        if (!isBefore(child, parent)) return;
        swap(parent, child);
      }
    },
  };
}
