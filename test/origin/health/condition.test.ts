import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Eject } from "../../../src/config/upstream.ts";
import { newCondition, type Condition } from "../../../src/origin-state.ts";
import { abandoned, answered, asked, brokeOff, failed, share, standing } from "../../../src/origin/health/condition.ts";
import { eject as usual } from "../../harness/rooms.ts";

const second = 1_000;
const minute = 60 * second;

/** An origin, and a clock that only the story moves. Each request is asked and over within its millisecond. */
function createStory(eject: Eject | undefined = usual) {
  const condition = newCondition();
  let now = 1e12;
  const outcome = (verdict: typeof answered, times: number): void => {
    for (let time = 0; time < times; time++) {
      now += 1;
      const askedAt = now;
      asked(condition, { now });
      verdict(condition, { askedAt, now, eject });
    }
  };
  return {
    condition,
    now: () => now,
    pass: (ms: number): void => void (now += ms),
    answers: (times = 1): void => outcome(answered, times),
    fails: (times = 1): void => outcome(failed, times),
    breaksOff: (times = 1): void => outcome(brokeOff, times),
    is: () => standing(condition, { now, eject }),
    share: () => share(condition, { now, eject }),
    /** Milliseconds for which it is out. */
    outFor: () => (condition.ejection ? condition.ejection.until - now : 0),
  };
}

function repeat(times: number, ...acts: readonly (() => void)[]): void {
  for (let time = 0; time < times; time++) for (const act of acts) act();
}

describe("an origin is ejected", () => {
  test("by five failures in a row, for ten seconds", () => {
    const story = createStory();
    story.answers(10);
    story.fails(4);
    expect([story.is(), story.share()]).toEqual(["well", 1]);
    story.fails();
    expect([story.is(), story.share(), story.outFor()]).toEqual(["ejected", 0, 10 * second]);
    expect(story.condition.ejection).toMatchObject({ why: "failures", since: story.now() });
  });

  test("by half of its answers being failures, though none follow one another", () => {
    const story = createStory();
    repeat(5, story.answers, story.fails);
    expect(story.is()).toBe("well");
    story.answers();
    story.fails();
    expect([story.is(), story.condition.ejection?.why]).toEqual(["ejected", "rate"]);
  });

  test("by bodies that break off, though each began well", () => {
    const story = createStory();
    repeat(10, story.answers, story.breaksOff);
    expect(story.is()).toBe("well");
    story.answers();
    story.breaksOff();
    expect([story.is(), story.condition.ejection?.why]).toEqual(["ejected", "rate"]);
  });

  test("not by four failures, an answer, and four more", () => {
    const story = createStory({ ...usual, rate: 1 });
    repeat(20, () => story.fails(4), story.answers);
    expect(story.is()).toBe("well");
  });

  test("not by failures of long ago", () => {
    const story = createStory({ ...usual, failures: 1000 });
    story.fails(8);
    story.pass(3 * minute);
    story.answers(8);
    story.fails(4);
    expect(story.is()).toBe("well");
  });

  test("not where nothing ever is", () => {
    const story = createStory();
    const never = { askedAt: 1, now: 1, eject: undefined };
    for (let each = 0; each < 100; each++) failed(story.condition, never);
    expect(standing(story.condition, never)).toBe("well");
    expect(story.condition.failures).toBe(100);
  });
});

describe("an ejected origin", () => {
  test("is tried by one visit at a time when its time is over, and comes back by and by when it answers", () => {
    const story = createStory();
    story.fails(5);
    story.pass(10 * second);
    expect([story.is(), story.share()]).toEqual(["trial", 1]);
    const askedAt = story.now();
    asked(story.condition, { now: askedAt });
    expect(story.share()).toBe(0);
    story.pass(20);
    answered(story.condition, { askedAt, now: story.now(), eject: usual });
    expect([story.is(), story.share()]).toEqual(["returning", 0.1]);
    story.pass(15 * second);
    expect([story.is(), story.share()]).toEqual(["returning", 0.55]);
    story.pass(15 * second);
    expect([story.is(), story.share()]).toEqual(["well", 1]);
  });

  test("is out for longer each time that its trial fails, up to five minutes, and it is known since when", () => {
    const story = createStory();
    story.fails(5);
    const since = story.now();
    const times: number[] = [];
    for (let trial = 0; trial < 40; trial++) {
      times.push(story.outFor() / second);
      story.pass(story.outFor());
      story.fails();
    }
    expect(times.slice(0, 5)).toEqual([10, 20, 30, 40, 50]);
    expect(times.at(-1)).toBe(300);
    expect(story.condition.ejection).toMatchObject({ why: "trial", since });
  });

  test("begins anew when it was well for five minutes, and not before", () => {
    const story = createStory();
    const ejectAfter = (ms: number): number => {
      story.pass(story.outFor());
      story.answers();
      story.pass(ms);
      story.fails(5);
      return story.outFor() / second;
    };
    story.fails(5);
    expect([ejectAfter(minute), ejectAfter(minute), ejectAfter(6 * minute)]).toEqual([20, 30, 10]);
  });

  test("isn't out for longer because it was asked all the same, and is back when it answers then", () => {
    const story = createStory();
    story.fails(5);
    story.fails(20);
    expect(story.outFor()).toBe(10 * second - 20);
    story.answers();
    expect(story.is()).toBe("returning");
  });

  test("isn't judged by what it was asked before", () => {
    const story = createStory();
    const before = story.now();
    story.fails(5);
    answered(story.condition, { askedAt: before, now: story.now(), eject: usual });
    expect(story.is()).toBe("ejected");
    story.pass(10 * second);
    story.answers();
    for (let late = 0; late < 10; late++) failed(story.condition, { askedAt: before, now: story.now(), eject: usual });
    expect(story.is()).toBe("returning");
  });

  test("can be tried again when the client left that tried it, or when nobody heard of it again", () => {
    const story = createStory();
    story.fails(5);
    story.pass(10 * second);
    asked(story.condition, { now: story.now() });
    abandoned(story.condition, { askedAt: story.now() });
    expect(story.share()).toBe(1);
    asked(story.condition, { now: story.now() });
    story.pass(10 * second - 1);
    expect(story.share()).toBe(0);
    story.pass(1);
    expect(story.share()).toBe(1);
  });
});

describe("whatever happens", () => {
  const verdicts = { answered, failed, brokeOff, abandoned } as const;
  interface Step {
    readonly verdict: keyof typeof verdicts;
    readonly passes: number;
    readonly takes: number;
  }
  const step: fc.Arbitrary<Step> = fc.record({
    verdict: fc.constantFrom(...(Object.keys(verdicts) as (keyof typeof verdicts)[])),
    /** Backwards, too: clocks are set. */
    passes: fc.integer({ min: -5_000, max: 120_000 }),
    takes: fc.integer({ min: 0, max: 30_000 }),
  });

  /** Plays the steps, and shows what is before and after each. */
  function play(steps: readonly Step[], see: (before: Condition, after: Condition, now: number) => void) {
    const condition = newCondition();
    let now = 1e12;
    for (const { verdict, passes, takes } of steps) {
      now += passes;
      const before = structuredClone(condition);
      const askedAt = now;
      asked(condition, { now });
      now += takes;
      verdicts[verdict](condition, { askedAt, now, eject: usual });
      see(before, condition, now);
    }
    return { condition, now };
  }

  test("its share is from 0 to 1, and 0 only while it is ejected or tried", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        play(steps, (_, condition, now) => {
          const part = share(condition, { now, eject: usual });
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(1);
          if (part === 0) expect(condition.ejection).toBeDefined();
        });
      }),
    );
  });

  test("it is never out for less the next time, within the same trouble, nor for longer than the longest", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        play(steps, (before, { ejection, times }) => {
          if (!ejection || ejection === before.ejection) return;
          const out = ejection.until - ejection.at;
          expect(out).toBeLessThanOrEqual(usual.most);
          if (times > 1 && before.ejection && ejection.at !== before.ejection.at)
            expect(out).toBeGreaterThanOrEqual(before.ejection.until - before.ejection.at);
        });
      }),
    );
  });

  test("one that answers from now on is as good as any within its time and a slow start", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const played = play(steps, () => undefined);
        const { condition } = played;
        const from = Math.max(played.now, condition.ejection?.until ?? 0) + usual.base;
        for (let now = from; now < from + 40 * second; now += second) {
          asked(condition, { now });
          answered(condition, { askedAt: now, now, eject: usual });
        }
        expect(standing(condition, { now: from + 40 * second, eject: usual })).toBe("well");
      }),
    );
  });
});
