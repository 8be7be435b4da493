/** What counting for all locations costs in exactness: measured, and held to what the documents say. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RateLimit } from "../../../src/config/rates.ts";
import type { Edge } from "../../../src/edge.ts";
import { toLimit } from "../../../src/config/limit.ts";
import { createRates } from "../../../src/platform/memory/rates.ts";
import type { Counters } from "../../../src/rates.ts";
import { takeToken } from "../../../src/scrub/rates/rate.ts";
import { counted } from "../../harness/counted.ts";
import { clean } from "../../harness/rooms.ts";

interface Story {
  readonly isolates: number;
  /** Milliseconds to the one who counts and back. */
  readonly way: number;
  readonly limit: RateLimit;
  /** Isolate that each visit comes to; one visit each `every` milliseconds. */
  readonly visits: readonly number[];
  readonly every: number;
  /** Nobody comes for so long before the visit of that number. */
  readonly pause?: { readonly before: number; readonly ms: number };
}

function rateOf(count: number, period: number, burst?: number): RateLimit {
  const input = { rate: { count, period }, per: () => "client", count: "all", then: "block" } as const;
  return toLimit({ ...input, ...(burst !== undefined && { burst }) }, { name: "api", monitor: false }) as RateLimit;
}

const start = 1_700_000_000_000;

/** When visits were let in. */
async function play({ isolates, way, limit, visits, every, pause }: Story): Promise<readonly number[]> {
  const clock = { now: start };
  const onTheirWay: { readonly at: number; readonly arrive: () => void }[] = [];
  const pass = async (ms: number): Promise<void> => {
    const arrived = new Promise<void>((arrive) => onTheirWay.push({ at: clock.now + ms, arrive }));
    onTheirWay.sort((one, other) => one.at - other.at);
    return arrived;
  };
  const exact = counted(() => clock.now);
  const counters: Counters = {
    async count(shard, spendings) {
      await pass(way / 2);
      const said = await exact.count(shard, spendings);
      await pass(way / 2);
      return said;
    },
  };
  const edges = Array.from({ length: isolates }, () => {
    const ports = { now: () => clock.now, counters, rates: createRates(), defer: () => undefined };
    return ports as Partial<Edge> as Edge;
  });
  const visit = clean("/");
  const admitted: number[] = [];
  const moveTo = async (at: number): Promise<void> => {
    while (onTheirWay[0] && onTheirWay[0].at <= at) {
      clock.now = Math.max(clock.now, onTheirWay[0].at);
      onTheirWay.shift()!.arrive();
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    }
    clock.now = at;
  };
  for (const [index, isolate] of visits.entries()) {
    await moveTo(start + index * every + (pause && index >= pause.before ? pause.ms : 0));
    if (takeToken(visit, limit, edges[isolate]!) === undefined) admitted.push(clock.now);
    visit.dues.length = 0;
  }
  return admitted;
}

/** The most that any window has beyond the burst and what comes back in it. */
function excess(admitted: readonly number[], { quota }: RateLimit): number {
  // How far the bucket is in debt, when it takes all of them: the same over all windows, in one pass.
  let [most, tat] = [0, 0];
  for (const at of admitted) {
    tat = Math.max(tat, at) + quota.interval;
    most = Math.max(most, (tat - at) / quota.interval - quota.burst);
  }
  return most;
}

/** Each isolate may let in a whole burst that no other knows of, and what comes back until it is heard. */
function boundOf({ isolates, way, limit }: Pick<Story, "isolates" | "way" | "limit">): number {
  return isolates * (limit.quota.burst + way / limit.quota.interval);
}

const roundRobin = (visits: number, isolates: number): number[] =>
  Array.from({ length: visits }, (_, n) => n % isolates);

describe("a flood over many isolates", () => {
  test.each([
    [1, rateOf(100, 60_000), 0],
    [10, rateOf(100, 60_000), 162],
    [50, rateOf(100, 60_000), 686],
    [10, rateOf(100, 60_000, 20), 99],
    [10, rateOf(5, 60_000), 45],
    [10, rateOf(1_000, 1_000, 50), 0],
  ])("%i isolates let in no more beyond %j than each a burst: %i", async (isolates, limit, measured) => {
    const story = { isolates, way: 60, limit, visits: roundRobin(60_000, isolates), every: 1 };
    const admitted = await play(story);
    const over = excess(admitted, limit);
    expect(Math.round(over)).toBe(measured);
    expect(over).toBeLessThanOrEqual(boundOf(story));
    // Nobody is let starve: what comes back in the minute is used, in the long run.
    expect(admitted.length).toBeGreaterThanOrEqual(limit.quota.burst + (60_000 / limit.period) * limit.count * 0.9);
  });

  test("in the long run as many are let in as the rate says", async () => {
    const limit = rateOf(60, 60_000, 10);
    const minutes = 30;
    const admitted = await play({ isolates: 8, way: 100, limit, visits: roundRobin(minutes * 600, 8), every: 100 });
    const [least, most] = [minutes * 60 * 0.97, minutes * 60 + 10 + boundOf({ isolates: 8, way: 100, limit })];
    expect(admitted.length).toBeGreaterThan(least);
    expect(admitted.length).toBeLessThanOrEqual(most);
  });
});

test("an honest client that stays below its rate is never refused, however it is spread", async () => {
  const limit = rateOf(60, 60_000, 10);
  const visits = roundRobin(1_000, 5);
  expect(await play({ isolates: 5, way: 80, limit, visits, every: 1_001 })).toHaveLength(1_000);
});

test("as many as the burst are let in at once, at first and whenever nothing came for long, with nothing heard meanwhile", async () => {
  for (const limit of [rateOf(100, 60_000, 20), rateOf(100, 60_000), rateOf(5, 60_000), rateOf(1_000, 1_000, 50)]) {
    const { burst, interval } = limit.quota;
    const atOnce = { isolates: 1, way: 60, limit, every: 0 };
    expect(await play({ ...atOnce, visits: roundRobin(burst + 5, 1) })).toHaveLength(burst);
    const pause = Math.ceil(burst * interval) + 10_000;
    const admitted = await play({
      ...atOnce,
      visits: roundRobin(2 * burst + 5, 1),
      pause: { before: burst, ms: pause },
    });
    expect(admitted).toHaveLength(2 * burst);
  }
});

test("however visits are spread, the bound holds", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        isolates: fc.integer({ min: 1, max: 8 }),
        way: fc.integer({ min: 0, max: 400 }),
        limit: fc
          .tuple(
            fc.integer({ min: 1, max: 200 }),
            fc.integer({ min: 100, max: 60_000 }),
            fc.integer({ min: 1, max: 100 }),
          )
          .map(([count, period, burst]) => rateOf(count, period, burst)),
        visits: fc.array(fc.nat(1_000), { maxLength: 400 }),
        every: fc.integer({ min: 0, max: 300 }),
      }),
      async ({ visits, ...story }) => {
        const spread = visits.map((number) => number % story.isolates);
        const admitted = await play({ ...story, visits: spread });
        expect(excess(admitted, story.limit)).toBeLessThanOrEqual(boundOf(story) + 0.01);
      },
    ),
    { numRuns: 100 },
  );
});
