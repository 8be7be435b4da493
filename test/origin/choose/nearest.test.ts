import { describe, expect, test } from "vitest";
import type { Origin } from "../../../src/config/upstream.ts";
import { newOriginState } from "../../../src/origin-state.ts";
import { heard, waits, waitsNoMore } from "../../../src/origin/health/silence.ts";
import { measured, zoneOf } from "../../../src/origin/latency.ts";
import { nearest } from "../../../src/origin/choose/nearest.ts";
import type { Ranked } from "../../../src/origin/choose/policy.ts";
import type { Client } from "../../../src/visit.ts";
import { haversine } from "../../geo/haversine.ts";
import { asker, namesOf, origins, originWith, seeded, shares, states, tierOf } from "./asker.ts";

const frankfurt = originWith("frankfurt", { at: [50.11, 8.68] });
const virginia = originWith("virginia", { at: [38.95, -77.45] });
const singapore = originWith("singapore", { at: [1.35, 103.99] });
const demo = [frankfurt, virginia, singapore];

/** The order in which the demo's origins lie as seen from there, taken from a table of distances. */
const cities: readonly [city: string, latitude: number, longitude: number, order: string][] = [
  ["Berlin", 52.52, 13.4, "frankfurt virginia singapore"],
  ["London", 51.51, -0.13, "frankfurt virginia singapore"],
  ["Madrid", 40.42, -3.7, "frankfurt virginia singapore"],
  ["Rome", 41.9, 12.5, "frankfurt virginia singapore"],
  ["Athens", 37.98, 23.73, "frankfurt virginia singapore"],
  ["Moscow", 55.76, 37.62, "frankfurt virginia singapore"],
  ["Istanbul", 41.01, 28.98, "frankfurt virginia singapore"],
  ["Reykjavík", 64.15, -21.94, "frankfurt virginia singapore"],
  ["Helsinki", 60.17, 24.94, "frankfurt virginia singapore"],
  ["Casablanca", 33.57, -7.59, "frankfurt virginia singapore"],
  ["Cairo", 30.04, 31.24, "frankfurt singapore virginia"],
  ["Lagos", 6.52, 3.38, "frankfurt virginia singapore"],
  ["Nairobi", -1.29, 36.82, "frankfurt singapore virginia"],
  ["Johannesburg", -26.2, 28.05, "singapore frankfurt virginia"],
  ["Dakar", 14.72, -17.47, "frankfurt virginia singapore"],
  ["Dubai", 25.2, 55.27, "frankfurt singapore virginia"],
  ["Tehran", 35.69, 51.39, "frankfurt singapore virginia"],
  ["Almaty", 43.24, 76.89, "frankfurt singapore virginia"],
  ["Karachi", 24.86, 67.01, "singapore frankfurt virginia"],
  ["Mumbai", 19.08, 72.88, "singapore frankfurt virginia"],
  ["Delhi", 28.61, 77.21, "singapore frankfurt virginia"],
  ["Colombo", 6.93, 79.86, "singapore frankfurt virginia"],
  ["Bangkok", 13.76, 100.5, "singapore frankfurt virginia"],
  ["Jakarta", -6.21, 106.85, "singapore frankfurt virginia"],
  ["Manila", 14.6, 120.98, "singapore frankfurt virginia"],
  ["Hong Kong", 22.32, 114.17, "singapore frankfurt virginia"],
  ["Shanghai", 31.23, 121.47, "singapore frankfurt virginia"],
  ["Tokyo", 35.68, 139.69, "singapore frankfurt virginia"],
  ["Vladivostok", 43.12, 131.89, "singapore frankfurt virginia"],
  ["Sydney", -33.87, 151.21, "singapore virginia frankfurt"],
  ["Auckland", -36.85, 174.76, "singapore virginia frankfurt"],
  ["Honolulu", 21.31, -157.86, "virginia singapore frankfurt"],
  ["Anchorage", 61.22, -149.9, "virginia frankfurt singapore"],
  ["Los Angeles", 34.05, -118.24, "virginia frankfurt singapore"],
  ["New York", 40.71, -74.01, "virginia frankfurt singapore"],
  ["Mexico City", 19.43, -99.13, "virginia frankfurt singapore"],
  ["Bogotá", 4.71, -74.07, "virginia frankfurt singapore"],
  ["São Paulo", -23.55, -46.63, "virginia frankfurt singapore"],
  ["Buenos Aires", -34.6, -58.38, "virginia frankfurt singapore"],
  ["Suva", -18.14, 178.44, "singapore virginia frankfurt"],
];

describe("at first by distance", () => {
  const ranked = (pool: readonly Origin[], client: Client): readonly Ranked[] =>
    nearest(tierOf(pool), asker({ client }));

  test.each(cities)("from %s", (_city, latitude, longitude, order) => {
    expect(namesOf(ranked(demo, { ip: "", latitude, longitude }))).toBe(order);
  });

  test.each(cities)("from %s, as the haversine formula has it", (_city, latitude, longitude) => {
    const order = ranked(demo, { ip: "", latitude, longitude });
    const distances = order.map(({ origin }) => haversine([latitude, longitude], origin.at!));
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  });

  test("does not depend on the order of the config", () => {
    expect(namesOf(ranked(demo.toReversed(), tokyo))).toBe("singapore frankfurt virginia");
  });

  test("puts origins without a place last, in the order of the config", () => {
    const [anywhere, somewhere] = [originWith("anywhere"), originWith("somewhere")];
    const order = ranked([anywhere, frankfurt, somewhere, singapore], { ip: "", country: "NZ" });
    expect(namesOf(order)).toBe("singapore frankfurt anywhere somewhere");
  });

  test("keeps the order of the config between origins in one place", () => {
    const twins = ["b", "a", "c"].map((name) => originWith(name, { at: [50.11, 8.68] }));
    expect(namesOf(ranked([singapore, ...twins], { ip: "", country: "DE" }))).toBe("b a c singapore");
  });

  test.each([
    [{ ip: "", country: "NZ" }, "singapore virginia frankfurt"],
    [{ ip: "", country: "T1", continent: "SA" }, "virginia frankfurt singapore"],
    [{ ip: "", location: "NBO" }, "frankfurt singapore virginia"],
    [{ ip: "192.0.2.1" }, "frankfurt virginia singapore"],
    [{ ip: "", country: "XX", continent: "", location: "???" }, "frankfurt virginia singapore"],
  ] as const)("goes by what is known of %j", (client, order) => {
    expect(namesOf(ranked(demo, client))).toBe(order);
  });

  test("of many, the few nearest, as sorting all of them would find", () => {
    const random = seeded(4);
    const pool = origins(2_000, () => ({ at: [random() * 180 - 90, random() * 360 - 180] }));
    const byDistance = pool.toSorted((one, other) => haversine(here, one.at!) - haversine(here, other.at!));
    const [latitude, longitude] = here;
    const order = nearest(tierOf(pool), asker({ client: { ip: "", latitude, longitude }, wanted: 10 }));
    expect(order.slice(0, 9).map(({ origin }) => origin)).toEqual(byDistance.slice(0, 9));
  });
});

describe("of many, the last try", () => {
  const pool = origins(40, (index) => ({ at: [50 + index / 100, 8] }));
  const rankedFor = (wanted: number, parts: Parameters<typeof asker>[0] = {}): string =>
    namesOf(nearest(tierOf(pool), asker({ client: { ip: "", latitude: 50, longitude: 8 }, wanted, ...parts })));

  test("goes to any other, because what befalls a region befalls all that are near", () => {
    const random = seeded(6);
    const lasts = new Set(Array.from({ length: 1_000 }, () => rankedFor(3, { random }).split(" ")));
    expect([...lasts].every(([one, two]) => one === "o0" && two === "o1")).toBe(true);
    const drawn = [...lasts].map((names) => Number(names[2]!.slice(1)));
    expect(new Set(drawn).size).toBeGreaterThan(30);
    // The farthest of a few: by chance alone they would be 20 away in the mean.
    expect(drawn.reduce((sum, each) => sum + each) / drawn.length).toBeGreaterThan(25);
  });

  test("goes to the fastest that has just answered, and that one is remembered", () => {
    const tier = tierOf(pool);
    const states = new Map(pool.map(({ name }) => [name, newOriginState()]));
    for (const [name, mean, at] of [
      ["o20", 80, 1e12],
      ["o30", 40, 1e12],
      ["o35", 5, 1e12 - 11_000],
    ] as const) {
      Object.assign(states.get(name)!.peak, { mean, at });
    }
    const random = seeded(6);
    const rank = (): string =>
      namesOf(
        nearest(
          tier,
          asker({
            client: { ip: "", latitude: 50, longitude: 8 },
            wanted: 3,
            random,
            now: 1e12,
            state: ({ name }) => states.get(name)!,
          }),
        ),
      );
    for (let time = 0; time < 300; time++) rank();
    expect(tier.refuge).toBe(30);
    expect(rank()).toBe("o0 o1 o30");
    states.get("o30")!.condition.inRow = 1;
    for (let time = 0; time < 300; time++) rank();
    expect(rank()).toBe("o0 o1 o20");
  });

  test("is for one that takes it", () => {
    const random = seeded(6);
    const admits = ({ name }: Origin): boolean => name !== "o1" && name < "o3";
    for (let time = 0; time < 100; time++) expect(rankedFor(3, { random, admits })).toMatch(/^o0 o2 o[12]\d$/);
  });

  test("is for the next where there are two only", () => {
    expect(rankedFor(2)).toBe("o0 o1");
  });
});

const here = [52.52, 13.4] as const;
const berlin: Client = { ip: "", latitude: here[0], longitude: here[1] };
const tokyo: Client = { ip: "", latitude: 35.68, longitude: 139.69 };
const europe = zoneOf(here);

/** An isolate in Berlin that has measured these times, in milliseconds. */
function berlinWhere(times: Readonly<Record<string, readonly number[]>>, now = 1_000_000) {
  const state = states();
  const tier = tierOf(demo);
  const took = (name: string, ms: number, at = now): void =>
    measured(state(demo.find((origin) => origin.name === name)!), ms, { zone: europe, now: at });
  for (const [name, each] of Object.entries(times)) for (const ms of each) took(name, ms);
  const rankAt = (parts: Parameters<typeof asker>[0] = {}): readonly Ranked[] =>
    nearest(tier, asker({ client: berlin, state, now, ...parts }));
  return { took, rankAt, state };
}

describe("once it has measured", () => {
  test("time counts, whatever the map says", () => {
    const { rankAt } = berlinWhere({ frankfurt: [180], virginia: [95], singapore: [160] });
    expect(namesOf(rankAt())).toBe("virginia singapore frankfurt");
  });

  test("the work that any origin has to do is expected of those that weren't measured, too", () => {
    const { rankAt } = berlinWhere({ frankfurt: [300] });
    const [first, second] = rankAt();
    expect(first).toMatchObject({ origin: frankfurt, score: 300 });
    expect(second!.origin).toBe(virginia);
    expect(second!.score).toBeGreaterThan(300 + 80);
  });

  test("the one in front is left only for one that is clearly better", () => {
    const { rankAt, took } = berlinWhere({ frankfurt: [100], virginia: [103] });
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("frankfurt");
    for (let times = 0; times < 50; times++) took("frankfurt", 108);
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("frankfurt");
    for (let times = 0; times < 50; times++) took("frankfurt", 130);
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("virginia");
    // And back only when it is better by as much.
    for (let times = 0; times < 50; times++) took("frankfurt", 98);
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("virginia");
    for (let times = 0; times < 50; times++) took("frankfurt", 80);
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("frankfurt");
  });

  test("two that are about as good, and unsteady, don't take turns", () => {
    const { rankAt, took } = berlinWhere({ frankfurt: [100], virginia: [100] });
    const random = seeded(5);
    let changes = 0;
    let last = "frankfurt";
    for (let visit = 0; visit < 2_000; visit++) {
      const { name } = rankAt()[0]!.origin;
      if (name !== last) changes++;
      last = name;
      took(name, 100 + (random() - 0.5) * 40);
    }
    expect(changes).toBeLessThanOrEqual(2);
  });

  test("one that falls silent is left alone until it is heard of, and one that takes a little longer is not", () => {
    const { rankAt, state } = berlinWhere({ frankfurt: [20, 20], virginia: [100] });
    const { unheard } = state(frankfurt);
    waits(unheard, 1_000_000);
    expect(namesOf(rankAt({ wanted: 1, now: 1_000_200 }))).toBe("frankfurt");
    expect(namesOf(rankAt({ wanted: 1, now: 1_001_000 }))).toBe("virginia");
    heard(unheard, 1_001_000);
    waitsNoMore(unheard);
    expect(namesOf(rankAt({ wanted: 1, now: 1_002_000 }))).toBe("frankfurt");
  });

  test("a single slow answer moves nothing, several do", () => {
    const { rankAt, took } = berlinWhere({ frankfurt: Array(20).fill(20), virginia: [100] });
    took("frankfurt", 400);
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("frankfurt");
    for (let times = 0; times < 10; times++) took("frankfurt", 400);
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("virginia");
  });

  test("what was measured long ago fades, so that one that was slow gets another chance", () => {
    const { rankAt, took } = berlinWhere({ frankfurt: [500], virginia: [100] });
    expect(namesOf(rankAt({ wanted: 1 }))).toBe("virginia");
    const later = 1_000_000 + 15 * 60_000;
    took("virginia", 100, later);
    expect(namesOf(rankAt({ wanted: 1, now: later }))).toBe("frankfurt");
  });

  test("for clients from around here it says nothing of clients on the other side of the Earth", () => {
    const { rankAt } = berlinWhere({ frankfurt: [20], virginia: [100], singapore: [180] });
    expect(namesOf(rankAt({ client: tokyo }))).toBe("singapore frankfurt virginia");
  });
});

describe("its parts tell how a score comes about", () => {
  const now = 1_000_000;
  const partsOf = (ranked: readonly Ranked[], origin: Origin) => ranked.find((each) => each.origin === origin)!.parts!;

  test("the lead of the one that was in front last", () => {
    const { rankAt } = berlinWhere({ frankfurt: [100], virginia: [103] });
    expect(partsOf(rankAt(), frankfurt)).not.toHaveProperty("lead");
    const again = rankAt();
    expect(partsOf(again, frankfurt)).toMatchObject({ measured: 100, trust: 1, lead: -7 });
    expect(again[0]!.score).toBe(93);
    expect(partsOf(again, virginia)).not.toHaveProperty("lead");
  });

  test("the work that is added where nothing was measured, and the silence of one that is asked", () => {
    const { rankAt, state } = berlinWhere({ frankfurt: [300] });
    waits(state(frankfurt).unheard, now);
    const ranked = rankAt({ now: now + 4_000 });
    expect(partsOf(ranked, frankfurt)).toMatchObject({ measured: 300, silent: 1_000 });
    expect(partsOf(ranked, virginia)).toEqual({ distance: expect.any(Number), work: expect.any(Number) });
  });

  test("the doubt in one that has failed and never answered, where another has", () => {
    const { rankAt, state } = berlinWhere({ virginia: [90] });
    state(frankfurt).condition.inRow = 1;
    const ranked = rankAt();
    expect(namesOf(ranked.slice(0, 1))).toBe("virginia");
    expect(partsOf(ranked, frankfurt)).toMatchObject({ doubt: 1_000 });
    expect(ranked.find(({ origin }) => origin === frankfurt)!.score).toBe(1_000);
    expect(partsOf(ranked, virginia)).not.toHaveProperty("doubt");
  });

  test("whatever was measured, they come to the score", () => {
    const { rankAt, took, state } = berlinWhere({});
    const random = seeded(11);
    const decisive = new Set<string>();
    for (let visit = 0; visit < 300; visit++) {
      const at = now + visit * 20_000 * random();
      const ranked = rankAt({ now: at, wanted: 2 });
      for (const { score, parts } of ranked) {
        const { distance, work = 0, measured: ms = 0, trust = 0, silent = 0, doubt = 0, lead = 0 } = parts!;
        const told = Math.max(trust * ms + (1 - trust) * (distance! + work), silent, doubt) + lead;
        expect(told).toBeCloseTo(score!, 6);
        for (const name of Object.keys(parts!)) decisive.add(name);
      }
      const { origin } = ranked[0]!;
      if (random() < 0.2) waits(state(origin).unheard, at);
      else took(origin.name, 5 + random() * 300, at);
      if (random() < 0.5) heard(state(origin).unheard, at);
      state(demo[visit % 3]!).inFlight = random() < 0.5 ? 1 : 0;
    }
    expect([...decisive].toSorted()).toEqual(["distance", "doubt", "lead", "measured", "silent", "trust", "work"]);
  });
});

describe("what isn't measured is tried now and then", () => {
  const slow = { frankfurt: [140] };

  test("and so is one that was in trouble when it was measured: one good answer brings it back", () => {
    const { rankAt, took } = berlinWhere({ frankfurt: [2_000], virginia: [110] });
    const start = 1_000_000;
    expect(shares(160, () => rankAt({ now: start + 9_000 }))).toEqual({ virginia: 160 });
    took("virginia", 110, start + 11_000);
    expect(shares(160, () => rankAt({ now: start + 11_000 }))).toEqual({ virginia: 150, frankfurt: 10 });
    took("frankfurt", 1_900, start + 11_000);
    expect(shares(160, () => rankAt({ now: start + 12_000 }))).toEqual({ virginia: 160 });
    took("frankfurt", 20, start + 22_000);
    expect(shares(160, () => rankAt({ now: start + 22_000 }))).toEqual({ frankfurt: 160 });
  });

  test("but not one that is slower than its distance only by as much as detours make", () => {
    const { rankAt } = berlinWhere({ frankfurt: [200], virginia: [150], singapore: [400] });
    expect(shares(160, () => rankAt({ now: 1_020_000 }))).toEqual({ virginia: 160 });
  });

  test("one visit in sixteen, only to those that may be sooner by their distance", () => {
    const { rankAt } = berlinWhere(slow);
    expect(shares(160, () => rankAt())).toEqual({ frankfurt: 150, virginia: 10 });
  });

  test("not by a visit that can't be repeated", () => {
    const { rankAt } = berlinWhere(slow);
    expect(shares(160, () => rankAt({ mayExplore: false }))).toEqual({ frankfurt: 160 });
  });

  test("one visit at a time", () => {
    const { rankAt, state } = berlinWhere(slow);
    state(virginia).inFlight = 1;
    expect(shares(160, () => rankAt())).toEqual({ frankfurt: 160 });
  });

  test("not when the nearest is as fast as can be", () => {
    const { rankAt } = berlinWhere({ frankfurt: [12] });
    expect(shares(160, () => rankAt())).toEqual({ frankfurt: 160 });
  });

  test("and no visit goes astray when nothing is measured at all", () => {
    const { rankAt } = berlinWhere({});
    expect(shares(160, () => rankAt())).toEqual({ frankfurt: 160 });
  });
});
