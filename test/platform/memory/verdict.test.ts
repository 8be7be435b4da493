import { describe, expect, test } from "vitest";
import { clusters, type Answers, type Moment } from "../../../src/analytics.ts";
import { compare, noComparison } from "../../../src/platform/memory/comparison.ts";
import { verdictOn } from "../../../src/platform/memory/verdict.ts";
import { evenly } from "../../harness/moments.ts";

const guard = { errors: 0.02, latency: 0.2, least: 200 };
const named = { control: "control", variant: "variant" };

function compared(moments: readonly Moment[]) {
  return moments.reduce((so, moment) => compare(so, moment, named), noComparison);
}

const over = (sides: { readonly control: Answers; readonly variant: Answers }, seconds = 50) =>
  compared(evenly(sides, { from: 1_000, seconds }));

const answers = (count: number, failures: number): Answers => {
  const log = Math.log(100);
  return { count, failures, logs: (count - failures) * log, squares: (count - failures) * log * log };
};

test("nothing is decided before enough was seen on both sides", () => {
  expect(verdictOn(over({ control: answers(10_000, 0), variant: answers(199, 199) }), guard)).toBeUndefined();
  expect(verdictOn(over({ control: answers(199, 0), variant: answers(10_000, 10_000) }), guard)).toBeUndefined();
  expect(verdictOn(noComparison, { ...guard, least: 0 })).toBeUndefined();
});

test("what the guard doesn't speak of decides nothing", () => {
  const sides = over({ control: answers(1_000, 0), variant: answers(1_000, 900) });
  expect(verdictOn(sides, { ...guard, errors: undefined })).toBeUndefined();
  expect(verdictOn(sides, { ...guard, latency: undefined })?.why).toBe("errors");
});

test("it says what it saw", () => {
  const slow: Answers = {
    count: 500,
    failures: 0,
    logs: 500 * Math.log(200),
    squares: 500 * (Math.log(200) ** 2 + 0.2),
  };
  const usual: Answers = {
    count: 900,
    failures: 0,
    logs: 900 * Math.log(100),
    squares: 900 * (Math.log(100) ** 2 + 0.2),
  };
  expect(verdictOn(over({ control: usual, variant: slow }), guard)).toEqual({
    why: "latency",
    says: "Answers take 200 ms, the control's 100 ms (geometric means of 500 and 900): more than 20 % above, beyond chance.",
  });
});

test("a few seconds decide nothing, whatever they hold", () => {
  const sides = { control: answers(1e6, 0), variant: answers(1e6, 1e6) };
  expect(verdictOn(over(sides, 7), guard)).toBeUndefined();
  expect(verdictOn(over(sides, 20), guard)?.why).toBe("errors");
});

describe("clients of one network", () => {
  const [good, bad] = [answers(20, 0), answers(20, 20)];

  /** In every second, what there is of each cluster of the variant's clients; the control's do well. */
  const second = (at: number, variant: (cluster: number) => Answers): Moment => {
    const of = (each: (cluster: number) => Answers) =>
      Object.fromEntries(Array.from({ length: clusters }, (_, cluster) => [cluster, each(cluster)]));
    return { at, seen: { control: of(() => good), variant: of(variant) } };
  };
  const seconds = (variant: (cluster: number) => Answers) =>
    compared(Array.from({ length: 300 }, (_, at) => second(at, variant)));

  test("decide nothing, whichever it is, and however often they fail", () => {
    for (let one = 0; one < clusters; one++) {
      expect(
        verdictOn(
          seconds((cluster) => (cluster === one ? bad : good)),
          guard,
        ),
      ).toBeUndefined();
    }
  });

  test("decide nothing where there are no others", () => {
    const moments = Array.from({ length: 300 }, (_, at) => ({
      at,
      seen: { control: { 3: good }, variant: { 3: bad } },
    }));
    expect(verdictOn(compared(moments), guard)).toBeUndefined();
  });

  test("can't keep what is bad for others too", () => {
    expect(
      verdictOn(
        seconds((cluster) => (cluster === 0 ? good : bad)),
        guard,
      )?.why,
    ).toBe("errors");
    expect(
      verdictOn(
        seconds((cluster) => (cluster % 4 === 0 ? bad : good)),
        guard,
      )?.why,
    ).toBe("errors");
  });
});

test("seconds that come late, in disorder, or by a clock that is wrong, are compared as well", () => {
  const sides = { control: answers(1_000, 0), variant: answers(1_000, 900) };
  const moments = [...evenly(sides, { from: 9_000, seconds: 40 }), ...evenly(sides, { from: 5, seconds: 40 })];
  expect(verdictOn(compared(moments.toReversed()), guard)?.why).toBe("errors");
});

test("what has only one of the sides weighs nothing", () => {
  const usual = evenly({ control: answers(400, 0), variant: answers(400, 0) }, { from: 0, seconds: 100 });
  const control = evenly({ control: answers(900, 0) }, { from: 200, seconds: 100 });
  const variant = evenly({ variant: answers(900, 900) }, { from: 400, seconds: 100 });
  expect(verdictOn(compared([...usual, ...control, ...variant]), guard)).toBeUndefined();
});
