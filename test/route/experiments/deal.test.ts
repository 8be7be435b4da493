import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Variant } from "../../../src/config/experiments.ts";
import { takesPart, variantFor } from "../../../src/route/experiments/deal.ts";
import { rule } from "../../harness/rooms.ts";

const letters = ["a", "b", "c", "d", "e"];

/** An experiment whose variants have these weights, called by the letters. */
function experiment(name: string, weights: readonly number[]) {
  const variants = weights.map((weight, index): Variant => {
    const called = letters[index]!;
    return { name: called, weight, mark: called, key: undefined, rule: rule(called) };
  });
  return { name, variants };
}

const clients = Array.from({ length: 50_000 }, (_, index) => `client-${index}`);

/** How many of the clients are in each group. */
function counts(group: (client: string) => string, among = clients): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const client of among) {
    const one = group(client);
    found.set(one, (found.get(one) ?? 0) + 1);
  }
  return found;
}

/** Pearson's, of counts against what they should be. */
function chiSquare(pairs: readonly (readonly [found: number, expected: number])[]): number {
  return pairs.reduce((sum, [found, expected]) => sum + (found - expected) ** 2 / expected, 0);
}

/** What chi-square is above once in 10,000 times, by degrees of freedom. */
const rare: Readonly<Record<number, number>> = { 1: 15.14, 2: 18.42, 3: 21.11, 4: 23.51 };

describe("shares", () => {
  test.each([[[1, 1]], [[50, 30, 20]], [[1, 99]], [[1, 1, 1, 1, 1]], [[1000, 1, 999]], [[3, 0, 2]]])(
    "are as the weights %j",
    (weights) => {
      const one = experiment("checkout", weights);
      const found = counts((client) => variantFor(client, one).name);
      const sum = weights.reduce((all, weight) => all + weight, 0);
      const weighted = weights.flatMap((weight, index) => (weight === 0 ? [] : [[letters[index]!, weight] as const]));
      const pairs = weighted.map(([name, weight]) => [found.get(name) ?? 0, (weight / sum) * clients.length] as const);
      expect([...found.keys()].toSorted()).toEqual(weighted.map(([name]) => name));
      expect(chiSquare(pairs)).toBeLessThan(rare[pairs.length - 1]!);
    },
  );

  test.each([0, 0.01, 0.3, 0.999, 1])("take part: %d", (share) => {
    const taking = clients.filter((client) => takesPart(client, { name: "checkout", share })).length;
    const [yes, no] = [share * clients.length, (1 - share) * clients.length];
    if (yes === 0 || no === 0) expect(taking).toBe(yes);
    else
      expect(
        chiSquare([
          [taking, yes],
          [clients.length - taking, no],
        ]),
      ).toBeLessThan(rare[1]!);
  });
});

describe("independence: what is seen of one says nothing of", () => {
  /** Of a table whose rows and columns are those groups. */
  function dependence(row: (client: string) => string, column: (client: string) => string): [number, freedom: number] {
    const [rows, columns] = [counts(row), counts(column)];
    const cells = counts((client) => `${row(client)} ${column(client)}`);
    const pairs = [...rows].flatMap(([inRow, many]) =>
      [...columns].map(
        ([inColumn, more]) => [cells.get(`${inRow} ${inColumn}`) ?? 0, (many * more) / clients.length] as const,
      ),
    );
    return [chiSquare(pairs), (rows.size - 1) * (columns.size - 1)];
  }

  test.each([
    ["checkout", "price"],
    ["a", "b"],
    ["exp1", "exp2"],
    ["checkout", "checkout2"],
    ["2026-11-a", "2026-12-a"],
  ])("another experiment: %s, %s", (one, other) => {
    const [first, second] = [experiment(one, [1, 1, 2]), experiment(other, [1, 1, 2])];
    const [found, freedom] = dependence(
      (client) => variantFor(client, first).name,
      (client) => variantFor(client, second).name,
    );
    expect(freedom).toBe(4);
    expect(found).toBeLessThan(rare[4]!);
  });

  test("whether its client takes part, there or elsewhere", () => {
    const one = experiment("checkout", [1, 1]);
    for (const name of ["checkout", "price"]) {
      const [found] = dependence(
        (client) => variantFor(client, one).name,
        (client) => String(takesPart(client, { name, share: 0.3 })),
      );
      expect(found).toBeLessThan(rare[1]!);
    }
  });

  test("itself is nothing that this could miss", () => {
    const one = experiment("checkout", [1, 1]);
    const seen = (client: string): string => variantFor(client, one).name;
    expect(dependence(seen, seen)[0]).toBeGreaterThan(clients.length / 2);
  });
});

describe("when weights change", () => {
  const some = clients.slice(0, 4_000);
  const weights = fc
    .array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 5 })
    .filter((all) => all.some((weight) => weight > 0));
  const change = weights.chain((before) =>
    fc.tuple(
      fc.constant(before),
      fc
        .array(fc.integer({ min: 0, max: 1000 }), { minLength: before.length, maxLength: before.length })
        .filter((all) => all.some((weight) => weight > 0)),
    ),
  );

  /** From which variant to which, by their places, of those who move. */
  function moves(before: readonly number[], after: readonly number[]): (readonly [from: number, to: number])[] {
    const [was, is] = [experiment("checkout", before), experiment("checkout", after)];
    return some
      .map((client) => [variantFor(client, was), variantFor(client, is)] as const)
      .filter(([from, to]) => from.name !== to.name)
      .map(([from, to]) => [letters.indexOf(from.name), letters.indexOf(to.name)]);
  }

  function sharesOf(all: readonly number[]): number[] {
    const sum = all.reduce((total, weight) => total + weight, 0);
    return all.map((weight) => weight / sum);
  }

  test("a client moves only to a variant whose weight has grown beside that of its own", () => {
    fc.assert(
      fc.property(change, ([before, after]) => {
        for (const [from, to] of moves(before, after)) {
          expect(after[to]! * before[from]!).toBeGreaterThan(after[from]! * before[to]!);
        }
      }),
      { numRuns: 30, seed: 6 },
    );
  });

  test("at most twice as many move as have to, and of two variants exactly those", () => {
    fc.assert(
      fc.property(change, ([before, after]) => {
        const [was, is] = [sharesOf(before), sharesOf(after)];
        const least = was.reduce((sum, share, index) => sum + Math.max(0, share - is[index]!), 0);
        const moved = moves(before, after).length / some.length;
        const noise = 5 / (2 * Math.sqrt(some.length));
        expect(moved).toBeGreaterThan(least - noise);
        expect(moved).toBeLessThan((before.length === 2 ? least : (2 * least) / (1 + least)) + noise);
      }),
      { numRuns: 30, seed: 6 },
    );
  });

  test("just what one variant wins moves when its weight alone changes, or it is new", () => {
    for (const [before, after] of [
      [
        [10, 45, 45],
        [20, 45, 45],
      ],
      [
        [0, 1, 1],
        [1, 1, 1],
      ],
      [
        [90, 5, 5],
        [30, 5, 5],
      ],
    ] as const) {
      const moved = moves(before, after);
      const won = sharesOf(after)[0]! - sharesOf(before)[0]!;
      expect(new Set(moved.map(([from, to]) => (won > 0 ? to : from)))).toEqual(new Set([0]));
      expect(Math.abs(moved.length / some.length - Math.abs(won))).toBeLessThan(0.04);
    }
  });

  test("weights in another measure are the same, and so are variants in another order", () => {
    expect(moves([1, 2, 3], [10, 20, 30])).toEqual([]);
    const { name, variants } = experiment("checkout", [1, 2, 3]);
    const turned = { name, variants: variants.toReversed() };
    for (const client of some) expect(variantFor(client, turned)).toBe(variantFor(client, { name, variants }));
  });

  test("who takes part goes on taking part when the share grows", () => {
    const share = fc.integer({ min: 0, max: 1000 }).map((part) => part / 1000);
    fc.assert(
      fc.property(fc.string(), share, share, (client, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        const took = takesPart(client, { name: "checkout", share: less });
        expect(!took || takesPart(client, { name: "checkout", share: more })).toBe(true);
      }),
    );
  });

  test("whatever the client's text, it sees a variant that has a weight", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), weights, (client, all) => {
        expect(variantFor(client, experiment("checkout", all)).weight).toBeGreaterThan(0);
      }),
    );
  });
});
