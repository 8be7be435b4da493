/** What is measured of experiments: goals, and guards. */
import { describe, expect, test } from "vitest";
import { configOf, linesOf } from "./load.ts";

const variants = [
  { name: "a", weight: 1 },
  { name: "b", weight: 2 },
];

function experiment(changes: object) {
  return { EXPERIMENTS: [{ name: "form", variants, ...changes }] };
}

const goalsOf = (...goals: readonly object[]) => configOf(experiment({ goals })).experiments[0]!.goals;
const guardOf = (changes: object) => configOf(experiment(changes)).experiments[0]!.measured.variants[1]!.guard;

describe("goals", () => {
  test("are reached by visits, or by events", () => {
    const [bought, browsed, made, asked] = goalsOf(
      { name: "bought", path: "/dänke" },
      { name: "browsed", path: "/shop/*", status: 200 },
      { name: "made", status: [201, 303] },
      { name: "asked", event: "question" },
    );
    expect(bought).toMatchObject({ path: { text: "/d%C3%A4nke", isPrefix: false }, statuses: undefined });
    expect(browsed).toMatchObject({ path: { text: "/shop/", isPrefix: true }, statuses: new Set([200]) });
    expect(made).toMatchObject({ path: undefined, statuses: new Set([201, 303]) });
    expect(asked).toMatchObject({ name: "asked", event: "question" });
    const marks = [bought, browsed, made, asked].map((goal) => goal!.mark);
    expect(new Set(marks).size).toBe(4);
    for (const mark of marks) expect(mark).toMatch(/^[0-9a-z]{7}$/);
  });

  test.each([
    [{ name: "a" }, "goals[0]"],
    [{ name: "a", path: "/a", event: "b" }, "goals[0]"],
    [{ name: "a", path: "thanks" }, "goals[0].path"],
    [{ name: "a", path: "/a*b" }, "goals[0].path"],
    [{ name: "a", path: "/a?b" }, "goals[0].path"],
    [{ name: "a", status: 99 }, "goals[0].status"],
    [{ name: "a", status: [] }, "goals[0].status"],
    [{ name: "a b", path: "/" }, "goals[0].name"],
    [{ name: "a", event: "b c" }, "goals[0].event"],
  ])("%j is none", (goal, at) => {
    expect(linesOf(experiment({ goals: [goal] }))).toEqual([
      expect.stringMatching(new RegExp(`^EXPERIMENTS\\[0\\]\\.${at.replaceAll("[", "\\[").replaceAll("]", "\\]")}`)),
    ]);
  });

  test("of one name are two", () => {
    const goal = { name: "a", path: "/" };
    expect(linesOf(experiment({ goals: [goal, goal] }))).toEqual([
      'EXPERIMENTS[0].goals[1].name: "a" is not a name that no other goal has.',
    ]);
  });
});

describe("a guard", () => {
  test("is the experiment's, unless a variant has its own; the control has none", () => {
    const guard = { errors: "2%", latency: "150%" };
    expect(guardOf({ guard })).toEqual({ errors: 0.02, latency: 1.5, least: 200 });
    expect(guardOf({ guard, variants: [variants[0], { ...variants[1], guard: { errors: "1%", least: 60 } }] })).toEqual(
      {
        errors: 0.01,
        latency: undefined,
        least: 60,
      },
    );
    expect(guardOf({})).toBeUndefined();
    expect(configOf(experiment({ guard })).experiments[0]!.measured.variants[0]!.guard).toBeUndefined();
  });

  test("makes no other stored answers, as weights don't", () => {
    const keyOf = (guard?: object) =>
      configOf(
        experiment({ variants: [variants[0], { ...variants[1], rewrite: { path: "/b" }, ...(guard && { guard }) }] }),
      ).experiments[0]!.variants[1]!.key;
    expect(keyOf({ errors: "1%" })).toBe(keyOf());
    expect(keyOf()).toBeDefined();
  });

  test.each([
    [{}, "guard"],
    [{ errors: "100%" }, "guard.errors"],
    [{ errors: 0.02 }, "guard.errors"],
    [{ latency: "0%" }, "guard.latency"],
    [{ latency: "20" }, "guard.latency"],
    [{ errors: "2%", least: 10 }, "guard.least"],
  ])("%j is none", (guard, at) => {
    const [line, ...more] = linesOf(experiment({ guard }));
    expect([line, more]).toEqual([expect.stringContaining(`EXPERIMENTS[0].${at}: `), []]);
  });

  test("of the control is a mistake", () => {
    const guard = { errors: "2%" };
    expect(linesOf(experiment({ variants: [{ ...variants[0], guard }, variants[1]] }))).toEqual([
      expect.stringMatching(/^EXPERIMENTS\[0\]\.variants\[0\]\.guard: .*the first variant is the control/),
    ]);
  });
});
