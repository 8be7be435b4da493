/** Counting for all locations: exact, by one who sees all that is spent of his keys. */
import type { Edge } from "../../edge.ts";
import { takenLately } from "../../gcra.ts";
import type { Spending } from "../../rates.ts";
import { S3Fifo } from "./s3-fifo.ts";

/** For the counts of one shard, as {@link S3Fifo} weighs them: some 25,000 keys. */
const mostBytes = 16 << 20;

const countBytes = 50;

/** What counts longer than this is worth being kept where it outlasts the memory, in milliseconds. */
const worthKeeping = 30_000;

/** As many are to be kept at a time; of more, the counts stay in memory alone. */
const mostUnkept = 50_000;

export interface Counting {
  /** See {@link Counters.count}. */
  readonly count: (spendings: readonly Spending[]) => readonly number[];
  /** What is to be kept and isn't yet: key → TAT. Whoever keeps it empties it. */
  readonly unkept: Map<string, number>;
}

/** @param kept the TAT that was kept of the key, where there is such a place. */
export function createCounting(
  now: Edge["now"],
  kept: (key: string) => number | undefined = () => undefined,
): Counting {
  const counts = new S3Fifo<{ tat: number }>(mostBytes);
  const unkept = new Map<string, number>();

  const countOf = (key: string): { tat: number } => {
    const known = counts.get(key);
    if (known) return known;
    const made = { tat: unkept.get(key) ?? kept(key) ?? 0 };
    counts.set(key, made, countBytes);
    return made;
  };
  const countOne = ({ key, quota, spent, ahead: own = spent * quota.interval }: Spending): number => {
    const [time, count] = [now(), countOf(key)];
    if (spent !== 0) count.tat = takenLately(count.tat, time + own, quota, spent);
    const ahead = Math.max(count.tat - time, 0);
    if (spent > 0 && ahead > worthKeeping && (unkept.size < mostUnkept || unkept.has(key))) unkept.set(key, count.tat);
    return ahead;
  };
  return { count: (spendings) => spendings.map(countOne), unkept };
}
