import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { createChance, createDraw, factorOfMeanOne } from "../../scripts/simulate/chance.ts";
import { createEvents } from "../../scripts/simulate/events.ts";
import { judge, toFigures } from "../../scripts/simulate/figures.ts";
import { createNature } from "../../scripts/simulate/nature.ts";
import { renderPage } from "../../scripts/simulate/page.ts";
import { createPlanet } from "../../scripts/simulate/planet.ts";
import { renderVerdict } from "../../scripts/simulate/report.ts";
import { run, type RunOptions } from "../../scripts/simulate/run.ts";
import { createTally, quantile } from "../../scripts/simulate/tally.ts";
import { root } from "../../scripts/project.ts";
import { run as runCommand } from "./cli.ts";

/** A small planet: some visits a second in each place. */
const small: RunOptions = {
  seed: 3,
  visits: 40_000,
  minutes: 15,
  locations: 12,
  origins: 16,
  policy: "nearest",
  site: {},
};
const simulated = run(small, () => {});
const figures = toFigures(simulated);

test("events come in the order of time, and those of one time in the order in which they were added", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 3000 }), (times) => {
      const events = createEvents();
      times.forEach((at, id) => events.add(at, id));
      const expected = times.map((at, id) => ({ at, id })).toSorted((one, other) => one.at - other.at);
      expect(times.map(() => ({ at: events.next(), id: events.take() }))).toEqual(expected);
      expect(events.next()).toBe(Number.POSITIVE_INFINITY);
    }),
    { numRuns: 50 },
  );
});

test("events may be added while others are taken", () => {
  const events = createEvents();
  events.add(5, 1);
  events.add(2, 2);
  expect(events.take()).toBe(2);
  events.add(3, 3);
  expect([events.take(), events.take()]).toEqual([3, 1]);
});

test("indices are drawn as often as their weights say, and never one of weight 0", () => {
  const draw = createDraw([1, 0, 3, 6], createChance(1, 0));
  const counts = [0, 0, 0, 0];
  for (let time = 0; time < 100_000; time++) counts[draw()]!++;
  [0.1, 0, 0.3, 0.6].forEach((share, index) => expect(Math.abs(counts[index]! / 100_000 - share)).toBeLessThan(0.01));
  expect(counts[1]).toBe(0);
});

test("luck is neither good nor bad in the mean", () => {
  const chance = createChance(1, 0);
  let sum = 0;
  for (let time = 0; time < 100_000; time++) sum += factorOfMeanOne(chance, 0.5);
  expect(Math.abs(sum / 100_000 - 1)).toBeLessThan(0.01);
});

test("the same options give the same bytes, and another seed others", () => {
  const page = renderPage(simulated, figures);
  const again = run(small, () => {});
  const other = run({ ...small, seed: 4 }, () => {});
  expect(JSON.stringify(toFigures(again))).toBe(JSON.stringify(figures));
  expect(renderPage(again, toFigures(again)) === page).toBe(true);
  expect(renderPage(other, toFigures(other)) === page).toBe(false);
});

test("every visit has an answer or none: a hit, an origin's, a stale one, or a failure", () => {
  const { slices } = simulated.tally;
  slices.visits.forEach((visits, slice) => {
    const ends = [slices.hits, slices.fetches, slices.stale, slices.failed].map((counts) => counts[slice]!);
    expect(ends.reduce((sum, count) => sum + count)).toBe(visits);
  });
  expect(figures.whole.visits).toBe(small.visits);
});

/** Milliseconds by which sums of the same times may differ. */
const rounding = 1e-6;

test.each(["nearest", "fastest", "round-robin"])("nothing is faster than the best possible: %s", (policy) => {
  const { tally } = run({ ...small, policy, visits: 10_000 }, () => {});
  for (const { took, best } of [tally.slices, tally.places]) {
    took.forEach((sum, index) => expect(sum - best[index]!).toBeGreaterThan(-rounding));
  }
});

test("who chooses by place and time is nearer to the best than who takes turns", () => {
  const inTurn = toFigures(run({ ...small, policy: "round-robin" }, () => {}));
  expect(figures.calm.ratio).toBeLessThan(1.25);
  expect(inTurn.calm.ratio).toBeGreaterThan(2 * figures.calm.ratio);
});

test("who goes by traffic isn't drawn to origins that fail, as if they had little to do", () => {
  const [byTraffic, byChance] = ["least-traffic", "weighted"].map((policy) =>
    toFigures(run({ ...small, policy }, () => {})),
  );
  expect(byTraffic!.whole.again).toBeLessThan(1.1 * byChance!.whole.again);
});

test("visits fail in trouble at most, and all is as before when it is over", () => {
  const isTrouble = new Set(["refuse", "stall", "fail"]);
  // What stalls when a trouble ends may still fail.
  const calm = figures.phases.filter(({ name }) => !isTrouble.has(name));
  expect(calm.reduce((sum, { failed }) => sum + failed, 0)).toBeLessThan(10);
  expect(figures.phases.at(-1)).toMatchObject({ name: "calm", failed: 0 });
  expect(figures.troubles.map(({ kind }) => kind)).toEqual(["refuse", "stall", "fail", "detour"]);
  for (const { kind, backAfter } of figures.troubles) if (isTrouble.has(kind)) expect(backAfter).toBeLessThan(120);
});

test("an origin that has more to do than it can makes visits wait, and the oracle knows", () => {
  const planet = createPlanet({ seed: 1, locations: 1, origins: 1, planned: 1 });
  const nature = createNature({ planet, troubles: [] });
  const coming = { location: 0, at: 0, luck: { trip: 1, work: 1 } };
  const sending = { ...coming, origin: 0 };
  const { work, workers } = planet.origins[0]!;
  const alone = nature.best(coming);
  expect(alone).toBeCloseTo(nature.trip(sending) + work);
  for (let other = 0; other < workers; other++) nature.arrive(sending);
  expect(nature.best(coming)).toBeCloseTo(alone + work);
  expect(nature.arrive(sending)).toEqual({ kind: "answers", status: 200, at: expect.closeTo(alone + work) });
});

test.each([
  ["refuse", { kind: "refuses" }],
  ["stall", { kind: "stalls" }],
  ["fail", { kind: "answers", status: 503 }],
  ["detour", { kind: "answers", status: 200 }],
] as const)("origins in trouble: %s", (kind, fate) => {
  const planet = createPlanet({ seed: 1, locations: 1, origins: 2, planned: 1 });
  const troubles = [{ kind, from: 100, until: 200, origins: new Set([0]) }];
  const nature = createNature({ planet, troubles });
  const coming = { location: 0, luck: { trip: 0.01, work: 1 } };
  expect(nature.arrive({ ...coming, origin: 0, at: 150 })).toMatchObject(fate);
  expect(nature.arrive({ ...coming, origin: 0, at: 250 })).toMatchObject({ kind: "answers", status: 200 });
  expect(nature.trip({ ...coming, origin: 0, at: 150 }) > nature.trip({ ...coming, origin: 0, at: 0 })).toBe(
    kind === "detour",
  );
});

test("quantiles are right to within two of a hundred", () => {
  const { spread } = createTally(simulated.planet, [], 1000);
  expect(quantile(spread.took, 0.5)).toBeNaN();
  const { took } = simulated.tally.spread;
  expect(quantile(took, 0.5)).toBeLessThanOrEqual(quantile(took, 0.99));
  expect(quantile(took, 0.5) / figures.whole.mean).toBeGreaterThan(0.1);
});

const command = ["scripts/simulate/simulate.ts", "--visits", "2000", "--locations", "3", "--origins", "4"];

test("the command prints the figures, writes page and JSON, and keeps progress out of the output", async () => {
  const out = mkdtempSync(join(tmpdir(), "simulate-"));
  onTestFinished(() => rmSync(out, { recursive: true }));
  const cli = runCommand(process.execPath, [...command, "--out", out]);
  expect(await cli.exit).toBe(0);
  expect(cli.output()).toContain("mean to the first byte against the best possible");
  expect(JSON.parse(readFileSync(join(out, "figures.json"), "utf8"))).toMatchObject({ options: { visits: 2000 } });
  expect(readFileSync(join(out, "index.html"), "utf8")).not.toContain(root);
});

test.each([
  [["--policy", "nearst"], /did you mean "nearest"\?/],
  [["--origins", "1001"], /a whole number from 1 to 1000/],
  [["--site", '{"balanse":"nearest"}'], /balanse/],
  [["--site", "timeouts"], /a table in JSON/],
  [["--out", "/dev/null/there"], /can't be written/],
])("options that can't be followed are refused in a sentence: %j", async (options, says) => {
  const cli = runCommand(process.execPath, [...command, "--visits", "10", ...options]);
  expect(await cli.exit).toBe(1);
  expect(cli.output()).toMatch(says);
  expect(cli.output()).not.toContain("    at ");
});

test.each([
  [1.05, "1.050 (≤ 1.05: met)"],
  [1.0496, "1.050 (≤ 1.05: met)"],
  [1.0504, "1.0504 (≤ 1.05: NOT met)"],
  [1.056, "1.056 (≤ 1.05: NOT met)"],
])("%d is not rounded in its favour", (value, told) => {
  expect(renderVerdict(judge(value))).toBe(told);
});
