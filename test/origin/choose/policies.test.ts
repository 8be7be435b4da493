import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policyNames } from "../../../src/config/upstream.ts";
import { newTiers } from "../../../src/pool.ts";
import { hashOf, paired, partOf } from "../../../src/http/hash.ts";
import { rank } from "../../../src/origin/choose/choose.ts";
import { add } from "../../../src/origin/traffic.ts";
import { asker, namesOf, origins, originWith, seeded, shares, states, tierOf } from "./asker.ts";

describe.each(policyNames)("%s", (policy) => {
  const pools = fc.array(
    fc.record({
      weight: fc.integer({ min: 1, max: 1000 }),
      priority: fc.integer({ min: 0, max: 2 }),
      drain: fc.boolean(),
      at: fc.option(fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -180, max: 180 })), {
        nil: undefined,
      }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  test("has every origin that isn't drained once, a backup never before those it stands in for", () => {
    fc.assert(
      fc.property(pools, fc.integer(), fc.boolean(), (parts, seed, isSomewhere) => {
        const pool = origins(parts.length, (index) => parts[index]!);
        const client = isSomewhere ? { ip: "192.0.2.1", country: "DE" } : { ip: "192.0.2.1" };
        const ranked = rank(newTiers(pool), policy, asker({ client, wanted: 20, random: seeded(seed) }));
        const undrained = pool.filter(({ drain }) => !drain);
        expect(namesOf(ranked).split(" ").filter(Boolean).toSorted()).toEqual(
          undrained.map(({ name }) => name).toSorted(),
        );
        const priorities = ranked.map(({ origin }) => origin.priority);
        expect(priorities).toEqual(priorities.toSorted((one, other) => one - other));
      }),
    );
  });

  test("gives as many as are wanted, also of many, and none twice", () => {
    const pool = origins(500, (index) => ({ at: [index % 90, index % 180], weight: 1 + (index % 3) }));
    for (const wanted of [1, 3, 10]) {
      const ranked = rank(newTiers(pool), policy, asker({ wanted, random: seeded(wanted) }));
      expect(new Set(ranked.map(({ origin }) => origin)).size).toBe(wanted);
    }
  });

  test("puts those last that take no visit now, behind the backups, and drops none", () => {
    const pool = [originWith("full"), originWith("free"), originWith("backup", { priority: 1 })];
    const admits = ({ name }: { readonly name: string }): boolean => name !== "full";
    expect(namesOf(rank(newTiers(pool), policy, asker({ admits })))).toBe("free backup full");
  });
});

test("first: in the order of the config, within a priority", () => {
  const pool = [originWith("b"), originWith("spare", { priority: 1 }), originWith("a")];
  expect(namesOf(rank(newTiers(pool), "first", asker()))).toBe("b a spare");
});

describe("round-robin", () => {
  test("takes turns, each isolate from anywhere", () => {
    const tiers = newTiers(origins(3));
    const order = Array.from({ length: 4 }, () => namesOf(rank(tiers, "round-robin", asker({ random: () => 0.5 }))));
    expect(order).toEqual(["o1 o2 o0", "o2 o0 o1", "o0 o1 o2", "o1 o2 o0"]);
  });

  test("takes no turn of a tier for visits that fall through to the next one", () => {
    const tiers = newTiers([originWith("a"), originWith("b"), ...origins(2, () => ({ priority: 1 }))]);
    const firsts = shares(100, () => rank(tiers, "round-robin", asker({ wanted: 4 })));
    expect(firsts).toEqual({ a: 50, b: 50 });
  });

  test("by weight, spread evenly", () => {
    const tiers = newTiers([originWith("heavy", { weight: 3 }), originWith("light")]);
    const order = Array.from({ length: 400 }, () => rank(tiers, "round-robin", asker())[0]!.origin.name);
    const light = order.flatMap((name, at) => (name === "light" ? [at] : []));
    expect(light.length).toBeGreaterThanOrEqual(98);
    expect(light.length).toBeLessThanOrEqual(102);
    const gaps = light.slice(1).map((at, index) => at - light[index]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5);
  });
});

test.each(["weighted", "hash"] as const)("%s: each comes first as often as its weight says", (policy) => {
  const tiers = newTiers([1, 2, 7].map((weight) => originWith(`w${weight}`, { weight })));
  const random = seeded(1);
  const firsts = shares(20_000, (time) => rank(tiers, policy, asker({ random, key: () => `client-${time}` })));
  // Five standard deviations of a binomial distribution.
  for (const weight of [1, 2, 7]) {
    const share = weight / 10;
    const bound = 5 * Math.sqrt(20_000 * share * (1 - share));
    expect(Math.abs(firsts[`w${weight}`]! - 20_000 * share)).toBeLessThan(bound);
  }
});

describe("hash", () => {
  const keys = Array.from({ length: 300 }, (_, index) => `10.0.${index % 7}.${index}`);
  const homeOf = (pool: ReturnType<typeof origins>, key: string): string =>
    namesOf(rank(newTiers(pool), "hash", asker({ wanted: 1, key: () => key })));

  test("an origin that leaves takes only its own keys with it, whatever the weights", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(weights, fc.nat(), (each, gone) => {
        const pool = origins(each.length, (index) => ({ weight: each[index]! }));
        const leaver = pool[gone % pool.length]!;
        const others = pool.filter((origin) => origin !== leaver);
        for (const key of keys.slice(0, 40)) {
          const home = homeOf(pool, key);
          if (home !== leaver.name) expect(homeOf(others, key)).toBe(home);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("the keys of one that leaves spread over all others, as the second in their ranking said", () => {
    const pool = origins(5);
    const of = keys.filter((key) => homeOf(pool, key) === "o0");
    const second = (key: string) => rank(newTiers(pool), "hash", asker({ wanted: 2, key: () => key }))[1]!.origin.name;
    expect(new Set(of.map(second))).toEqual(new Set(["o1", "o2", "o3", "o4"]));
    for (const key of of) expect(homeOf(pool.slice(1), key)).toBe(second(key));
  });

  test("of hundreds the best ones are those that sorting all by their numbers has in front", () => {
    const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(weights, fc.string(), fc.integer({ min: 1, max: 12 }), (each, key, wanted) => {
        const pool = origins(each.length, (index) => ({ weight: each[index]! }));
        const number = ({ name, weight }: (typeof pool)[number]): number =>
          -Math.log(partOf(paired(hashOf(key), hashOf(name)))) / weight;
        const sorted = pool.toSorted((one, other) => number(one) - number(other)).slice(0, wanted);
        expect(namesOf(rank(newTiers(pool), "hash", asker({ wanted, key: () => key })))).toBe(
          sorted.map(({ name }) => name).join(" "),
        );
      }),
    );
  });

  test("neither the order of the config nor chance matters", () => {
    const pool = origins(6);
    for (const key of keys) expect(homeOf(pool.toReversed(), key)).toBe(homeOf(pool, key));
  });
});

describe("least-connections", () => {
  test("counts this visit, and weighs", () => {
    const state = states();
    const pool = [originWith("busy"), originWith("idle"), originWith("large", { weight: 4 })];
    state(pool[0]!).inFlight = 3;
    state(pool[2]!).inFlight = 2;
    const ranked = rank(newTiers(pool), "least-connections", asker({ state, random: seeded(1) }));
    expect(ranked.map(({ origin, score }) => [origin.name, score])).toEqual([
      ["large", 0.75],
      ["idle", 1],
      ["busy", 4],
    ]);
  });

  test("equals are taken by chance, not by their place in the config", () => {
    const tiers = newTiers(origins(4));
    const random = seeded(2);
    const firsts = shares(4_000, () => rank(tiers, "least-connections", asker({ random })));
    for (const count of Object.values(firsts)) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

test("least-traffic: by bytes lately, which fade", () => {
  const state = states();
  const pool = [originWith("then"), originWith("now")];
  add(state(pool[0]!).traffic, 1_000_000, 0);
  add(state(pool[1]!).traffic, 300_000, 20_000);
  const order = (now: number): string => namesOf(rank(newTiers(pool), "least-traffic", asker({ state, now })));
  expect(order(20_000)).toBe("then now");
  add(state(pool[0]!).traffic, 1_000_000, 20_000);
  expect(order(20_000)).toBe("now then");
});

describe("two-choices", () => {
  test("of two that were drawn the less busy one, and never the busiest of three", () => {
    const state = states();
    const pool = origins(3);
    for (const [index, origin] of pool.entries()) state(origin).inFlight = index;
    const random = seeded(3);
    const firsts = shares(3_000, () => rank(newTiers(pool), "two-choices", asker({ state, random, wanted: 1 })));
    expect(firsts["o2"]).toBeUndefined();
    // The least busy one is among two of three in two cases out of three.
    expect(Math.abs(firsts["o0"]! - 2_000)).toBeLessThan(150);
  });
});

describe("of a tier", () => {
  test("backups come first when all of the tier before them take no visit", () => {
    const pool = [originWith("a"), originWith("backup", { priority: 1 })];
    const admits = ({ priority }: { readonly priority: number }): boolean => priority > 0;
    expect(namesOf(rank(newTiers(pool), "first", asker({ admits, wanted: 1 })))).toBe("backup");
  });

  test("a drained origin is in none", () => {
    expect(tierOf([originWith("a"), originWith("drained", { drain: true })]).origins).toHaveLength(1);
  });
});
