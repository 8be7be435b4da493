/** Banning for all locations: by one who hears of all misdeeds. */
import type { Edge } from "../../edge.ts";
import { taken, waitFor } from "../../gcra.ts";
import type { Misdeeds, News } from "../../rates.ts";
import { S3Fifo } from "./s3-fifo.ts";

/** For the misdeeds of clients that are not banned, as {@link S3Fifo} weighs them: some 30,000 clients. */
const mostBytes = 16 << 20;

const countBytes = 50;

/** As many bans are known; of more, those that end first are ended. */
const mostBans = 10_000;

/** One client's. Times are milliseconds since the epoch. */
export interface Ban {
  until: number;
  /** How often it was banned, without a pause of the longest ban between. */
  times: number;
  /** When it is forgotten. */
  forgottenAt: number;
  /** Later ones have higher numbers, also across restarts: by when they were made, or one above the one before. */
  number: number;
}

export interface BanBook {
  /** See {@link Banning.look}. */
  readonly look: (told: Misdeeds) => News;
  /** Forgets what is over. @returns whether anything is left. */
  readonly sweep: () => boolean;
}

/** @param bans what is known; changed as it changes. `keep` hears of each ban that is made, or of its end. */
export function createBanBook(
  now: Edge["now"],
  bans = new Map<string, Ban>(),
  keep: (group: string, ban: Ban | undefined) => void = () => undefined,
): BanBook {
  const counts = new S3Fifo<{ tat: number }>(mostBytes);
  let number = Math.max(0, ...[...bans.values()].map((ban) => ban.number));

  const countOf = (group: string): { tat: number } => {
    const known = counts.get(group) ?? { tat: 0 };
    counts.set(group, known, countBytes);
    return known;
  };
  const forget = (group: string): void => {
    bans.delete(group);
    keep(group, undefined);
  };
  const ban = (group: string, { first, most }: Misdeeds["policy"]): void => {
    const times = (bans.get(group)?.times ?? 0) + 1;
    const until = now() + Math.min(first * 2 ** (times - 1), most);
    const made = { until, times, forgottenAt: until + most, number: (number = Math.max(number + 1, now())) };
    // Written anew, so that the newest stand last.
    bans.delete(group);
    bans.set(group, made);
    keep(group, made);
    if (bans.size > mostBans) forget(endingFirst(bans));
  };
  const hear = (group: string, times: number, policy: Misdeeds["policy"]): void => {
    if ((bans.get(group)?.until ?? 0) > now()) return;
    const count = countOf(group);
    count.tat = taken(count.tat, now(), policy.quota, times);
    // One more than is let pass.
    if (waitFor(count.tat, now(), policy.quota, 0) === 0) return;
    counts.delete(group);
    ban(group, policy);
  };
  return {
    look({ policy, offences, since }) {
      for (const [group, times] of offences) hear(group, times, policy);
      const isNews = ([, { number, until }]: [string, Ban]): boolean => number > since && until > now();
      const news = since === number ? [] : [...bans].filter(isNews);
      return { bans: news.map(([group, { until }]) => [group, until - now()]), seen: number };
    },
    sweep() {
      for (const [group, { forgottenAt }] of bans) if (forgottenAt <= now()) forget(group);
      return bans.size > 0;
    },
  };
}

function endingFirst(bans: ReadonlyMap<string, Ban>): string {
  let first: readonly [string, number] = ["", Number.POSITIVE_INFINITY];
  for (const [group, { until }] of bans) if (until < first[1]) first = [group, until];
  return first[0];
}
