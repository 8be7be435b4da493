import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { createBanning } from "../../src/platform/cloudflare/bans.ts";
import { createBanBook, type Ban } from "../../src/platform/memory/banning.ts";
import { banningContract } from "./banning.ts";

const { BANS } = env as unknown as { BANS: DurableObjectNamespace };
const banning = createBanning(BANS);
const stub = BANS.get(BANS.idFromName("bans"));

banningContract("in memory", () => {
  const book = createBanBook(() => Date.now());
  return { look: async (told) => structuredClone(book.look(structuredClone(told))) };
});
banningContract("as a Durable Object", () => banning);

const minute = 60_000;
const policy = { quota: { interval: minute, burst: 3 }, first: 10 * minute, most: 30 * minute };

describe("a Durable Object", () => {
  const times = async (client: string): Promise<Ban> =>
    runInDurableObject(stub, (_, { storage }) => {
      const [row] = storage.sql.exec("SELECT ban FROM bans WHERE client = ?", client).toArray();
      return JSON.parse(String(row!["ban"])) as Ban;
    });

  test("keeps bans over its rest, and goes on with its numbers", async () => {
    const before = await banning.look({ policy, offences: [["192.0.2.1", 4]], since: 0 });
    await evictDurableObject(stub);
    const after = await banning.look({ policy, offences: [["192.0.2.2", 4]], since: before.seen });
    expect(after.bans.map(([group]) => group)).toEqual(["192.0.2.2"]);
    const all = (await banning.look({ policy, offences: [], since: 0 })).bans.map(([group]) => group);
    expect(all).toEqual(expect.arrayContaining(["192.0.2.1", "192.0.2.2"]));
    expect(await times("192.0.2.1")).toMatchObject({ times: 1 });
  });

  test("wakes up to forget", async () => {
    await banning.look({ policy, offences: [["192.0.2.3", 4]], since: 0 });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await times("192.0.2.3")).toMatchObject({ times: 1 });
    expect(await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())).not.toBeNull();
  });

  test("that says nothing is waited for no longer than 5 seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silent = { idFromName: () => ({}), get: () => ({ look: async () => new Promise(() => undefined) }) };
    const look = createBanning(silent as unknown as DurableObjectNamespace).look({ policy, offences: [], since: 0 });
    await Promise.all([
      expect(look).rejects.toMatchObject({ name: "TimeoutError" }),
      vi.advanceTimersByTimeAsync(5_000),
    ]);
    vi.useRealTimers();
  });
});

describe("a book of bans", () => {
  function book() {
    const kept = new Map<string, Ban | undefined>();
    const clock = { now: 1e12 };
    const made = createBanBook(
      () => clock.now,
      undefined,
      (group, ban) => kept.set(group, ban),
    );
    const offend = (group: string, count = 4, since = 0) =>
      made.look({ policy, offences: [[group, count]], since }).bans;
    return { ...made, kept, clock, offend };
  }

  test("doubles the time of each further ban, up to the longest", () => {
    const { clock, offend } = book();
    for (const minutes of [10, 20, 30, 30]) {
      expect(offend("a")).toEqual([["a", minutes * minute]]);
      clock.now += minutes * minute;
    }
  });

  test("begins anew after a pause as long as the longest, which is swept out", () => {
    const { clock, offend, sweep, kept } = book();
    offend("a");
    clock.now += 40 * minute - 1;
    expect([sweep(), kept.get("a")?.times]).toEqual([true, 1]);
    clock.now += 1;
    expect([sweep(), kept.get("a")]).toEqual([false, undefined]);
    expect(offend("a")).toEqual([["a", 10 * minute]]);
  });

  test("lets what is past fade", () => {
    const { clock, offend } = book();
    for (let hour = 0; hour < 10; hour++) {
      expect(offend("a", 3)).toEqual([]);
      clock.now += 3 * minute;
    }
  });

  test("holds so many bans, and gives up those that end first", () => {
    const { clock, offend, kept } = book();
    for (let number = 0; number <= 10_000; number++) {
      clock.now += 1;
      offend(`client ${number}`, 4, clock.now);
    }
    expect(kept.size).toBe(10_001);
    expect([...kept.values()].filter((ban) => ban === undefined)).toHaveLength(1);
    expect(kept.get("client 0")).toBeUndefined();
  });
});
