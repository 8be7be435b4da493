import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import type { Ledger, Standing, Told } from "../../src/analytics.ts";
import { createLedger, withPoints } from "../../src/platform/cloudflare/analytics.ts";
import { createBatchedAnalytics, createMemoryAnalytics, pause } from "../../src/platform/memory/analytics.ts";
import { noCounts } from "../../src/platform/memory/counts.ts";
import { createTimers } from "../harness/timers.ts";
import { analyticsContract, experiment, type Counted } from "./analytics.ts";

const { ANALYTICS } = env as unknown as { ANALYTICS: DurableObjectNamespace };
const ledger = createLedger(ANALYTICS);

function inMemory(): Counted {
  const clock = { now: Date.now() };
  const analytics = createMemoryAnalytics({ now: () => clock.now, warn: () => undefined });
  return { analytics, clock, arrive: async () => undefined };
}

/** An isolate's batches, whose pauses pass when the story says so. */
function batched(to: Ledger) {
  const clock = { now: Date.now() };
  const timers = createTimers();
  const deferred: Promise<unknown>[] = [];
  const analytics = createBatchedAnalytics({
    ledger: to,
    by: crypto.randomUUID(),
    now: () => clock.now,
    after: timers.after,
    defer: (work) => void deferred.push(work),
  });
  const arrive = async (): Promise<void> => {
    while (deferred.length > 0) {
      const [first] = deferred.splice(0, 1);
      await Promise.all([first, timers.waiting().length > 0 ? timers.elapse(timers.waiting()[0]!, clock) : undefined]);
    }
  };
  return { analytics, arrive, clock, timers };
}

analyticsContract("in memory", inMemory);
analyticsContract("in batches, by Durable Objects", () => batched(ledger));
analyticsContract("with data points", (): Counted => {
  const points = { writeDataPoint: () => undefined };
  const counted = inMemory();
  return { ...counted, analytics: withPoints(counted.analytics, points) };
});

describe("in batches", () => {
  function recording({ fails = () => false }: { readonly fails?: () => boolean } = {}) {
    const told: Told[] = [];
    const to: Ledger = {
      ...ledger,
      async tell(one) {
        if (fails()) throw new Error("down");
        told.push(one);
        return {};
      },
    };
    return { ...batched(to), told };
  }

  test("the first is told at once, and what comes then every five seconds, the last one too", async () => {
    const { analytics, arrive, told, timers } = recording();
    const one = experiment();
    analytics.count(one, "control", { kind: "visit" });
    await vi.waitFor(() => expect(told).toHaveLength(1));
    for (let at = 0; at < 99; at++) analytics.count(one, "control", { kind: "visit" });
    await vi.waitFor(() => expect(timers.waiting()).toEqual([pause]));
    expect(told).toHaveLength(1);
    await arrive();
    expect(told.map(({ counts }) => counts["control"]?.visits)).toEqual([1, 99]);
  });

  test("what nobody took is told again as it was, before what came since", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    let isDown = true;
    const { analytics, arrive, told, clock } = recording({ fails: () => isDown });
    const one = experiment();
    analytics.count(one, "control", { kind: "visit" });
    await arrive();
    isDown = false;
    clock.now += pause;
    analytics.count(one, "control", { kind: "exposure" });
    await arrive();
    expect(told.map(({ number, counts }) => [number, counts["control"]?.visits, counts["control"]?.clients])).toEqual([
      [1, 1, 0],
      [2, 0, 1],
    ]);
    vi.restoreAllMocks();
  });

  test("expects clients by the verdicts that were known when they came, not by those that are when it is told", async () => {
    const answered = Promise.withResolvers<Standing>();
    const told: Told[] = [];
    const { analytics, arrive, clock } = batched({
      ...ledger,
      tell: async (one) => (told.push(one) === 1 ? answered.promise : {}),
    });
    const one = experiment();
    const come = (variant: string, many: number): void => {
      for (let at = 0; at < many; at++) analytics.count(one, variant, { kind: "exposure" });
    };
    come("control", 1);
    come("control", 2);
    come("constructor", 2);
    const verdict = { why: "errors", says: "It fails.", at: clock.now } as const;
    answered.resolve(Object.fromEntries([["constructor", verdict]]));
    await vi.waitFor(() => expect(analytics.standing(one.name)).toHaveProperty("constructor"));
    come("control", 10);
    await arrive();
    expect(told.map(({ expected }) => expected)).toEqual([
      { control: 0.75, constructor: 0.25 },
      { control: 13, constructor: 1 },
    ]);
    await ledger.tell(told[1]!);
    expect((await ledger.read(one.name)).expected).toEqual(told[1]!.expected);
  });

  test("answers are told second by second, of half a minute at most", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    let isDown = true;
    const { analytics, arrive, told, clock } = recording({ fails: () => isDown });
    const one = experiment();
    const answer = (failed: boolean, cluster: number) =>
      analytics.count(one, "constructor", { kind: "answer", failed, ms: 1, cluster });
    answer(false, 0);
    await arrive();
    clock.now = 1_000_000_000;
    for (let second = 0; second < 100; second++) {
      for (const cluster of [0, 7, 7]) answer(true, cluster);
      clock.now += 1_000;
    }
    isDown = false;
    await arrive();
    const [{ moments: before }, { moments, counts }] = told as [Told, Told];
    expect(before).toMatchObject([{ seen: { constructor: { 0: { count: 1, failures: 0 } } } }]);
    expect(moments!.map(({ at }) => at)).toEqual(Array.from({ length: 30 }, (_, second) => 1_000_070 + second));
    const seen = { constructor: { 0: { count: 1, failures: 1 }, 7: { count: 2, failures: 2 } } };
    for (const moment of moments!) expect(moment).toMatchObject({ seen });
    expect(counts["constructor"]!.answers.count).toBe(300);
    vi.restoreAllMocks();
  });

  test("who ended without telling is given up", async () => {
    const told: Told[] = [];
    let asked = 0;
    const { analytics, clock } = batched({
      ...ledger,
      async tell(one) {
        asked += 1;
        if (asked === 1) return new Promise(() => undefined);
        told.push(one);
        return {};
      },
    });
    const one = experiment();
    analytics.count(one, "control", { kind: "visit" });
    clock.now += 14_999;
    analytics.count(one, "control", { kind: "visit" });
    expect(asked).toBe(1);
    clock.now += 1;
    analytics.count(one, "control", { kind: "visit" });
    expect(asked).toBe(2);
    expect(told).toMatchObject([{ number: 1, counts: { control: { visits: 1 } } }]);
  });
});

describe("a Durable Object", () => {
  const told = (number: number, by = "isolate"): Told => ({
    experiment: kept,
    counts: { control: { ...noCounts, visits: 1 } },
    by,
    number,
  });
  const kept = experiment();

  test("hears what is told twice once, also over its rest", async () => {
    await ledger.tell(told(1));
    await ledger.tell(told(1));
    await ledger.tell(told(2));
    await evictDurableObject(ANALYTICS.get(ANALYTICS.idFromName(kept.name)));
    await ledger.tell(told(2));
    await ledger.tell(told(1, "another"));
    expect((await ledger.read(kept.name)).variants["control"]?.visits).toBe(3);
  });

  test("that says nothing is waited for no longer than 5 seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const silent = { idFromName: () => ({}), get: () => ({ read: async () => new Promise(() => undefined) }) };
    const read = createLedger(silent as unknown as DurableObjectNamespace).read("any");
    await Promise.all([
      expect(read).rejects.toMatchObject({ name: "TimeoutError" }),
      vi.advanceTimersByTimeAsync(5_000),
    ]);
    vi.useRealTimers();
  });
});

test("each thing that happens is a data point", () => {
  const points: AnalyticsEngineDataPoint[] = [];
  const analytics = withPoints(inMemory().analytics, { writeDataPoint: (point) => void points.push(point!) });
  const one = experiment("checkout");
  analytics.count(one, "control", { kind: "conversion", goal: "bought" });
  analytics.count(one, "control", { kind: "answer", failed: true, ms: 12, cluster: 3 });
  expect(points).toEqual([
    { indexes: ["checkout"], blobs: ["checkout", "control", "conversion", "bought"], doubles: [1, 0, 0] },
    { indexes: ["checkout"], blobs: ["checkout", "control", "answer", ""], doubles: [1, 1, 12] },
  ]);
});
