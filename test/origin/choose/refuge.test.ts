/** Where visits go when all that are near are out. */
import { describe, expect, test } from "vitest";
import type { Origin } from "../../../src/config/upstream.ts";
import { measured, zoneOf } from "../../../src/origin/latency.ts";
import { nearest } from "../../../src/origin/choose/nearest.ts";
import type { Asker, Ranked } from "../../../src/origin/choose/policy.ts";
import { asker, namesOf, origins, seeded, states, tierOf } from "./asker.ts";

const now = 1_000_000;
const client = { ip: "", latitude: 50, longitude: 8 };
const health = { path: "/", interval: 10_000, timeout: 1_000, statuses: undefined, body: undefined, rise: 1, fall: 1 };

/** Forty to the north of the client, the first the nearest; of these, so many of the first are out. */
function northOf(count: number) {
  const pool = origins(40, (index) => ({ at: [50 + index / 2, 8], health }));
  const tier = tierOf(pool);
  const state = states();
  const isOut = ({ name }: Origin): boolean => Number(name.slice(1)) < count;
  const at = (index: number) => state(pool[index]!);
  return {
    tier,
    at,
    took: (index: number, ms: number): void => measured(at(index), ms, { zone: zoneOf(pool[index]!.at), now }),
    rank: (parts: Partial<Asker> = {}): readonly Ranked[] =>
      nearest(
        tier,
        asker({ client, wanted: 3, now, state, isOut, admits: (one) => !isOut(one), random: seeded(7), ...parts }),
      ),
  };
}

describe("when the eight nearest are out", () => {
  test("those that never answered are doubted, and one that has served as a last try comes before them", () => {
    const { rank, tier, took } = northOf(8);
    took(30, 400);
    tier.refuge = 30;
    const ranked = rank({ mayExplore: false });
    expect(namesOf(ranked.slice(0, 2))).toBe("o30 o8");
    expect(ranked[0]!.score).toBeCloseTo(400, 6);
    expect(ranked[1]!.parts).toMatchObject({ doubt: 1_000 });
  });

  test("a visit that can be repeated gets to know one of them, each time", () => {
    const { rank, tier, took } = northOf(8);
    took(30, 400);
    tier.refuge = 30;
    for (let time = 0; time < 3; time++) expect(namesOf(rank().slice(0, 2))).toBe("o8 o30");
  });

  test("but not those that probes say are up", () => {
    const { rank, at } = northOf(8);
    at(9).probed = { isUp: true, since: now, at: now, contrary: 0, why: "200" };
    expect(namesOf(rank().slice(0, 2))).toBe("o9 o8");
    at(9).probed = { isUp: true, since: now, at: now - 60_000, contrary: 0, why: "200" };
    expect(rank().find(({ origin }) => origin.name === "o9")!.parts).toHaveProperty("doubt");
  });
});

test("with one of the eight nearest in use nobody is doubted", () => {
  const { rank, tier, took } = northOf(7);
  took(30, 400);
  tier.refuge = 30;
  expect(namesOf(rank({ mayExplore: false }).slice(0, 2))).toBe("o7 o8");
});

test("a refuge that doesn't take the visit is none", () => {
  const { rank, tier, took, at } = northOf(8);
  took(30, 400);
  tier.refuge = 30;
  at(30).condition.inRow = 1;
  const admits = ({ name }: Origin): boolean => Number(name.slice(1)) >= 8 && name !== "o30";
  expect(namesOf(rank({ admits, mayExplore: false }))).not.toContain("o30");
});
