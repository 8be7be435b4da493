import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDueEarly } from "../../src/cache/early.ts";
import type { StoredAnswer } from "../../src/cache/entry.ts";
import { Fields } from "../../src/http/fields.ts";

/** Asked for at 0, it came after `took` milliseconds, and was then fresh for `lifetime`. */
function stored({ took = 1000, lifetime = 100_000 } = {}): StoredAnswer {
  return {
    kind: "answer",
    status: 200,
    fields: new Fields(),
    askedAt: 0,
    took,
    bornAt: took,
    lifetime,
    staleWhileRevalidate: 0,
    staleIfError: 0,
    validate: "whenever",
  };
}

interface Story {
  readonly took?: number;
  readonly lifetime?: number;
  /** Milliseconds of freshness that are left. */
  readonly left: number;
  readonly eagerness?: number;
  readonly chance: number;
}

function isDue({ left, eagerness = 1, chance, ...answer }: Story): boolean {
  const entry = stored(answer);
  return isDueEarly(entry, { now: entry.bornAt + entry.lifetime - left, eagerness, random: () => chance });
}

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const took = fc.integer({ min: 0, max: 60_000 });
const left = fc.integer({ min: 1, max: 100_000 });
const eagerness = fc.double({ min: 0, max: 10, noNaN: true });

describe("an early refresh", () => {
  test.for<[left: number, share: number]>([
    [10_000, Math.exp(-10)],
    [2000, Math.exp(-2)],
    [1000, Math.exp(-1)],
    [100, Math.exp(-0.1)],
    [1, Math.exp(-0.001)],
  ])("with %d ms left of an answer that took 1 s: by a share of %d of the visits", ([ms, share]) => {
    const draws = 10_000;
    const due = Array.from({ length: draws }, (_, draw) => isDue({ left: ms, chance: draw / draws }));
    expect(due.filter(Boolean).length / draws).toBeCloseTo(share, 3);
  });

  test("twice as eager is as likely with twice as much left", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), chance, (ms, draw) => {
        expect(isDue({ left: 2 * ms, eagerness: 2, chance: draw })).toBe(isDue({ left: ms, chance: draw }));
      }),
    );
  });

  test("never gets less likely: as time goes on, for a slower origin, or when more eager", () => {
    const lesser = (one: number, other: number) => [Math.min(one, other), Math.max(one, other)] as const;
    const story = fc.record({ took, left, eagerness, chance });
    fc.assert(
      fc.property(story, left, took, eagerness, (one, otherLeft, otherTook, otherEagerness) => {
        const [near, far] = lesser(one.left, otherLeft);
        const [quick, slow] = lesser(one.took, otherTook);
        const [calm, eager] = lesser(one.eagerness, otherEagerness);
        if (isDue({ ...one, left: far })) expect(isDue({ ...one, left: near })).toBe(true);
        if (isDue({ ...one, took: quick })) expect(isDue({ ...one, took: slow })).toBe(true);
        if (isDue({ ...one, eagerness: calm })) expect(isDue({ ...one, eagerness: eager })).toBe(true);
      }),
    );
  });

  test("never comes before the last tenth, however slow the origin is", () => {
    expect(isDue({ left: 10_001, took: 1e9, chance: 0.999 })).toBe(false);
    expect(isDue({ left: 10_000, took: 1e9, chance: 0.999 })).toBe(true);
  });

  test("nor at all with an eagerness of 0, or for an origin that takes no time", () => {
    fc.assert(
      fc.property(took, left, chance, (ms, rest, draw) => {
        expect(isDue({ took: ms, left: rest, eagerness: 0, chance: draw })).toBe(false);
        expect(isDue({ took: 0, left: rest, chance: draw })).toBe(false);
      }),
    );
  });

  test("of an answer that was old when it came waits for the last tenth of what was left then", () => {
    const old = { ...stored(), bornAt: -79_000 };
    const odds = { eagerness: 1, random: () => 0.999 };
    expect(isDueEarly(old, { ...odds, now: 18_900 })).toBe(false);
    expect(isDueEarly(old, { ...odds, now: 19_000 })).toBe(true);
  });
});
