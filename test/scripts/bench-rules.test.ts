import { describe, expect, test } from "vitest";
import { conditionsOf, visitsTo } from "../../scripts/bench/rule-mix.ts";
import { compileRules, countOf, evaluateRules, renderRules, rules, toAsked } from "../../scripts/bench/rules.ts";

describe("the rules that are timed", () => {
  const sources = conditionsOf(400);
  const [compiled, evaluated] = [compileRules(sources), evaluateRules(sources)];

  test("are of twenty kinds, each with a number of its own", () => {
    expect(sources.slice(0, 2)).toEqual(['request.path.startsWith("/section-1/")', 'request.path == "/landing/2"']);
    expect(new Set(conditionsOf(200)).size).toBe(200);
  });

  test("apply to the same visits, compiled or evaluated", () => {
    for (const visit of visitsTo(100)) {
      expect(compiled.map((when) => when(visit))).toEqual(evaluated.map((when) => when(visit)));
    }
  });

  test("apply rarely, but do", () => {
    const counts = visitsTo(100).map((visit) => countOf(compiled.slice(0, 100), visit));
    expect(Math.max(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThan(5);
  });
});

test("a hundred are judged, to the digit; other numbers aren't", () => {
  expect(toAsked(100, [[15, 80]]).verdict).toMatchObject({ atMost: 15, met: true });
  expect(toAsked(100, [[15.04, 80]]).verdict?.met).toBe(false);
  expect(toAsked(10, [[100, 200]])).not.toHaveProperty("verdict");
});

test("the ratio is that of each round", () => {
  const rounds = [
    [10, 50],
    [20, 60],
    [10, 40],
  ] as const;
  expect(renderRules([toAsked(100, rounds)])).toBe(
    `µs to ask all rules about a visit
rules  compiled  lowest–highest  cel-js  lowest–highest  ratio  lowest–highest  target
  100      10.0  10.0–20.0         50.0  40.0–60.0         4.0  3.0–5.0         ≤ 15 µs: met`,
  );
});

test("the section measures the number that is wanted, and says what goes on", async () => {
  const said: string[] = [];
  const stage = { rounds: 1, progress: (says: string) => void said.push(says) } as Parameters<typeof rules.run>[1];
  const { figures, failures } = await rules.run((title) => title === "rules: 10", stage);
  expect(failures).toEqual([]);
  expect(figures["rules"]).toMatchObject([{ rules: 10 }]);
  expect(said).toEqual(["rules: 10"]);
});
