import { describe, expect, test } from "vitest";
import { fastest } from "../../../src/origin/choose/fastest.ts";
import { measured } from "../../../src/origin/latency.ts";
import { asker, namesOf, originWith, shares, states, tierOf } from "./asker.ts";

const pool = ["a", "b", "c"].map((name) => originWith(name));
const now = 1_000_000;

/** An isolate that has measured these times, in milliseconds. */
function isolateWhere(times: Readonly<Record<string, number>>) {
  const state = states();
  const tier = tierOf(pool);
  const of = (name: string) => state(pool.find((origin) => origin.name === name)!);
  for (const [name, ms] of Object.entries(times)) measured(of(name), ms, { zone: 0, now });
  return { of, rank: (parts: Parameters<typeof asker>[0] = {}) => fastest(tier, asker({ state, now, ...parts })) };
}

test("the fastest first, with all it has to do", () => {
  const { of, rank } = isolateWhere({ a: 40, b: 30, c: 90 });
  expect(namesOf(rank())).toBe("b a c");
  of("b").inFlight = 2;
  of("a").inFlight = 1;
  expect(rank().map(({ score }) => score)).toEqual([80, 90, 90]);
});

describe("is sensitive to peaks", () => {
  test("one slow answer counts at once, and fast ones calm it by and by", () => {
    const { of, rank } = isolateWhere({ a: 20, b: 50, c: 60 });
    measured(of("a"), 400, { zone: 0, now });
    expect(namesOf(rank())).toBe("b c a");
    // One second is a tenth of the time in which a peak loses two thirds.
    measured(of("a"), 20, { zone: 0, now: now + 1_000 });
    expect(of("a").peak.mean).toBeCloseTo(20 + 380 * Math.exp(-0.1), 6);
    measured(of("a"), 20, { zone: 0, now: now + 61_000 });
    expect(of("a").peak.mean).toBeLessThan(21);
  });
});

describe("one that isn't measured", () => {
  test("is tried by one visit in eight, while nobody is there", () => {
    const { of, rank } = isolateWhere({ a: 40, b: 50 });
    expect(shares(80, () => rank())).toEqual({ a: 70, c: 10 });
    of("c").inFlight = 1;
    expect(shares(80, () => rank())).toEqual({ a: 80 });
  });

  test("never by a visit that can't be repeated, and comes after all others", () => {
    const { rank } = isolateWhere({ b: 50, c: 40 });
    expect(shares(80, () => rank({ mayExplore: false }))).toEqual({ c: 80 });
    expect(namesOf(rank({ mayExplore: false }))).toBe("c b a");
  });

  test("goes by distance while nothing is measured", () => {
    const placed = [originWith("far", { at: [1, 104] }), originWith("near", { at: [50, 9] })];
    const ranked = fastest(tierOf(placed), asker({ client: { ip: "", country: "DE" } }));
    expect(namesOf(ranked)).toBe("near far");
  });

  test("so is what was measured long ago", () => {
    const { rank } = isolateWhere({ a: 40, b: 50, c: 60 });
    expect(rank({ now: now + 3_600_000 })[0]).not.toHaveProperty("score");
  });
});
