import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Coding, Compressing, Level } from "../../src/config/compress.ts";
import { codings, planCompression, type Weighing } from "../../src/transform/planner.ts";
import { compressing, compression } from "../harness/rooms.ts";

const kb = 1024;

interface Case {
  readonly liked?: readonly Coding[];
  readonly length?: number;
  readonly hits?: number;
  readonly budget?: number;
  readonly spent?: number;
  readonly compressing?: Partial<Compressing>;
}

/** "now; stored in; why not made later". */
function planned({ liked = codings, length = 100 * kb, hits = 1, budget = 5_000, spent, ...over }: Case): string {
  const plan = planCompression({
    liked,
    compressing: { ...compressing, ...over.compressing },
    settings: { ...compression, budget },
    kept: { length, hits },
    spent,
  });
  const { now, stored, notLater = "later" } = plan;
  return `${now.coding}-${now.level}; ${stored ? `${stored.coding}-${stored.level}` : "-"}; ${notLater}`;
}

describe("what is planned", () => {
  test.for<[string, Case, string]>([
    ["zstd at once, and the smallest for the store", {}, "zstd-3; br-11; later"],
    ["what the client takes", { liked: ["gzip"] }, "gzip-6; gzip-9; later"],
    ["without br the best of zstd", { liked: ["zstd", "gzip"] }, "zstd-3; zstd-19; later"],
    ["the free plan's budget, a page of 20 KB", { budget: 5, length: 20 * kb }, "zstd-3; br-9; later"],
    ["the free plan's budget, a bundle of 100 KB", { budget: 5 }, "zstd-3; zstd-6; later"],
    ["the same for a client without zstd", { budget: 5, liked: ["br", "gzip"] }, "br-4; br-4; later"],
    ["the free plan's budget, a bundle of 180 KB", { budget: 5, length: 180 * kb }, "zstd-3; zstd-5; later"],
    ["the free plan's budget, 1 KB", { budget: 5, length: kb }, "zstd-3; br-11; later"],
    ["more than can be paid for", { budget: 5, length: 1024 * kb }, "zstd-3; -; budget"],
    ["more than a delta has left", { budget: 250, spent: 50 }, "zstd-3; br-11; budget"],
    ["what a delta has left", { budget: 300, spent: 50 }, "zstd-3; br-11; later"],
    ["nobody has come twice", { hits: 0 }, "zstd-3; br-11; first"],
    ["a body of many megabytes", { length: 5 << 20 }, "zstd-3; -; large"],
    ["a rule keeps it out of the store", { compressing: { store: false } }, "zstd-3; -; off"],
    [
      "an order that is set holds for the store, too",
      { liked: ["gzip", "br"], compressing: { codings: ["gzip", "br"] } },
      "gzip-6; gzip-9; later",
    ],
    [
      "a level that is set holds for both",
      { liked: ["br"], compressing: { levels: { zstd: "best", br: 7, gzip: "best" } } },
      "br-7; br-7; later",
    ],
    [
      "a level that is set costs what the next higher one does that is known",
      { liked: ["br"], budget: 20, compressing: { levels: { zstd: "best", br: 6, gzip: "best" } } },
      "br-6; br-6; later",
    ],
    [
      "fast is fast for both",
      { compressing: { levels: { zstd: "fast", br: "fast", gzip: "fast" } } },
      "zstd-3; br-4; later",
    ],
  ])("%s", ([, of, plan]) => {
    expect(planned(of)).toBe(plan);
  });

  test("what isn't from the store is compressed once, for its client", () => {
    expect(planCompression({ liked: ["br"], compressing, settings: compression, kept: undefined })).toEqual({
      now: { coding: "br", level: 4 },
      stored: undefined,
      notLater: "not-stored",
    });
  });

  test("whatever is asked and set: a coding that the client likes, at a level that is set; more budget makes it no larger", () => {
    const level = (most: number): fc.Arbitrary<Level> =>
      fc.oneof(fc.constantFrom("best", "fast"), fc.integer({ min: 1, max: most }));
    const weighing: fc.Arbitrary<Weighing> = fc.record({
      liked: fc.shuffledSubarray([...codings], { minLength: 1 }),
      compressing: fc.record({
        enabled: fc.constant(true),
        codings: fc.constant(undefined),
        levels: fc.record({ zstd: level(19), br: level(11), gzip: level(9) }),
        store: fc.boolean(),
      }),
      settings: fc.record({ budget: fc.nat({ max: 30_000 }), after: fc.nat(3), largest: fc.nat(8 << 20) }),
      kept: fc.option(fc.record({ length: fc.nat(10 << 20), hits: fc.nat(5) }), { nil: undefined }),
    });
    fc.assert(
      fc.property(weighing, (of) => {
        const plan = planCompression(of);
        expect(plan.now.coding).toBe(of.liked[0]);
        for (const encoding of [plan.now, ...(plan.stored ? [plan.stored] : [])]) {
          expect(of.liked).toContain(encoding.coding);
          const set = of.compressing.levels[encoding.coding];
          if (typeof set === "number") expect(encoding.level).toBe(set);
        }
        if (plan.notLater === undefined) expect(plan.stored).toBeDefined();
        if (!of.kept || !of.compressing.store || of.kept.length > of.settings.largest)
          expect(plan.stored).toBeUndefined();
        const richer = planCompression({ ...of, settings: { ...of.settings, budget: 1e9 } });
        if (plan.stored) expect(richer.stored).toBeDefined();
      }),
    );
  });
});
