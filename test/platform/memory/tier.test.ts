import { expect, test } from "vitest";
import { createMemoryTier } from "../../../src/platform/memory/tier.ts";

const megabyte = 1 << 20;

function createTier(bytes = 32 * megabyte) {
  const clock = { now: 1_000_000 };
  return { clock, tier: createMemoryTier({ bytes, longest: 5_000, now: () => clock.now }) };
}

test("100,000 keys stay within the bound, and the last ones are there", async () => {
  const { tier } = createTier(8 * megabyte);
  for (let number = 0; number < 100_000; number++) {
    await tier.put(`https://www.example.com/${number}`, { head: "[1,{}]", body: new Uint8Array(number % 2_000) });
    if (number % 1_000 === 0) expect(tier.bytes()).toBeLessThanOrEqual(8 * megabyte);
  }
  expect(tier.bytes()).toBeGreaterThan(7 * megabyte);
  expect((await tier.match("https://www.example.com/99999"))?.length).toBe(1_999);
  expect(await tier.match("https://www.example.com/5")).toBeUndefined();
});

test("what is older than it may be is not matched, and not deleted either", async () => {
  const { clock, tier } = createTier();
  await tier.put("/a", { head: "h", body: new Uint8Array(3) });
  clock.now += 4_999;
  expect(await tier.match("/a")).toEqual({ head: "h", body: new Uint8Array(3), length: 3, tier: "memory" });
  clock.now += 1;
  expect(await tier.match("/a")).toBeUndefined();
  expect(await tier.delete("/a")).toBe(false);
});

test.each([
  [32 * megabyte, 256 << 10, true],
  [32 * megabyte, (256 << 10) + 1, false],
  [megabyte, 16 << 10, true], // a 64th of the whole
  [megabyte, (16 << 10) + 1, false],
  [megabyte, undefined, false],
  [megabyte, 0, true],
  [0, 0, false],
])("of %d bytes it holds a body of %d: %s", (bytes, length, expected) => {
  expect(createTier(bytes).tier.holds(length)).toBe(expected);
});

test("a body that is too long is refused before it is read to its end, and what was there is gone", async () => {
  const { tier } = createTier(megabyte);
  await tier.put("/a", { head: "old", body: new Uint8Array(3) });
  let read = 0;
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        read += 4_096;
        controller.enqueue(new Uint8Array(4_096));
      },
    },
    { highWaterMark: 0 },
  );
  await expect(tier.put("/a", { head: "new", body: endless })).rejects.toThrow(RangeError);
  expect(read).toBeLessThan(32 << 10);
  expect(await tier.match("/a")).toBeUndefined();
});

test("a part of a larger buffer doesn't keep the buffer", async () => {
  const { tier } = createTier();
  await tier.put("/a", { head: "h", body: new Uint8Array(megabyte).subarray(10, 20) });
  const { body } = (await tier.match("/a"))!;
  expect((body as Uint8Array).buffer.byteLength).toBe(10);
});

test("with less memory it keeps less, and with none nothing", async () => {
  const { tier } = createTier();
  for (let number = 0; number < 100; number++) await tier.put(`/${number}`, { head: "h", body: new Uint8Array(1_000) });
  tier.resize(50_000);
  expect(tier.bytes()).toBeLessThanOrEqual(50_000);
  expect(tier.bytes()).toBeGreaterThan(40_000);
  tier.resize(0);
  expect(tier.bytes()).toBe(0);
});
