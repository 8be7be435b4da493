import { expect, test } from "vitest";
import type { Case, Kind } from "./case.ts";
import type { Verdict } from "./judge.ts";
import { outOfReach } from "./out-of-reach.ts";
import { failures, page, table } from "./report.ts";
import { missed, scored, scoreOf } from "./score.ts";

const passed: Verdict = { kind: "passed" };
const failed: Verdict = { kind: "failed", why: "request 1: status 500, not 200" };

function one(id: string, kind: Kind, ...depends_on: readonly string[]): Case {
  return { id, name: id, kind, depends_on, requests: [] };
}

const [unreachable] = outOfReach.keys();
const suites = [
  { id: "s", name: "Some", tests: [one("a", "required"), one("b", "required", "a"), one("c", "optimal", "b")] },
  { id: "t", name: "Others", tests: [one(unreachable!, "required"), one("d", "check", "elsewhere")] },
];
const verdicts = new Map<string, Verdict>([
  ["a", failed],
  ["b", passed],
  ["c", passed],
  [unreachable!, failed],
  ["d", passed],
]);
const results = scored(suites, verdicts);

test("a case that builds on one that failed doesn't count, however long the chain", () => {
  expect(results.map(({ id, verdict }) => [id, verdict.kind])).toEqual([
    ["a", "failed"],
    ["b", "dependency-failed"],
    ["c", "dependency-failed"],
    [unreachable, "failed"],
    ["d", "passed"],
  ]);
  expect(scoreOf(results, "required")).toEqual({ passed: 0, all: 3 });
  expect(scoreOf(results, "check")).toEqual({ passed: 1, all: 1 });
});

test("a required case in reach that did not pass fails the run; others don't", () => {
  expect(missed(results).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("the reports name suites, scores and reasons", () => {
  const part = { name: "Mine", suites };
  expect(table(part, results)).toMatch(/^s +0\/2 +0\/1 +$/m);
  expect(failures(results)).toContain("required b: dependency failed: a did not pass");
  expect(failures(results)[3]).toContain("out of reach");
  const set = results.map((one) => (one.id === "a" ? { ...one, verdict: passed } : one));
  const told = page([{ part: { ...part, isPublic: true }, results, set }]);
  expect(told).toContain("| Perigee, by default        | 0 of the 3 played | 0 of the 1 played | measured, a part |");
  expect(told).toContain("It makes the difference to: required `a`.");
  expect(page([{ part, results, set: results }])).toContain("- required `a`: failed: request 1: status 500, not 200");
});
