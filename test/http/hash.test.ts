import { expect, test } from "vitest";
import { hashOf, mixed, paired, partOf } from "../../src/http/hash.ts";

test("texts that differ little have parts that are spread evenly", () => {
  const buckets = Array<number>(20).fill(0);
  for (let index = 0; index < 20_000; index++) buckets[Math.floor(partOf(hashOf(`10.0.0.${index}`)) * 20)]!++;
  // Five standard deviations of a binomial distribution.
  for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(5 * Math.sqrt(1_000 * 0.95));
});

test("every bit depends on every other", () => {
  for (let bit = 0; bit < 32; bit++) {
    const changed = Array.from({ length: 200 }, (_, number) => (mixed(number) ^ mixed(number ^ (1 << bit))) >>> 0);
    const ones = changed.reduce((sum, each) => sum + each.toString(2).replaceAll("0", "").length, 0);
    expect(Math.abs(ones / 200 - 16)).toBeLessThan(1.5);
  }
});

test("whose pair with a key has the greatest hash, and whose the second, is spread evenly over all orders", () => {
  const others = ["a", "b", "c", "d"].map((name) => hashOf(name));
  const orders: Record<string, number> = {};
  for (let index = 0; index < 24_000; index++) {
    const key = hashOf(`10.0.${index >> 8}.${index & 255}`);
    const numbers = others.map((other) => paired(key, other));
    const [first, second] = numbers.toSorted((one, other) => other - one);
    const order = `${numbers.indexOf(first!)} ${numbers.indexOf(second!)}`;
    orders[order] = (orders[order] ?? 0) + 1;
  }
  const counts = Object.values(orders);
  expect(counts).toHaveLength(12);
  for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(5 * Math.sqrt(2_000 * (11 / 12)));
});

test("a part is above 0 and below 1, so that it has a logarithm that isn't 0", () => {
  for (const hash of [0, 2 ** 32 - 1]) {
    expect(partOf(hash)).toBeGreaterThan(0);
    expect(partOf(hash)).toBeLessThan(1);
  }
});
