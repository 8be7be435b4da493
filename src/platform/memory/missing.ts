import { S3Fifo } from "./s3-fifo.ts";

/** For keys and when they were looked for: some 3,000 usual ones, and fewer of those that clients make long. */
const mostBytes = 2 << 20;

/** Of one, without its key. */
const entryBytes = 16;

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
  const since = new S3Fifo<number>(mostBytes);
  return {
    note: (key, at) => since.set(key, at, entryBytes),
    has: (key, now) => now - (since.get(key) ?? Number.NEGATIVE_INFINITY) < longest,
    delete: (key) => since.delete(key),
  };
}
