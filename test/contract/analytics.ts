/** What every implementation of the port Analytics does. */
import { describe, expect, test } from "vitest";
import type { Analytics, Measured, Occurrence } from "../../src/analytics.ts";

/** One that can be told to let what it was told arrive, by a clock that the test moves. */
export interface Counted {
  readonly analytics: Analytics;
  readonly arrive: () => Promise<void>;
  readonly clock: { now: number };
}

const guard = { errors: 0.02, latency: 0.2, least: 200 };

export function experiment(name: string = crypto.randomUUID()): Measured {
  return {
    name,
    variants: [
      { name: "control", weight: 3 },
      { name: "constructor", weight: 1, guard },
    ],
  };
}

export function analyticsContract(what: string, create: () => Counted): void {
  describe(`analytics ${what}`, () => {
    test("counts exactly what happened, by variant and goal", async () => {
      const { analytics, arrive } = create();
      const [one, other] = [experiment(), experiment()];
      const happened: readonly Occurrence[] = [
        { kind: "visit" },
        { kind: "visit" },
        { kind: "exposure" },
        { kind: "conversion", goal: "toString" },
        { kind: "answer", failed: false, ms: 100, cluster: 0 },
        { kind: "answer", failed: false, ms: 0, cluster: 7 },
        { kind: "answer", failed: true, ms: 5, cluster: 0 },
      ];
      for (const each of happened) analytics.count(one, "constructor", each);
      await arrive();
      analytics.count(one, "control", { kind: "exposure" });
      analytics.count(one, "constructor", { kind: "visit" });
      analytics.count(other, "control", { kind: "visit" });
      await arrive();
      const { variants, expected, since, until, ...rest } = await analytics.read(one.name);
      expect(variants).toEqual({
        constructor: {
          visits: 3,
          clients: 1,
          goals: { toString: 1 },
          answers: { count: 3, failures: 1, logs: Math.log(100), squares: Math.log(100) ** 2 },
        },
        control: { visits: 0, clients: 1, goals: {}, answers: { count: 0, failures: 0, logs: 0, squares: 0 } },
      });
      expect(expected).toEqual({ control: 1.5, constructor: 0.5 });
      expect(rest).toEqual({ isReweighed: false, isInterrupted: false, standing: {} });
      expect(until).toBeGreaterThanOrEqual(since);
      expect(since).toBeGreaterThan(0);
      expect(Object.keys((await analytics.read(other.name)).variants)).toEqual(["control"]);
    });

    test("knows nothing of what nobody counted", async () => {
      const { analytics } = create();
      const name = crypto.randomUUID();
      expect(await analytics.read(name)).toMatchObject({ variants: {}, since: 0 });
      expect(analytics.standing(name)).toEqual({});
      await analytics.resume(name);
    });

    test("rolls a bad variant back by its guard, tells why, and begins anew when told to", async () => {
      const { analytics, arrive, clock } = create();
      const bad = experiment();
      const answer = (variant: string, failed: boolean, cluster: number): void =>
        analytics.count(bad, variant, { kind: "answer", failed, ms: 50, cluster });
      for (let at = 0; at < 400; at++) {
        answer("control", at % 100 === 0, at % 8);
        answer("constructor", at % 5 === 0, at % 8);
        clock.now += 70;
      }
      await arrive();
      expect(analytics.standing(bad.name)).toEqual({
        constructor: {
          why: "errors",
          says: expect.stringMatching(
            /^[\d.]+ % of \d+ answers failed, of the control's [\d.]+ % of \d+: more than 2 % above, beyond chance\.$/,
          ),
          at: expect.any(Number),
        },
      });
      expect((await analytics.read(bad.name)).standing).toEqual(analytics.standing(bad.name));
      const before = (await analytics.read(bad.name)).variants["constructor"]!.answers.count;
      await analytics.resume(bad.name);
      expect(analytics.standing(bad.name)).toEqual({});
      analytics.count(bad, "constructor", { kind: "answer", failed: true, ms: 50, cluster: 0 });
      await arrive();
      expect(analytics.standing(bad.name)).toEqual({});
      expect((await analytics.read(bad.name)).variants["constructor"]?.answers.count).toBe(before + 1);
    });

    test("says what is new, and what comes again", () => {
      const { analytics } = create();
      const text = crypto.randomUUID();
      expect([analytics.isNew(text), analytics.isNew(text), analytics.isNew(`${text}.`)]).toEqual([true, false, true]);
    });

    test("learns that weights have changed, and expects clients by those of their time", async () => {
      const { analytics, arrive } = create();
      const before = experiment();
      const [control, variant] = before.variants;
      const after = { ...before, variants: [control!, { ...variant!, weight: 3 }] };
      for (let at = 0; at < 4; at++) analytics.count(before, "control", { kind: "exposure" });
      await arrive();
      for (let at = 0; at < 4; at++) analytics.count(after, "constructor", { kind: "exposure" });
      await arrive();
      expect(await analytics.read(before.name)).toMatchObject({
        expected: { control: 5, constructor: 3 },
        isReweighed: true,
      });
    });
  });
}
