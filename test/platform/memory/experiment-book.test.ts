import { describe, expect, test } from "vitest";
import type { Answers, Measured, Told } from "../../../src/analytics.ts";
import { noCounts } from "../../../src/platform/memory/counts.ts";
import { createExperimentBook, type BookState } from "../../../src/platform/memory/experiment-book.ts";

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
  const hear = (variants: Readonly<Record<string, Answers>>, weight = 10) =>
    made.hear({
      experiment: measured(weight),
      counts: Object.fromEntries(
        Object.entries(variants).map(([name, seen]) => [name, { ...noCounts, clients: 30, answers: seen }]),
      ),
      by: "isolate",
      number: (number += 1),
    } satisfies Told);
  return { ...made, hear, warnings, kept: () => kept };
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
    second.hear({ canary: answers(150, 30) });
    expect(Object.keys(second.account().standing)).toEqual(["canary"]);
    expect(second.account().variants["stable"]!.clients).toBe(30);
  });

  test("knows so many names, whoever tells it more", () => {
    const { hear, account } = book();
    for (let name = 0; name < 300; name++) hear({ [`variant ${name}`]: answers(1, 0) });
    expect(Object.keys(account().variants)).toHaveLength(200);
    hear({ "variant 0": answers(1, 0) });
    expect(account().variants["variant 0"]!.answers.count).toBe(2);
  });
});
