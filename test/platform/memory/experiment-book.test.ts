import { describe, expect, test } from "vitest";
import type { Answers, Measured, Told } from "../../../src/analytics.ts";
import { noCounts } from "../../../src/platform/memory/counts.ts";
import { createExperimentBook, type BookState } from "../../../src/platform/memory/experiment-book.ts";
import { evenly } from "../../harness/moments.ts";

const guard = { errors: 0.02, latency: undefined, least: 200 };

function measured(weight: number): Measured {
  return {
    name: "release",
    variants: [
      { name: "stable", weight: 100 - weight },
      { name: "canary", weight, guard },
      { name: "other", weight: 10, guard },
    ],
  };
}

const answers = (count: number, failures: number): Answers => ({ count, failures, logs: 0, squares: 0 });

function book(before?: BookState) {
  const warnings: string[] = [];
  let kept = before;
  let number = 0;
  const made = createExperimentBook({
    now: () => 1e12,
    warn: (line) => void warnings.push(line),
    before,
    keep: (next) => void (kept = next),
  });
  /** Of half a minute. */
  const told = (variants: Readonly<Record<string, Answers>>, weight = 10): Told => ({
    experiment: measured(weight),
    counts: Object.fromEntries(
      Object.entries(variants).map(([name, seen]) => [name, { ...noCounts, clients: 30, answers: seen }]),
    ),
    moments: evenly(variants, { from: number * 30, seconds: 30 }),
    by: "isolate",
    number: (number += 1),
  });
  const hear = (...args: Parameters<typeof told>) => made.hear(told(...args));
  return { ...made, tell: made.hear, told, hear, warnings, kept: () => kept };
}

describe("a book of an experiment", () => {
  test("rolls back the bad variant alone, warns once, and no more clients are expected there", () => {
    const { hear, warnings, account } = book();
    hear({ stable: answers(900, 9), canary: answers(300, 60), other: answers(300, 3) });
    const standing = hear({ stable: answers(900, 9), canary: answers(300, 60), other: answers(300, 3) });
    expect(Object.keys(standing)).toEqual(["canary"]);
    expect(warnings).toHaveLength(1);
    const [{ canary: before }] = [account().expected];
    hear({ stable: answers(0, 0), other: answers(0, 0) });
    expect(account().expected["canary"]).toBe(before);
  });

  test("lets an outage of all at other weights count against nobody", () => {
    const { hear, warnings, account } = book();
    for (let hour = 0; hour < 50; hour++) hear({ stable: answers(990, 1), canary: answers(10, 0) }, 1);
    for (let hour = 0; hour < 3; hour++) hear({ stable: answers(500, 450), canary: answers(500, 450) }, 50);
    expect(warnings).toEqual([]);
    expect(account().isReweighed).toBe(true);
  });

  test("goes on from what was kept", () => {
    const first = book();
    first.hear({ stable: answers(400, 4), canary: answers(150, 30) });
    expect(first.account().standing).toEqual({});
    const second = book(structuredClone(first.kept()));
    second.hear({ stable: answers(400, 4), canary: answers(150, 30) });
    expect(Object.keys(second.account().standing)).toEqual(["canary"]);
    expect(second.account().variants["stable"]!.clients).toBe(60);
  });

  test("begins anew with what an older version kept, and sees nothing of one who tells as that did", () => {
    const first = book();
    first.hear({ stable: answers(900, 9), canary: answers(300, 3) });
    const { guarding, ...kept } = first.kept()!;
    expect(guarding).toBeDefined();
    const older = { ...kept, seen: { stable: answers(900, 9), canary: answers(300, 300) } };
    const second = book(JSON.parse(JSON.stringify(older)));
    const { moments, ...told } = second.told({ stable: answers(900, 9), canary: answers(300, 300) });
    expect(moments).toHaveLength(30);
    expect(second.tell(told)).toEqual({});
    expect(second.account().variants["canary"]!.answers.count).toBe(600);
    second.hear({ stable: answers(900, 9), canary: answers(300, 60) });
    expect(Object.keys(second.account().standing)).toEqual(["canary"]);
  });

  test("keeps no more, however long it goes on", () => {
    const { hear, kept } = book();
    const size = () => JSON.stringify(kept()).length;
    for (let time = 0; time < 20; time++) hear({ stable: answers(900, 9), canary: answers(300, 3) });
    const before = size();
    for (let time = 0; time < 1_000; time++) hear({ stable: answers(900, 9), canary: answers(300, 3) });
    expect(size()).toBeLessThan(before * 1.1);
  });

  test("knows so many names, whoever tells it more", () => {
    const { hear, account } = book();
    for (let name = 0; name < 300; name++) hear({ [`variant ${name}`]: answers(1, 0) });
    expect(Object.keys(account().variants)).toHaveLength(200);
    hear({ "variant 0": answers(1, 0) });
    expect(account().variants["variant 0"]!.answers.count).toBe(2);
  });
});
