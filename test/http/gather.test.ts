import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readBytes } from "../../src/http/byte-reader.ts";
import { gathering } from "../../src/http/gather.ts";
import { joined } from "../../src/http/stream.ts";

const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** What comes: bytes, after a while or at once; then the end, or a failure. */
interface Coming {
  readonly size: number;
  readonly isLate: boolean;
}

function bodyOf(comings: readonly Coming[], failure?: Error): ReadableStream<Uint8Array> {
  const left = comings.map(({ size, isLate }, at) => ({ bytes: new Uint8Array(size).fill(at), isLate }));
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = left.shift();
        if (next?.isLate) await wait();
        if (next) controller.enqueue(next.bytes);
        else if (failure) controller.error(failure);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The pieces that are read, and what they fail with. */
async function readAll(body: ReadableStream<Uint8Array>) {
  const reader = gathering(readBytes(body));
  const pieces: Uint8Array[] = [];
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
  } catch (failure) {
    return { pieces, failure };
  }
  return { pieces, failure: undefined };
}

const sizes = async (body: ReadableStream<Uint8Array>) =>
  (await readAll(body)).pieces.map(({ byteLength }) => byteLength);

test("pieces that are here are one", async () => {
  const here = { size: 10, isLate: false };
  expect(await sizes(bodyOf([here, here, here]))).toEqual([30]);
});

test("one that is late is waited for by none before it", async () => {
  const [here, late] = [
    { size: 10, isLate: false },
    { size: 10, isLate: true },
  ];
  expect(await sizes(bodyOf([here, late, here, late]))).toEqual([10, 20, 10]);
});

test("no more than 64 KB are waited for, and what is larger is as it was", async () => {
  const [small, large] = [
    { size: 30_000, isLate: false },
    { size: 100_000, isLate: false },
  ];
  expect(await sizes(bodyOf([small, small, small, small, large, large]))).toEqual([90_000, 130_000, 100_000]);
});

test("every byte comes once, in order, and what came before a failure comes before it", async () => {
  const coming = fc.record({ size: fc.nat({ max: 40_000 }), isLate: fc.boolean() });
  const failures = fc.option(fc.constant(new Error("broken")), { nil: undefined });
  const property = fc.asyncProperty(fc.array(coming, { maxLength: 8 }), failures, async (comings, failure) => {
    const read = await readAll(bodyOf(comings, failure));
    const whole = joined(comings.map(({ size }, at) => new Uint8Array(size).fill(at)));
    const got = joined(read.pieces);
    expect(got.byteLength).toBe(whole.byteLength);
    expect(got.every((byte, at) => byte === whole[at])).toBe(true);
    expect(read.failure).toBe(failure);
  });
  await fc.assert(property, { numRuns: 50 });
});

test("a client that leaves stops a body that is being waited for", async () => {
  const reasons: unknown[] = [];
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: (reason) => void reasons.push(reason),
  });
  const reader = gathering(readBytes(body));
  expect((await reader.read()).value?.byteLength).toBe(1);
  const pending = reader.read();
  await reader.cancel("gone");
  expect([(await pending).done, reasons]).toEqual([true, ["gone"]]);
});
