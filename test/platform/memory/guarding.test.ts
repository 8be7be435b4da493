/** The guard's verdicts, by simulation: it hears of every five seconds, and is to be wrong seldom, and late never for long. */
import { describe, expect, test } from "vitest";
import { createChance, type Chance } from "../../../scripts/simulate/chance.ts";
import { clusters, type Answers, type Measured, type Moment } from "../../../src/analytics.ts";
import type { Guard } from "../../../src/config/guard.ts";
import { noGuarding, verdictsOn, watch, type Guarding } from "../../../src/platform/memory/guarding.ts";

type Both<T> = readonly [control: T, variant: T];

interface Life {
  /** Shares of answers that fail, by the second, to a fraction of it. */
  readonly fails: (time: number) => Both<number>;
  /** Answers in a second, on average. */
  readonly rates: (second: number) => Both<number>;
  /** How many times as long as usual they take, by the second. */
  readonly slower?: (time: number) => Both<number>;
  readonly seconds: number;
  readonly guard?: Guard;
  /** Whether a client of the first cluster makes a failing request of the variant in this second. */
  readonly attacks?: (second: number) => boolean;
}

const usual: Guard = { errors: 0.02, latency: 0.2, least: 200 };

function poisson(mean: number, { exponential }: Chance): number {
  let events = -1;
  for (let time = 0; time < mean; time += exponential()) events += 1;
  return Math.max(events, 0);
}

type Sum = { -readonly [K in keyof Answers]: Answers[K] };

const none = (): Sum => ({ count: 0, failures: 0, logs: 0, squares: 0 });

function add(sum: Sum, failed: boolean, log: number): void {
  sum.count += 1;
  if (failed) sum.failures += 1;
  else sum.logs += log;
}

/** By the cluster of clients. */
function second(
  at: number,
  side: 0 | 1,
  { rates, fails, slower, attacks, chance }: Life & { readonly chance: Chance },
) {
  const { uniform, normal } = chance;
  const seen = new Map<number, Sum>();
  const of = (cluster: number): Sum => seen.get(cluster) ?? seen.set(cluster, none()).get(cluster)!;
  for (let left = poisson(rates(at)[side], chance); left > 0; left--) {
    const time = at + uniform();
    // One answer in 30 is twenty times as slow.
    const log = Math.log(100 * (slower?.(time)[side] ?? 1)) + 0.6 * normal() + (uniform() < 1 / 30 ? 3 : 0);
    add(of(Math.floor(uniform() * clusters)), uniform() < fails(time)[side], log);
  }
  if (side === 1 && attacks?.(at)) add(of(0), true, 0);
  return Object.fromEntries(seen);
}

/** How often it rolls back, and after how many of the variant's answers, and seconds, in the middle one of those runs. */
function live(life: Life, runs: number) {
  const lived = { ...life, chance: createChance(20_261_126, 0) };
  const experiment: Measured = {
    name: "release",
    variants: [
      { name: "control", weight: 1 },
      { name: "variant", weight: 1, guard: life.guard ?? usual },
    ],
  };
  const ended: { answers: number; seconds: number }[] = [];
  for (let run = 0; run < runs; run++) {
    let [state, answers]: [Guarding, number] = [noGuarding, 0];
    let batch: Moment[] = [];
    for (let at = 0; at < life.seconds; at++) {
      const variant = second(at, 1, lived);
      answers += Object.values(variant).reduce((all, { count }) => all + count, 0);
      batch.push({ at, seen: { control: second(at, 0, lived), variant } });
      if (at % 5 < 4) continue;
      state = watch(state, batch, experiment);
      batch = [];
      if (verdictsOn(state, experiment).length === 0) continue;
      ended.push({ answers, seconds: at + 1 });
      break;
    }
  }
  const middle = (of: "answers" | "seconds") =>
    ended.map((one) => one[of]).toSorted((a, b) => a - b)[ended.length >> 1];
  return { rolledBack: ended.length / runs, answers: middle("answers"), seconds: middle("seconds") };
}

/** One visit in twenty sees the variant. */
const tenASecond = (): Both<number> => [9.5, 0.5];

/** While it is out, everything fails; nine of ten of the variant's visits are hits in quiet times, and nothing is kept of failures. */
function outages(isOut: (time: number) => boolean, rate: number): Pick<Life, "fails" | "rates"> {
  return {
    fails: (time) => (isOut(time) ? [1, 1] : [0.001, 0.001]),
    rates: (at) => (isOut(at) ? [rate, rate] : [rate, rate / 10]),
  };
}

describe("a variant that is no worse than its margins", () => {
  test.each<readonly [string, Life]>([
    ["is as good as the control", { fails: () => [0.01, 0.01], rates: tenASecond, seconds: 450 }],
    ["is as bad as the margin allows", { fails: () => [0.01, 0.03], rates: tenASecond, seconds: 450 }],
    [
      "is as slow as the margin allows",
      { fails: () => [0, 0], slower: () => [1, 1.2], rates: tenASecond, seconds: 450 },
    ],
    [
      "fails as the control never does, within the margin",
      { fails: () => [0, 0.02], rates: () => [5, 5], seconds: 300 },
    ],
    [
      "has a control that is seldom seen, and no margin",
      {
        fails: () => [0.01, 0.01],
        rates: () => [0.5, 9.5],
        seconds: 500,
        guard: { errors: 0, latency: undefined, least: 50 },
      },
    ],
    [
      "goes through an outage with the control",
      {
        fails: (time) => (time > 200 && time < 250 ? [0.9, 0.9] : [0.001, 0.001]),
        rates: tenASecond,
        seconds: 500,
      },
    ],
    [
      "goes through an outage with the control, of which it has ten times as much as of quiet times",
      { ...outages((time) => time > 150.4 && time < 210.7, 5), seconds: 300, guard: { ...usual, least: 50 } },
    ],
    ["goes through one in every other half minute", { ...outages((time) => (time + 0.3) % 60 > 30, 5), seconds: 600 }],
    [
      "goes through times in which all is slow, of which it has more than of others",
      {
        fails: () => [0, 0],
        slower: (time) => ((time + 0.3) % 60 > 30 ? [10, 10] : [1, 1]),
        rates: (at) => (at % 60 > 29 ? [5, 5] : [5, 0.5]),
        seconds: 600,
      },
    ],
    [
      "has a client that does nothing but fail, all the time",
      { fails: () => [0.01, 0.01], rates: () => [3, 3], seconds: 300, attacks: () => true },
    ],
  ])(
    "stays in 99 of 100 lives, when it %s",
    (_, life) => {
      expect(live(life, 500).rolledBack).toBeLessThanOrEqual(0.01);
    },
    60_000,
  );
});

describe("a variant that is worse", () => {
  const busy = (): Both<number> => [95, 5];
  test.each<readonly [string, Life, { readonly answers: number; readonly seconds: number }]>([
    ["fails always", { fails: () => [0.001, 1], rates: tenASecond, seconds: 1_000 }, { answers: 210, seconds: 420 }],
    [
      "fails always, where much is going on",
      { fails: () => [0.001, 1], rates: () => [80, 80], seconds: 60, guard: { ...usual, least: 50 } },
      { answers: 2_000, seconds: 20 },
    ],
    [
      "fails always, and most of what it ever had came in the first seconds",
      {
        fails: () => [0.001, 1],
        rates: (at) => (at < 5 ? [100, 100] : [0.5, 0.5]),
        seconds: 600,
        guard: { ...usual, least: 50 },
      },
      { answers: 600, seconds: 150 },
    ],
    [
      "fails one time in ten",
      { fails: () => [0.001, 0.1], rates: tenASecond, seconds: 2_000 },
      { answers: 250, seconds: 500 },
    ],
    [
      "fails five times in a hundred, the control once",
      { fails: () => [0.01, 0.05], rates: () => [5, 5], seconds: 1_500 },
      { answers: 2_600, seconds: 520 },
    ],
    [
      "is twice as slow",
      { fails: () => [0, 0], slower: () => [1, 2], rates: tenASecond, seconds: 1_000 },
      { answers: 210, seconds: 420 },
    ],
    [
      "is slower by half, where much is going on",
      { fails: () => [0, 0], slower: () => [1, 1.5], rates: busy, seconds: 600 },
      { answers: 300, seconds: 60 },
    ],
  ])(
    "goes, soon, when it %s",
    (_, life, soon) => {
      const { rolledBack, answers, seconds } = live(life, 200);
      expect(rolledBack).toBeGreaterThan(0.99);
      expect(answers).toBeLessThanOrEqual(soon.answers);
      expect(seconds).toBeLessThanOrEqual(soon.seconds);
    },
    60_000,
  );
});
