/** The guard's verdicts, by simulation: it looks after every few visits, and is to be wrong seldom, and late never for long. */
import { describe, expect, test } from "vitest";
import { createChance } from "../../../scripts/simulate/chance.ts";
import type { Answers } from "../../../src/analytics.ts";
import { verdictOn } from "../../../src/platform/memory/verdict.ts";

const runs = 500;

interface Life {
  /** Shares of answers that fail, of the control and of the variant, by the time from 0 to 1. */
  readonly fails: (time: number) => readonly [number, number];
  /** How many times as long the variant takes. */
  readonly slower?: number;
  /** Of visits that see the variant. */
  readonly weight: number;
  readonly visits: number;
}

const guard = { errors: 0.02, latency: 0.2, least: 200 };

function add(sum: { -readonly [K in keyof Answers]: Answers[K] }, failed: boolean, log: number): void {
  sum.count += 1;
  if (failed) sum.failures += 1;
  else {
    sum.logs += log;
    sum.squares += log * log;
  }
}

/** How often it rolls back, and after how many of the variant's visits in the middle one of those runs. */
function live({ fails, slower = 1, weight, visits }: Life) {
  const { uniform, normal } = createChance(20_261_126, 0);
  const after: number[] = [];
  for (let run = 0; run < runs; run++) {
    const sides = [0, 1].map(() => ({ count: 0, failures: 0, logs: 0, squares: 0 }));
    for (let visit = 1; visit <= visits; visit++) {
      const side = uniform() < weight ? 1 : 0;
      // One answer in 30 is twenty times as slow.
      const log = Math.log(100) + 0.6 * normal() + (uniform() < 1 / 30 ? 3 : 0) + (side ? Math.log(slower) : 0);
      add(sides[side]!, uniform() < fails(visit / visits)[side], log);
      if (visit % 20 > 0 || !verdictOn({ control: sides[0]!, variant: sides[1]! }, guard)) continue;
      after.push(sides[1]!.count);
      break;
    }
  }
  return { rolledBack: after.length / runs, middle: after.toSorted((one, other) => one - other)[after.length >> 1] };
}

describe("a variant that is no worse than its margins", () => {
  test.each<readonly [string, Life]>([
    ["is as good as the control", { fails: () => [0.01, 0.01], weight: 0.1, visits: 6_000 }],
    ["is as bad as the margin allows", { fails: () => [0.01, 0.03], weight: 0.1, visits: 6_000 }],
    ["is as slow as the margin allows", { fails: () => [0, 0], slower: 1.2, weight: 0.1, visits: 6_000 }],
    ["fails as the control never does, within the margin", { fails: () => [0, 0.02], weight: 0.5, visits: 5_000 }],
    [
      "goes through an outage with the control",
      { fails: (time) => (time > 0.4 && time < 0.5 ? [0.9, 0.9] : [0.001, 0.001]), weight: 0.05, visits: 10_000 },
    ],
  ])("stays in 99 of 100 lives, when it %s", (_, life) => {
    expect(live(life).rolledBack).toBeLessThanOrEqual(0.01);
  });
});

describe("a variant that is worse", () => {
  test.each<readonly [string, Life, number]>([
    ["fails always", { fails: () => [0.001, 1], weight: 0.05, visits: 10_000 }, 210],
    ["fails one time in ten", { fails: () => [0.001, 0.1], weight: 0.05, visits: 10_000 }, 250],
    ["is twice as slow", { fails: () => [0, 0], slower: 2, weight: 0.05, visits: 10_000 }, 250],
    ["is slower by half", { fails: () => [0, 0], slower: 1.5, weight: 0.05, visits: 10_000 }, 500],
  ])("goes, soon, when it %s", (_, life, soon) => {
    const { rolledBack, middle } = live(life);
    expect(rolledBack).toBeGreaterThan(0.99);
    expect(middle).toBeLessThanOrEqual(soon);
  });
});

const answers = (count: number, failures: number): Answers => {
  const log = Math.log(100);
  return { count, failures, logs: (count - failures) * log, squares: (count - failures) * log * log };
};

test("nothing is decided before enough was seen on both sides", () => {
  expect(verdictOn({ control: answers(10_000, 0), variant: answers(199, 199) }, guard)).toBeUndefined();
  expect(verdictOn({ control: answers(199, 0), variant: answers(10_000, 10_000) }, guard)).toBeUndefined();
  expect(verdictOn({ control: answers(0, 0), variant: answers(0, 0) }, { ...guard, least: 0 })).toBeUndefined();
});

test("what the guard doesn't speak of decides nothing", () => {
  const sides = { control: answers(1_000, 0), variant: answers(1_000, 900) };
  expect(verdictOn(sides, { ...guard, errors: undefined })).toBeUndefined();
  expect(verdictOn(sides, { ...guard, latency: undefined })?.why).toBe("errors");
});

test("it says what it saw", () => {
  const slow: Answers = {
    count: 500,
    failures: 0,
    logs: 500 * Math.log(200),
    squares: 500 * (Math.log(200) ** 2 + 0.2),
  };
  const usual: Answers = {
    count: 900,
    failures: 0,
    logs: 900 * Math.log(100),
    squares: 900 * (Math.log(100) ** 2 + 0.2),
  };
  expect(verdictOn({ control: usual, variant: slow }, guard)).toEqual({
    why: "latency",
    says: "Answers take 200 ms, the control's 100 ms (geometric means of 500 and 900): more than 20 % above, beyond chance.",
  });
});
