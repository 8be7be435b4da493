import fc from "fast-check";
import { expect, test } from "vitest";
import { split, splitFresh, type Split } from "../../src/cache/split.ts";

const bytesOf = async (part: Split["client"]): Promise<Uint8Array> =>
  new Uint8Array(await new Response(part).arrayBuffer());

/** A body of these chunks that then ends, or fails. */
function bodyOf(chunks: readonly Uint8Array[], fails = false): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else if (fails) controller.error(new Error("broke off"));
      else controller.close();
    },
  });
}

const options = (limit = 1e9, length?: number) => ({ length, limit, defer: (work: Promise<unknown>) => void work });

test("both get the same bytes, however they are cut", async () => {
  const chunk = fc.uint8Array({ minLength: 1, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 10 }), async (chunks) => {
      const whole = new Uint8Array(chunks.flatMap((part) => [...part]));
      const parts = split(bodyOf(chunks.map((part) => part.slice())), options());
      const [client, stored] = await Promise.all([bytesOf(parts.client), bytesOf(parts.stored)]);
      expect(client).toEqual(whole);
      expect(stored).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test("when the client leaves, the store still gets all of it", async () => {
  const parts = split(bodyOf([new Uint8Array(10), new Uint8Array(10)]), options());
  await parts.client.cancel();
  expect((await bytesOf(parts.stored)).byteLength).toBe(20);
});

test("when the client leaves at the beginning of a long body, the store gets it only if others wait for it", async () => {
  const mb = 1 << 20;
  for (const length of [8 * mb, undefined])
    for (const isAwaited of [false, true]) {
      const chunks = Array.from({ length: 8 }, () => new Uint8Array(mb));
      const parts = split(bodyOf(chunks), { ...options(1e9, length), isAwaited: () => isAwaited });
      await parts.client.cancel();
      const stored = await bytesOf(parts.stored).then(
        ({ byteLength }) => byteLength,
        (error: unknown) => String(error),
      );
      expect(stored).toEqual(isAwaited ? 8 * mb : expect.stringContaining("nobody waits"));
    }
});

test("when the store gives up, the client still gets all of it", async () => {
  const parts = split(bodyOf([new Uint8Array(10), new Uint8Array(10)]), options());
  await parts.stored.cancel();
  expect((await bytesOf(parts.client)).byteLength).toBe(20);
});

test("a store that never reads is abandoned, and the client gets all of it", async () => {
  const parts = split(bodyOf([new Uint8Array(10), new Uint8Array(10)]), options());
  const client = bytesOf(parts.client);
  parts.abandon();
  expect((await client).byteLength).toBe(20);
});

test("a body beyond the limit fails for the store only", async () => {
  const parts = split(bodyOf([new Uint8Array(10), new Uint8Array(10)]), options(15));
  const stored = bytesOf(parts.stored).catch((error: unknown) => String(error));
  expect((await bytesOf(parts.client)).byteLength).toBe(20);
  expect(await stored).toContain("larger");
});

test("a body that breaks off breaks off for both", async () => {
  const parts = split(bodyOf([new Uint8Array(10)], true), options());
  const [client, stored] = await Promise.allSettled([bytesOf(parts.client), bytesOf(parts.stored)]);
  expect([client.status, stored.status]).toEqual(["rejected", "rejected"]);
});

test("no body and a body held whole go to both", async () => {
  expect(split(null, options())).toMatchObject({ client: null, stored: null });
  const parts = split("text", options());
  expect([await bytesOf(parts.client), await bytesOf(parts.stored)].map((bytes) => bytes.byteLength)).toEqual([4, 4]);
});

test("a short body that has just come goes to both as the same bytes, a long one and one of unknown length as streams", async () => {
  const part = new Uint8Array([1, 2, 3]);
  const short = await splitFresh(bodyOf([part, part]), options(1e9, 6));
  expect([short.client, short.stored]).toEqual([new Uint8Array([1, 2, 3, 1, 2, 3]), short.client]);
  for (const length of [undefined, 1e6]) {
    const parts = await splitFresh(bodyOf([part]), options(1e9, length));
    expect([parts.client, parts.stored].every((each) => each instanceof ReadableStream)).toBe(true);
  }
});

test.each<[string, Parameters<typeof bodyOf>]>([
  ["ends before its time", [[new Uint8Array(3)]]],
  ["is longer than was told", [[new Uint8Array(3), new Uint8Array(4)]]],
  ["breaks off", [[new Uint8Array(3)], true]],
])("a short body that %s fails for both", async (_, body) => {
  const parts = await splitFresh(bodyOf(...body), options(1e9, 6));
  const outcomes = await Promise.allSettled([bytesOf(parts.client), bytesOf(parts.stored)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
