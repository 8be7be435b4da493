import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newOriginState } from "../../../src/origin-state.ts";
import {
  failureAfter,
  heard,
  isFailing,
  isSilent,
  patienceWith,
  waits,
  waitsNoMore,
} from "../../../src/origin/health/silence.ts";
import { eject } from "../../harness/rooms.ts";

/** An origin whose answers take so many milliseconds lately, and mostly perhaps less. */
function createStory(usual?: number, typical?: number) {
  const state = { ...newOriginState(), typical };
  const { unheard, peak, condition } = state;
  peak.mean = usual;
  let now = 1e12;
  return {
    unheard,
    condition,
    pass: (ms: number): void => void (now += ms),
    asks: (times: number): void => Array.from({ length: times }).forEach(() => waits(unheard, now)),
    hears: (): void => {
      waitsNoMore(unheard);
      heard(unheard, now);
    },
    /** Sends one, and returns what has it answered. */
    sends: (): (() => void) => {
      const number = waits(unheard, now);
      return () => {
        waitsNoMore(unheard);
        heard(unheard, now, number);
      };
    },
    givesUp: (times: number): void => Array.from({ length: times }).forEach(() => waitsNoMore(unheard)),
    isSilent: () => isSilent(state, { now, eject }),
    isSilentWhereNobodyIsEjected: () => isSilent(state, { now, eject: undefined }),
  };
}

test.each([
  [undefined, 1_000], // never measured
  [5, 250],
  [60, 250],
  [100, 400],
  [2_000, 8_000],
])("one that takes %s ms is silent when nobody has heard anything for more than %i", (usual, ms) => {
  const story = createStory(usual);
  story.asks(5);
  story.pass(ms);
  expect(story.isSilent()).toBe(false);
  story.pass(1);
  expect(story.isSilent()).toBe(true);
});

test("fewer than would eject it by their failures tell nothing", () => {
  const story = createStory(5);
  story.asks(4);
  story.pass(60_000);
  expect(story.isSilent()).toBe(false);
  story.asks(1);
  expect(story.isSilent()).toBe(true);
  expect(story.isSilentWhereNobodyIsEjected()).toBe(false); // where nothing is ever ejected
});

test("those that have failed since its last answer count too, where at least one waits", () => {
  const story = createStory(5);
  story.condition.inRow = 4;
  story.pass(60_000);
  expect(story.isSilent()).toBe(false);
  story.asks(1);
  story.pass(250);
  expect(story.isSilent()).toBe(false);
  story.pass(1);
  expect(story.isSilent()).toBe(true);
});

test("one answer ends it, and the time begins anew", () => {
  const story = createStory(5);
  story.asks(6);
  story.pass(1_000);
  story.hears();
  expect(story.isSilent()).toBe(false);
  story.pass(251);
  expect(story.isSilent()).toBe(true);
});

test("so does the end of all who waited: it is asked again", () => {
  const story = createStory(5);
  story.asks(5);
  story.pass(2_000);
  story.givesUp(5);
  story.asks(5);
  expect(story.isSilent()).toBe(false);
});

test("one that keeps answering in its usual time is never silent, however many wait", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 250 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 5, max: 1_000 }), (gaps, waiting) => {
      const story = createStory(5);
      story.asks(waiting);
      for (const gap of gaps) {
        story.pass(gap);
        expect(story.isSilent()).toBe(false);
        story.asks(1);
        story.hears();
      }
      expect(story.unheard.count).toBe(waiting);
    }),
  );
});

describe("an origin some of whose answers take 3 s, and most 20 ms", () => {
  const story = (): ReturnType<typeof createStory> => createStory(3_000, 20);

  test("is silent when five that were sent one after the other wait for 500 ms", () => {
    const { asks, pass, isSilent, isSilentWhereNobodyIsEjected } = story();
    asks(4);
    pass(2_000);
    asks(1);
    pass(500);
    expect(isSilent()).toBe(false);
    pass(1);
    expect(isSilent()).toBe(true);
    expect(isSilentWhereNobodyIsEjected()).toBe(false);
  });

  test("is so whatever it says to older ones", () => {
    const { sends, pass, isSilent } = story();
    const older = Array.from({ length: 3 }, sends);
    const younger = Array.from({ length: 5 }, sends);
    pass(501);
    older.forEach((answer) => answer());
    pass(1);
    expect(isSilent()).toBe(false); // those five have a while from when the youngest of them was answered
    pass(500);
    expect(isSilent()).toBe(true);
    younger[4]!();
    expect(isSilent()).toBe(false);
  });

  test("is not while the young are answered, however many are for what takes long", () => {
    const { sends, pass, isSilent } = story();
    for (let times = 0; times < 60; times++) {
      sends();
      const answer = sends();
      pass(50);
      answer();
      expect(isSilent()).toBe(false);
    }
  });

  test("is not by those who have left", () => {
    const { asks, givesUp, pass, isSilent } = story();
    asks(5);
    givesUp(1);
    pass(11_999);
    expect(isSilent()).toBe(false);
  });
});

describe("one that never answered", () => {
  test.each([
    ["nothing is known of the others either", undefined, 1_000, 10_000],
    ["others answer at once", 5, 1_000, 1_000],
    ["others take their time", 2_000, 8_000, 8_000],
  ])("where %s", (_, expected, patience, failure) => {
    const state = newOriginState();
    waits(state.unheard, 1e12, expected);
    expect([patienceWith(state), failureAfter(state)]).toEqual([patience, failure]);
    Object.assign(state.unheard, { count: 3 });
    expect([failure, failure + 1].map((ms) => isFailing(state, 3, 1e12 + ms))).toEqual([false, true]);
  });
});

test.each([
  ["nothing failed", 0, 0, 0, false],
  ["two failed in a row", 2, 0, 0, false],
  ["three failed in a row", 3, 0, 0, true],
  ["three wait, not for long", 0, 3, 249, false],
  ["three wait, for too long", 0, 3, 251, true],
  ["one failed, and two wait for too long", 1, 2, 251, true],
  ["one failed, and one waits for too long", 1, 1, 251, false],
] as const)("an origin that may fail three times seems to be asked in vain when %s", (_, inVain, count, ms, is) => {
  const state = newOriginState();
  Object.assign(state, { inVain, unheard: { count, since: 1e12 } });
  Object.assign(state.peak, { mean: 10 });
  expect(isFailing(state, 3, 1e12 + ms)).toBe(is);
});
