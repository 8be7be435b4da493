/** The project's own cases, played against the edge as a user starts it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { suites } from "./cases/cases.ts";
import { startTestedEdge, type TestedEdge } from "./edge.ts";
import { startCaseOrigin, type CaseOrigin } from "./origin.ts";
import { playCases } from "./play.ts";
import { failures } from "./report.ts";
import { missed, scored } from "./score.ts";

const cases = suites.flatMap(({ tests }) => tests);

let origin: CaseOrigin;
let edge: TestedEdge;
beforeAll(async () => {
  origin = await startCaseOrigin();
  edge = await startTestedEdge(origin.url);
});
afterAll(() => Promise.all([edge.close(), origin.close()]));

test("each case has a name of its own, and a section that asks for it", () => {
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  expect(cases.filter(({ spec }) => !/^RFC \d{4} §\d/.test(spec ?? ""))).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(120);
});

test("the edge passes every required case", { timeout: 120_000 }, async () => {
  const results = scored(suites, await playCases(cases, { edge: edge.url, origin, atOnce: 25 }));
  expect(results).toHaveLength(cases.length);
  expect(failures(missed(results))).toEqual([]);
});
