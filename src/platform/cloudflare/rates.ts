/** Counting for all locations: Durable Objects, each with its share of the keys. Nobody but the Worker reaches them. */
import { DurableObject } from "cloudflare:workers";
import { inTime } from "../../http/in-time.ts";
import type { Counters, Spending } from "../../rates.ts";
import { createCounting, type Counting } from "../memory/counting.ts";

/** What the object answers to. */
interface RatesMethods extends Rpc.DurableObjectBranded {
  readonly count: (spendings: readonly Spending[]) => Promise<readonly number[]>;
}

/** Milliseconds until it has answered at most. No visit waits for it. */
const longestSilence = 2_000;

export function createCounters(namespace: DurableObjectNamespace): Counters {
  return {
    async count(shard, spendings) {
      const stub = namespace.get(namespace.idFromName(`shard ${shard}`)) as unknown as RatesMethods;
      const counted = await inTime(stub.count(spendings), longestSilence);
      if (counted) return counted;
      throw new DOMException(`those who count said nothing in ${longestSilence} ms`, "TimeoutError");
    },
  };
}

/** Milliseconds from a count that is worth keeping to when it is kept: so much is lost when the object ends of itself. */
const keepAfter = 5_000;

/** Milliseconds from one look for what is over to the next, at least. */
const sweepEvery = 60_000;

/** As many counts are kept; of more, those that end first are given up. */
const mostKept = 200_000;

/**
 * Counts are in memory; those that will count for more than half a minute are kept as well, so that they outlast the
 * object's rest. What is over is swept out by the alarm.
 */
export class Rates extends DurableObject<object> implements Pick<RatesMethods, "count"> {
  #counting: Counting | undefined;

  async count(spendings: readonly Spending[]): Promise<readonly number[]> {
    const counting = (this.#counting ??= this.#open());
    const counted = counting.count(spendings);
    if (counting.unkept.size > 0) await this.#wakeAt(Date.now() + keepAfter);
    return counted;
  }

  override async alarm(): Promise<void> {
    const counting = (this.#counting ??= this.#open());
    this.#keep(counting.unkept);
    const { sql } = this.ctx.storage;
    sql.exec("DELETE FROM counts WHERE tat <= ?", Date.now());
    const { size } = sql.exec<{ size: number }>("SELECT count(*) AS size FROM counts").one();
    const tooMany = Math.max(size - mostKept, 0);
    if (tooMany > 0) sql.exec("DELETE FROM counts WHERE key IN (SELECT key FROM counts ORDER BY tat LIMIT ?)", tooMany);
    if (size > 0) await this.#wakeAt(Date.now() + sweepEvery);
  }

  #open(): Counting {
    const { sql } = this.ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, tat REAL NOT NULL) WITHOUT ROWID");
    return createCounting(
      () => Date.now(),
      (key) => sql.exec<{ tat: number }>("SELECT tat FROM counts WHERE key = ?", key).toArray()[0]?.tat,
    );
  }

  #keep(unkept: Map<string, number>): void {
    for (const [key, tat] of unkept) {
      this.ctx.storage.sql.exec("INSERT OR REPLACE INTO counts (key, tat) VALUES (?, ?)", key, tat);
    }
    unkept.clear();
  }

  /** Unless it wakes up before that. */
  async #wakeAt(at: number): Promise<void> {
    const { storage } = this.ctx;
    const set = await storage.getAlarm();
    if (set === null || at < set) await storage.setAlarm(at);
  }
}
