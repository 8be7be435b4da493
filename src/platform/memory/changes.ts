import { hashOf } from "../../http/hash.ts";

/** As many times are held: 128 KB. */
const most = 1 << 14;

const never = Number.NEGATIVE_INFINITY;

/** When unsafe methods last changed what URLs lead to, in milliseconds since the epoch. */
export interface Changes {
  readonly record: (url: string, at: number) => void;
  /** Whether something changed then or later, anywhere. */
  readonly anySince: (at: number) => boolean;
  /** The last change of that URL, or of one that shares its place. */
  readonly lastOf: (url: string) => number;
}

/**
 * Any number of URLs may be changed, by whoever may write to an origin, and no change may be forgotten. So their hashes alone
 * are told apart: what shares another's place is missing once more than need be, and nothing else is.
 */
export function createChanges(): Changes {
  const times = new Float64Array(most).fill(never);
  let newestAt = never;
  const placeOf = (url: string): number => hashOf(url) % most;
  return {
    record(url, at) {
      const place = placeOf(url);
      times[place] = Math.max(times[place]!, at);
      newestAt = Math.max(newestAt, at);
    },
    anySince: (at) => newestAt >= at,
    lastOf: (url) => times[placeOf(url)]!,
  };
}
