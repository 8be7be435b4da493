import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FoundLimit } from "../../../src/origin-state.ts";
import { failedAt, timed } from "../../../src/origin/health/limit.ts";

/** An origin that does so many at once, each in 20 ms; what is beyond makes all slower. */
function answersOf(capacity: number) {
  return (inFlight: number): number => 20 * Math.max(1, inFlight / capacity);
}

/** As many answers, while as many requests are under way as the limit lets in. */
function load(found: FoundLimit, time: (inFlight: number) => number, answers = 5_000, most = Number.POSITIVE_INFINITY) {
  for (let answer = 0; answer < answers; answer++) {
    const inFlight = Math.min(most, Math.floor(found.limit));
    timed(found, { ms: time(inFlight), inFlight });
  }
  return found.limit;
}

const start = (): FoundLimit => ({ limit: 20, usual: undefined });

describe("the limit that is found", () => {
  test.each([30, 60, 120, 240])("for an origin that does %i at once is that, and some more", (capacity) => {
    const limit = load(start(), answersOf(capacity));
    expect(limit).toBeGreaterThan(capacity);
    expect(limit).toBeLessThan(capacity * 2 + 20);
  });

  test("falls when the origin does less at once than before", () => {
    const found = start();
    const before = load(found, answersOf(200));
    expect(load(found, answersOf(40), 300)).toBeLessThan(before / 2);
  });

  test("grows again for an origin that has become slower by itself, though it is never without a load", () => {
    const found = start();
    load(found, answersOf(100));
    const slower = (inFlight: number): number => 10 * answersOf(100)(inFlight);
    expect(load(found, slower)).toBeGreaterThan(10);
  });

  test("doesn't grow by what nobody asked for", () => {
    expect(load(start(), answersOf(1_000), 5_000, 3)).toBe(20);
  });

  test("falls with each failure, and never below what it takes to find out more", () => {
    const found = start();
    failedAt(found);
    expect(found.limit).toBe(18);
    for (let failure = 0; failure < 100; failure++) failedAt(found);
    expect(found.limit).toBe(4);
  });

  test("stays within its bounds, whatever is measured", () => {
    const sample = fc.record({
      ms: fc.oneof(fc.double({ min: -1, max: 1e9, noNaN: true }), fc.constant(0)),
      inFlight: fc.integer({ min: 0, max: 5_000 }),
      fails: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 500 }), (samples) => {
        const found = start();
        for (const { fails, ...each } of samples) {
          if (fails) failedAt(found);
          else timed(found, each);
          expect(found.limit).toBeGreaterThanOrEqual(4);
          expect(found.limit).toBeLessThanOrEqual(1_000);
        }
      }),
    );
  });

  test("never grows by a slower answer more than by a faster one", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        fc.double({ min: 1, max: 10, noNaN: true }),
        (ms, times) => {
          const [fast, slow] = [1, times].map((factor) => {
            const found: FoundLimit = { limit: 50, usual: 100 };
            timed(found, { ms: ms * factor, inFlight: 50 });
            return found.limit;
          });
          expect(slow).toBeLessThanOrEqual(fast! + 1e-9);
        },
      ),
    );
  });
});
