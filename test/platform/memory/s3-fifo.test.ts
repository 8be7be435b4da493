import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { S3Fifo } from "../../../src/platform/memory/s3-fifo.ts";
import { NaiveS3Fifo } from "./naive-s3-fifo.ts";

/** What a key alone costs, as the cache itself tells it. */
function costOf(key: string): number {
  const cache = new S3Fifo<string>(1e6);
  cache.set(key, "", 0);
  return cache.bytes;
}

type Step =
  | { readonly kind: "set"; readonly key: string; readonly bytes: number }
  | { readonly kind: "get"; readonly key: string }
  | { readonly kind: "delete"; readonly key: string }
  | { readonly kind: "limit"; readonly bytes: number };

const key = fc.integer({ min: 0, max: 30 }).map((number) => `/${number}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant("set"), key, bytes: fc.nat(2_000) }) },
  { weight: 20, arbitrary: fc.record({ kind: fc.constant("get"), key }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("delete"), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("limit"), bytes: fc.nat(20_000) }) },
);

describe("whatever is put, asked for and deleted", () => {
  test("it never takes more bytes than its limit, and none when all is deleted", () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.array(step, { maxLength: 200 }), (limit, steps) => {
        const cache = new S3Fifo<number>(limit);
        for (const [index, each] of steps.entries()) {
          take(cache, each, index);
          expect(cache.bytes).toBeLessThanOrEqual(cache.limit);
        }
        for (let number = 0; number <= 30; number++) cache.delete(`/${number}`);
        expect(cache.bytes).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test("it has what the naive model of S3-FIFO has", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2_000, max: 20_000 }), fc.array(step, { maxLength: 200 }), (limit, steps) => {
        const [cache, model] = [new S3Fifo<number>(limit), new NaiveS3Fifo(limit, costOf)];
        for (const [index, each] of steps.entries()) {
          expect(take(cache, each, index)).toBe(take(model, each, index));
          if (each.kind === "limit") model.shrink();
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a scan", () => {
  test("of any length leaves what was asked for twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 3_000 }), fc.integer({ min: 1, max: 900 }), (length, bytes) => {
        const cache = new S3Fifo<string>(50_000);
        cache.set("/home", "asked for twice", bytes);
        cache.get("/home");
        for (let number = 0; number < length; number++) cache.set(`/crawled/${number}`, "once", bytes);
        expect(cache.get("/home")).toBe("asked for twice");
      }),
      { numRuns: 50 },
    );
  });

  test("what left too early stays when it comes again", () => {
    const cache = new S3Fifo<number>(50_000);
    cache.set("/early", 1, 1_000);
    for (let number = 0; number < 35; number++) cache.set(`/before/${number}`, number, 1_000);
    expect(cache.get("/early")).toBeUndefined();
    cache.set("/early", 2, 1_000);
    for (let number = 0; number < 500; number++) cache.set(`/after/${number}`, number, 1_000);
    expect(cache.get("/early")).toBe(2);
  });
});

test("a popular part of what is asked for is found nearly always, though the rest is a hundred times as large", () => {
  const cache = new S3Fifo<true>(200 * 1_500);
  let found = 0;
  for (let round = 0; round < 200; round++) {
    for (let popular = 0; popular < 100; popular++) {
      if (cache.get(`/popular/${popular}`)) found++;
      else cache.set(`/popular/${popular}`, true, 1_000);
      cache.set(`/once/${round}/${popular}`, true, 1_000);
    }
  }
  expect(found / (200 * 100)).toBeGreaterThan(0.97);
});

/** What both do at a step; what `get` gave. */
function take(cache: Pick<S3Fifo<number>, "get" | "set" | "delete" | "limit">, step: Step, index: number) {
  if (step.kind === "get") return cache.get(step.key);
  if (step.kind === "set") cache.set(step.key, index, step.bytes);
  else if (step.kind === "delete") cache.delete(step.key);
  else cache.limit = step.bytes;
  return undefined;
}
