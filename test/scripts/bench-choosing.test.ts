import { describe, expect, test } from "vitest";
import { timeBatches } from "../../scripts/bench/batches.ts";
import { chooseFor, createChooser, visitsTo } from "../../scripts/bench/choosers.ts";
import { choosing, renderChoices, toChoices } from "../../scripts/bench/choosing.ts";
import { trustIn } from "../../src/origin/latency.ts";

test("every question is asked once and in order, also those of a last batch that isn't full", () => {
  const asked: number[] = [];
  const isEven = (question: number): boolean => asked.push(question) > 0 && question % 2 === 0;
  const { each, yes } = timeBatches([1, 2, 3, 4, 5], 2, isEven);
  expect(asked).toEqual([1, 2, 3, 4, 5]);
  expect(yes).toBe(2);
  expect(each).toBeGreaterThanOrEqual(0);
});

describe("an edge to choose by", () => {
  test("knows nothing of its origins, has measured all, or has ejected nine of ten", () => {
    const seen = (["nothing measured", "all measured", "all measured, nine of ten ejected"] as const).map((known) => {
      const { edge } = createChooser(100, known);
      const states = edge.config.origins.map(({ name }) => edge.fleet.origin(name));
      const measured = states.filter(({ peak, probed }) => trustIn(peak, edge.now()) === 1 && probed?.isUp);
      return { measured: measured.length, ejected: edge.fleet.ejected.size };
    });
    expect(seen).toEqual([
      { measured: 0, ejected: 0 },
      { measured: 100, ejected: 0 },
      { measured: 100, ejected: 90 },
    ]);
  });

  test("chooses three for each visit, and none that is ejected beyond the share", () => {
    const place = createChooser(100, "all measured, nine of ten ejected");
    const chosen = visitsTo(place, "first", 50).map((visit) => chooseFor(visit, place));
    const isWell = ({ name }: { readonly name: string }): boolean => !place.edge.fleet.ejected.has(name);
    expect(new Set(chosen.map(({ length }) => length))).toEqual(new Set([3]));
    // Of the ninety, ten more than may be out are asked all the same.
    expect(new Set(chosen.flat().filter((origin) => !isWell(origin))).size).toBeLessThanOrEqual(10);
  });

  test("has the same visits each time, from all over the world", () => {
    const place = createChooser(3, "nothing measured");
    const clients = visitsTo(place, "nearest", 200).map(({ client }) => client);
    expect(visitsTo(place, "nearest", 200).map(({ client }) => client)).toEqual(clients);
    const south = clients.filter(({ latitude }) => latitude! < 0).length;
    expect(south).toBeGreaterThan(50);
    expect(south).toBeLessThan(150);
  });
});

const spread = (middle: number) => ({ middle, lowest: middle / 2, highest: middle * 2 });
const spreads = { 3: spread(1), 100: spread(4), 10_000: spread(20) };

test("nearest is judged among ten thousand, to the digit; the others aren't", () => {
  expect(toChoices("nearest", "all measured", spreads).verdict).toMatchObject({ atMost: 20, met: true });
  expect(toChoices("nearest", "all measured", { ...spreads, 10_000: spread(20.04) }).verdict?.met).toBe(false);
  expect(toChoices("hash", "all measured", spreads)).not.toHaveProperty("verdict");
});

test("what is known of the origins has a table each", () => {
  const rows = [
    toChoices("nearest", "nothing measured", { ...spreads, 10_000: spread(30) }),
    toChoices("first", "nothing measured", spreads),
    toChoices("nearest", "all measured", spreads),
  ];
  const [nothing, all, ...others] = renderChoices(rows);
  expect(others).toEqual([]);
  expect(nothing).toBe(
    `µs a choice, nothing measured, of so many origins
           3  lowest–highest  100  lowest–highest  10,000  lowest–highest  target
nearest  1.0  0.5–2.0         4.0  2.0–8.0           30.0  15.0–60.0       ≤ 20 µs: NOT met
first    1.0  0.5–2.0         4.0  2.0–8.0           20.0  10.0–40.0`,
  );
  expect(all).toMatch(/^nearest .*≤ 20 µs: met$/m);
});

test("the section measures the policy that is wanted, and says what goes on", async () => {
  const said: string[] = [];
  const stage = { rounds: 1, progress: (says: string) => void said.push(says) } as Parameters<typeof choosing.run>[1];
  const { figures, failures } = await choosing.run((title) => title.endsWith(": first"), stage);
  expect(failures).toEqual([]);
  expect(figures["choices"]).toMatchObject([
    { policy: "first", known: "nothing measured" },
    { policy: "first", known: "all measured" },
    { policy: "first", known: "all measured, nine of ten ejected" },
  ]);
  expect(said[0]).toBe("cost of a choice: first, nothing measured");
});
