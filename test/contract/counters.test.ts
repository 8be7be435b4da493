import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { createCounters } from "../../src/platform/cloudflare/rates.ts";
import { counted } from "../harness/counted.ts";
import { countersContract } from "./counters.ts";

const { RATES } = env as unknown as { RATES: DurableObjectNamespace };
const counters = createCounters(RATES);

countersContract("in memory", () => counted(() => Date.now()));
countersContract("as Durable Objects", () => counters);

describe("a Durable Object", () => {
  const daily = { interval: 3_600_000, burst: 24 };
  const brief = { interval: 100, burst: 10 };
  const stub = (shard: number) => RATES.get(RATES.idFromName(`shard ${shard}`));
  const kept = async (shard: number): Promise<unknown[]> =>
    runInDurableObject(stub(shard), (_, { storage }) =>
      storage.sql
        .exec("SELECT key FROM counts ORDER BY key")
        .toArray()
        .map(({ key }) => key),
    );

  test("keeps what counts for long over its rest, and nothing else", async () => {
    await counters.count(20, [
      { key: "long", quota: daily, spent: 3 },
      { key: "brief", quota: brief, spent: 3 },
    ]);
    expect(await kept(20)).toEqual([]);
    expect(await runDurableObjectAlarm(stub(20))).toBe(true);
    expect(await kept(20)).toEqual(["long"]);
    await evictDurableObject(stub(20));
    const [long] = await counters.count(20, [{ key: "long", quota: daily, spent: 0 }]);
    expect(long).toBeGreaterThan(2.9 * daily.interval);
  });

  test("loses what it hadn't kept yet, when it ends of itself", async () => {
    await counters.count(21, [{ key: "long", quota: daily, spent: 3 }]);
    await evictDurableObject(stub(21));
    expect(await counters.count(21, [{ key: "long", quota: daily, spent: 0 }])).toEqual([0]);
  });

  test("sweeps out what is over, and sleeps when nothing is left", async () => {
    await counters.count(22, [{ key: "long", quota: daily, spent: 1 }]);
    await runDurableObjectAlarm(stub(22));
    expect(await kept(22)).toEqual(["long"]);
    await runInDurableObject(stub(22), (_, { storage }) => storage.sql.exec("UPDATE counts SET tat = 1"));
    expect(await runDurableObjectAlarm(stub(22))).toBe(true);
    expect(await kept(22)).toEqual([]);
    expect(await runDurableObjectAlarm(stub(22))).toBe(false);
  });

  test("that says nothing is waited for no longer than 2 seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silent = { idFromName: () => ({}), get: () => ({ count: async () => new Promise(() => undefined) }) };
    const count = createCounters(silent as unknown as DurableObjectNamespace).count(0, []);
    await Promise.all([
      expect(count).rejects.toMatchObject({ name: "TimeoutError" }),
      vi.advanceTimersByTimeAsync(2_000),
    ]);
    vi.useRealTimers();
  });
});
