/** As many keys are remembered; then all are forgotten, and looked for again. */
const mostKeys = 10_000;

/** Under which keys nothing was, when this isolate looked last. */
export interface Missing {
  /** Nothing was there at that time: milliseconds since the epoch. */
  readonly note: (key: string, at: number) => void;
  /** Whether that is so, as far as is known, and was less than {@link createMissing}'s time ago. */
  readonly has: (key: string, now: number) => boolean;
  readonly delete: (key: string) => void;
}

/** @param longest milliseconds after which it no longer counts: other isolates write there, too. */
export function createMissing(longest: number): Missing {
  const since = new Map<string, number>();
  return {
    note(key, at) {
      if (since.size >= mostKeys) since.clear();
      since.set(key, at);
    },
    has: (key, now) => now - (since.get(key) ?? Number.NEGATIVE_INFINITY) < longest,
    delete: (key) => void since.delete(key),
  };
}
