/** Who is admitted, when it is remembered who is out: what would be so if nobody remembered anything. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Origin } from "../../../src/config/upstream.ts";
import { closeness, directionOf } from "../../../src/geo/distance.ts";
import type { Position } from "../../../src/geo/position.ts";
import { admission } from "../../../src/origin/choose/admission.ts";
import { askerOf, choose, rank } from "../../../src/origin/choose/choose.ts";
import type { Asker } from "../../../src/origin/choose/policy.ts";
import { shortlist } from "../../../src/origin/choose/shortlist.ts";
import { judge, type Verdict } from "../../../src/origin/health/judge.ts";
import { createFleet } from "../../../src/platform/memory/fleet.ts";
import { Trail } from "../../../src/trail.ts";
import type { Planned } from "../../../src/visit.ts";
import { clean, edgeWith } from "../../harness/rooms.ts";
import { origins } from "./asker.ts";

const health = { path: "/", interval: 10_000, timeout: 1_000, statuses: undefined, body: undefined, rise: 1, fall: 1 };

/** An edge and origins that are asked, each request over within its millisecond. */
function createStory(positions: readonly (Position | undefined)[]) {
  const pool = origins(positions.length, (index) => ({ at: positions[index], health, maxConnections: 2 }));
  const clock = { now: 1e12 };
  const edge = edgeWith({}, { now: () => clock.now, random: () => 0.999 });
  const stateOf = (at: number) => edge.fleet.origin(pool[at]!.name);
  const visit = { ...clean("/"), pool, balance: "nearest" } as unknown as Planned;
  const ask = (leftOut = new Map<string, never>()): Asker => askerOf(visit, edge, leftOut);
  return {
    pool,
    clock,
    edge,
    ask,
    stateOf,
    happens: (verdict: Verdict, at: number, times = 1): void => {
      for (let time = 0; time < times; time++)
        judge(verdict, { name: pool[at]!.name, askedAt: (clock.now += 1), trail: new Trail() }, edge);
    },
    probed: (at: number, isUp: boolean): void => {
      stateOf(at).probed = { isUp, since: clock.now, at: clock.now, contrary: 0, why: "500" };
      edge.fleet.ejections++;
    },
    tier: () => edge.fleet.tiers(pool)[0]!,
  };
}

/** All are asked, and sorted. */
function naiveList(pool: readonly Origin[], asker: Asker, { here, size }: { here: Position; size: number }): Origin[] {
  const near = ({ at }: Origin): number => (at ? closeness(directionOf(here), directionOf(at)) : -2);
  const admitted = pool.filter((origin) => asker.admits(origin, asker.state(origin)));
  return admitted.toSorted((one, other) => near(other) - near(one)).slice(0, size);
}

const position = fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -180, max: 180 }));
const positions = fc.array(fc.option(position, { nil: undefined }), { minLength: 1, maxLength: 120 });
const verdict = fc.constantFrom<Verdict>("answered", "failed", "failed", "brokeOff");
const event = fc.record({
  what: fc.constantFrom("judged", "probed", "busy", "many"),
  at: fc.nat(),
  verdict,
  times: fc.integer({ min: 1, max: 6 }),
  passes: fc.oneof(fc.nat(100), fc.nat(20_000)),
  here: position,
  size: fc.integer({ min: 1, max: 12 }),
});

test("the shortlist is what asking and sorting all would give, whatever happened, time after time", () => {
  fc.assert(
    fc.property(positions, fc.array(event, { maxLength: 30 }), (places, events) => {
      const { pool, clock, ask, stateOf, happens, probed, tier } = createStory(places);
      for (const { what, at, verdict: judged, times, passes, here, size } of events) {
        const one = at % pool.length;
        if (what === "judged") happens(judged, one, times);
        if (what === "probed") probed(one, times > 4);
        if (what === "busy") stateOf(one).inFlight = times % 4;
        if (what === "many") for (let other = 0; other < pool.length; other += times) happens(judged, other, 5);
        clock.now += passes;
        const selection = { here: directionOf(here), size };
        for (let again = 0; again < 2; again++) {
          const { list } = shortlist(tier(), admission(tier(), ask()), selection);
          expect(list.map(({ origin }) => origin.name)).toEqual(
            naiveList(pool, ask(), { here, size }).map(({ name }) => name),
          );
        }
      }
    }),
    { numRuns: 200 },
  );
});

describe("when all around are out", () => {
  const around = Array.from({ length: 200 }, (_, index): Position => [50 + index / 1000, 8]);
  const far: Position[] = [
    [-30, 150],
    [-31, 150],
    [-32, 150],
  ];
  const here = { ip: "192.0.2.1", latitude: 50, longitude: 8 };

  /** Probes say that all are down but the far ones. */
  function allDown() {
    const story = createStory([...around, ...far]);
    for (const at of around.keys()) story.probed(at, false);
    const chooseNow = (parts: Partial<Asker> = {}) => {
      const leftOut = new Map<string, never>();
      const asker = { ...story.ask(leftOut), client: here, wanted: 3, ...parts };
      const names = rank(story.edge.fleet.tiers(story.pool), "nearest", asker).map(({ origin }) => origin.name);
      return { names: names.join(" "), told: [...leftOut.keys()].slice(0, 3).join(" "), asked: leftOut.size };
    };
    return { ...story, choose: chooseNow };
  }

  test("they are asked once, and then the nearest alone, of which the trail tells each time", () => {
    const { choose } = allDown();
    const [first, second] = [choose(), choose()];
    expect(first).toEqual({ names: "o200 o201 o202", told: "o0 o1 o2", asked: 200 });
    expect(second).toEqual({ ...first, asked: 3 });
  });

  test("one that is up again is asked again, and so are all when it is long that anybody heard of them", () => {
    const { choose, probed, clock } = allDown();
    choose();
    probed(7, true);
    expect(choose({ wanted: 2 }).names).toBe("o7 o200");
    clock.now += 60_000;
    // The one that led goes on as long as none is clearly better.
    expect(choose({ wanted: 2 }).names).toBe("o7 o0");
  });

  test("and the others take no more, those come first that aren't out, and then the nearest that are", () => {
    const { choose, stateOf } = allDown();
    choose();
    for (let at = 201; at < 203; at++) stateOf(at).inFlight = 2;
    expect(choose({ wanted: 5 }).names).toBe("o200 o201 o202 o0 o1");
  });

  test("and so are all others, the trail says so, also of one that needn't be asked any more", async () => {
    const { pool, edge, probed, stateOf, clock } = allDown();
    for (let at = 200; at < 203; at++) probed(at, false);
    for (let at = 0; at < 8; at++) {
      for (const usual of stateOf(at).usual) Object.assign(usual, { mean: at === 6 ? 10 : 100, at: clock.now });
    }
    for (let time = 0; time < 2; time++) {
      const visit = { ...clean("/"), pool, client: here, balance: "nearest" } as unknown as Planned;
      expect((await choose(visit, edge)).origins[0]!.name).toBe("o6");
      const told = visit.trail.steps.map(({ decision }) => decision);
      expect(told).toContain("none-usable");
      expect(told.filter((each) => each.startsWith("out:"))).toEqual(["out:o0=down", "out:o1=down", "out:o2=down"]);
    }
  });

  test("and so are all others, the nearest come first all the same", () => {
    const { choose, probed } = allDown();
    for (let at = 200; at < 203; at++) probed(at, false);
    for (let time = 0; time < 3; time++) expect(choose({ wanted: 2 }).names).toBe("o0 o1");
  });
});

test("of ten that failed, those that are asked all the same are full, and then aren't", () => {
  const { happens, stateOf, ask, edge, pool } = createStory(
    Array.from({ length: 10 }, (_, at): Position => [50 + at, 8]),
  );
  for (const at of pool.keys()) happens("failed", at, 5);
  const choose = (): string => {
    const asker = { ...ask(), client: { ip: "", latitude: 50, longitude: 8 }, wanted: 2 };
    return rank(edge.fleet.tiers(pool), "nearest", asker)
      .map(({ origin }) => origin.name)
      .join(" ");
  };
  for (const at of [8, 9]) stateOf(at).inFlight = 2;
  expect(choose()).toBe("o8 o9");
  for (const at of [8, 9]) stateOf(at).inFlight = 0;
  expect(choose()).toBe("o8 o9");
  stateOf(8).inFlight = 2;
  expect(choose()).toBe("o9 o8");
});

test("what is known of a pool is forgotten with the states of its origins", () => {
  const { pool, edge } = createStory([[50, 8]]);
  const fleet = createFleet();
  const asker = askerOf({ ...clean("/"), pool, balance: "first" } as unknown as Planned, { ...edge, fleet }, new Map());
  const stateNow = () => admission(fleet.tiers(pool)[0]!, asker).state(0);
  const before = stateNow();
  expect(stateNow()).toBe(before);
  fleet.retain(edge.config);
  expect(stateNow()).not.toBe(before);
  expect(stateNow()).toBe(fleet.origin("o0"));
});
