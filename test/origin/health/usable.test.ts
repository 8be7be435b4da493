import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Origin } from "../../../src/config/upstream.ts";
import { judge, type Verdict } from "../../../src/origin/health/judge.ts";
import { usable } from "../../../src/origin/health/usable.ts";
import { Trail } from "../../../src/trail.ts";
import { edgeWith } from "../../harness/rooms.ts";
import { origins } from "../choose/asker.ts";

/** A pool that is asked, each request over within its millisecond. */
function createStory(count: number, random = 0.999) {
  const pool = origins(count);
  const clock = { now: 1e12 };
  const edge = edgeWith({}, { now: () => clock.now, random: () => random });
  const happens = (verdict: Verdict, { name }: Origin, times = 1): void => {
    for (let time = 0; time < times; time++)
      judge(verdict, { name, askedAt: (clock.now += 1), trail: new Trail() }, edge);
  };
  const whyNot = (mayTry = true, among = pool) => {
    const known = usable({ pool: among, mayTry }, edge);
    return among.map((origin) => known.whyNot(origin, edge.fleet.origin(origin.name)));
  };
  return { pool, clock, edge, whyNot, fails: (at: number) => happens("failed", pool[at]!, 5), happens };
}

test("an origin that is ejected isn't usable, and the others are", () => {
  const { whyNot, fails } = createStory(3);
  fails(1);
  expect(whyNot()).toEqual([undefined, "ejected", undefined]);
});

test.each([
  [1, 0],
  [2, 1],
  [3, 2],
  [5, 4],
  [10, 8],
])("of %i origins that all fail, %i are out: those that failed first", (count, out) => {
  const { whyNot, fails } = createStory(count);
  for (let at = count - 1; at >= 0; at--) fails(at);
  const usableOnes = Array.from({ length: count - out }, () => undefined);
  expect(whyNot()).toEqual([...usableOnes, ...Array.from({ length: out }, () => "ejected")]);
});

test("who is asked though ejected changes with time, and with each that fails", () => {
  const { edge, clock, whyNot, fails, happens, pool } = createStory(5);
  for (let at = 0; at < 5; at++) fails(at);
  const lastIsSpared = ["ejected", "ejected", "ejected", "ejected", undefined];
  expect([whyNot(), whyNot()]).toEqual([lastIsSpared, lastIsSpared]);
  clock.now = edge.fleet.origin(pool[0]!.name).condition.ejection!.until;
  expect(whyNot()).toEqual([undefined, "ejected", "ejected", "ejected", "ejected"]);
  happens("failed", pool[0]!);
  expect(whyNot()).toEqual(lastIsSpared);
});

test("a config that ejects nobody any more asks those that are, whatever the visit is", () => {
  const { edge, fails, pool } = createStory(2);
  fails(0);
  const { settings } = edge.config;
  const lenient = { ...edge, config: { ...edge.config, settings: { ...settings, eject: undefined } } };
  for (const mayTry of [true, false]) {
    const { whyNot, outUntil } = usable({ pool, mayTry }, lenient);
    const state = edge.fleet.origin("o0");
    expect([whyNot(pool[0]!, state), outUntil(pool[0]!, state)]).toEqual([undefined, 0]);
  }
});

test("the share is of the pool: origins of others that are out don't count", () => {
  const { whyNot, fails, pool } = createStory(10);
  for (let at = 0; at < 8; at++) fails(at);
  expect(whyNot(true, [pool[0]!, pool[9]!])).toEqual(["ejected", undefined]);
});

test("a trial is for visits that can go elsewhere, until none has come for as long again", () => {
  const { clock, whyNot, fails } = createStory(2);
  fails(0);
  clock.now += 10_000;
  expect([whyNot(true), whyNot(false)]).toEqual([
    [undefined, undefined],
    ["trial", undefined],
  ]);
  clock.now += 10_000;
  expect(whyNot(false)).toEqual([undefined, undefined]);
});

test.each([
  [0.05, undefined],
  [0.5, "returning"],
])("one that has just come back takes a visit that draws %d: %s", (random, why) => {
  const { clock, whyNot, fails, happens, pool } = createStory(2, random);
  fails(0);
  clock.now += 10_000;
  happens("answered", pool[0]!);
  expect(whyNot()).toEqual([why, undefined]);
});

test("never more than the share are out, whatever fails", () => {
  const verdict = fc.constantFrom<Verdict>("answered", "failed", "brokeOff");
  const step = fc.record({ at: fc.nat(6), verdict, times: fc.integer({ min: 1, max: 6 }), passes: fc.nat(15_000) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.array(step, { maxLength: 60 }), (count, steps) => {
      const { pool, clock, happens, whyNot } = createStory(count, 0);
      for (const { at, verdict: what, times, passes } of steps) {
        happens(what, pool[at % count]!, times);
        clock.now += passes;
        expect(whyNot().filter((why) => why === "ejected").length).toBeLessThanOrEqual(Math.floor(0.8 * count));
      }
    }),
  );
});

describe("the fleet", () => {
  test("knows who is ejected, and forgets it with the origin", () => {
    const { edge, fails, happens, pool, clock } = createStory(2);
    fails(0);
    expect([...edge.fleet.ejected]).toEqual(["o0"]);
    clock.now += 10_000;
    happens("answered", pool[0]!);
    expect([...edge.fleet.ejected]).toEqual([]);
  });
});
