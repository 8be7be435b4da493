import { shards, type Bans, type Rates, type Reporting, type Tally } from "../../rates.ts";
import { S3Fifo } from "./s3-fifo.ts";

/** For the counts of one isolate, as {@link S3Fifo} weighs them: some 25,000 keys. */
const mostBytes = 16 << 20;

/** Of a count by itself. */
const tallyBytes = 100;

/** They outlive configs, as the counts of an isolate do. */
export function createRates(): Rates {
  const tallies = new S3Fifo<Tally>(mostBytes);
  return {
    tally(key) {
      const known = tallies.get(key);
      if (known) return known;
      const made: Tally = {
        tat: 0,
        spent: 0,
        spentTat: 0,
        sent: 0,
        sentTat: 0,
        heardAt: Number.NEGATIVE_INFINITY,
      };
      tallies.set(key, made, tallyBytes);
      return made;
    },
    reports: Array.from({ length: shards }, newReporting),
    underWay: new Map(),
    delayed: 0,
    bans: newBans(),
  };
}

function newReporting(): Reporting {
  return { pending: new Map(), askedAt: undefined, restsUntil: undefined };
}

function newBans(): Bans {
  return {
    banned: new Map(),
    offences: new Map(),
    isUrgent: false,
    lookedAt: Number.NEGATIVE_INFINITY,
    isLooking: false,
    seen: 0,
  };
}
