/** What counting a million clients takes of memory: measured, here where it can be. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createBanBook } from "../../src/platform/memory/banning.ts";
import { createCounting } from "../../src/platform/memory/counting.ts";
import { createRates } from "../../src/platform/memory/rates.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function used(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

const million = 1_000_000;
const quota = { interval: 60_000, burst: 10 };

/** Bytes that what it returns takes, once it has met a million keys. */
function measure<T>(meet: () => T): { readonly bytes: number; readonly held: T } {
  const before = used();
  const held = meet();
  return { bytes: used() - before, held };
}

const ceiling = 16 << 20;

test("an isolate's counts stay within 16 MB", () => {
  const { bytes, held } = measure(() => {
    const rates = createRates();
    for (let key = 0; key < million; key++) rates.tally(`api 100/60000/100 192.0.2.${key}`).tat = key + 0.5;
    return rates;
  });
  expect(held.tally("another").tat).toBe(0);
  expect(bytes).toBeGreaterThan(1 << 20);
  expect(bytes).toBeLessThan(ceiling);
});

test("those asked for again and again are known after a million others", () => {
  const rates = createRates();
  const often = Array.from({ length: 100 }, (_, number) => `often ${number}`);
  for (let key = 0; key < million; key++) {
    rates.tally(`once ${key}`);
    if (key % 10 === 0) rates.tally(often[(key / 10) % 100]!).tat++;
  }
  expect(often.map((key) => rates.tally(key).tat)).toEqual(often.map(() => million / 10 / 100));
});

test("a shard's counts stay within 16 MB, and as much again until they are kept", () => {
  const { bytes, held } = measure(() => {
    const counting = createCounting(() => 1e12);
    for (let key = 0; key < million; key++) counting.count([{ key: `api 192.0.2.${key}`, quota, spent: 1 }]);
    return counting;
  });
  expect(held.unkept.size).toBe(50_000);
  expect(bytes).toBeLessThan(2 * ceiling);
});

test("a book of bans stays within 16 MB", () => {
  const policy = { quota, first: 60_000, most: 60_000 };
  const { bytes, held } = measure(() => {
    const book = createBanBook(() => 1e12);
    for (let from = 0; from < million; from += 1_000) {
      const offences = Array.from({ length: 1_000 }, (_, number) => [`192.0.2.${from + number}`, 1] as const);
      book.look({ policy, offences, since: Number.MAX_SAFE_INTEGER });
    }
    return book;
  });
  expect(held.sweep()).toBe(false);
  expect(bytes).toBeLessThan(ceiling);
});
