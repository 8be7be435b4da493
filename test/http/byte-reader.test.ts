import { expect, test } from "vitest";
import { readBytes } from "../../src/http/byte-reader.ts";

const mb = 1 << 20;
const at = (position: number): number => position % 251;
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => at(index));

/** A body that comes from outside the code, as an origin's does. */
const native = (bytes: Uint8Array): ReadableStream<Uint8Array> => {
  const { readable, writable } = new FixedLengthStream(bytes.byteLength);
  const writer = writable.getWriter();
  void writer.write(bytes).then(() => writer.close());
  return readable;
};

test("a body comes in order, in pieces that grow from 64 to 256 KB, each one's memory used again once it is given back", async () => {
  const reader = readBytes(native(pattern(mb)));
  const sizes = new Set<number>();
  let received = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    expect(next.value.every((byte, index) => byte === at(received + index))).toBe(true);
    received += next.value.byteLength;
    sizes.add(next.value.buffer.byteLength);
    reader.release(next.value);
  }
  expect(received).toBe(mb);
  expect([...sizes].map((size) => size >> 10)).toEqual([64, 128, 256]);
});

test("a piece that isn't given back stays as it is", async () => {
  const reader = readBytes(native(pattern(200_000)));
  const pieces: Uint8Array[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) pieces.push(next.value);
  expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(pieces.length);
  expect(pieces.flatMap((piece) => [...piece])).toEqual([...pattern(200_000)]);
});

test("a short piece takes no more memory than twice what it holds", async () => {
  const { readable, writable } = new IdentityTransformStream();
  const reader = readBytes(readable);
  const writer = writable.getWriter();
  for (const length of [1, 1000, 32 << 10]) {
    void writer.write(pattern(length));
    const { value } = await reader.read();
    expect([value!.byteLength, value!.buffer.byteLength]).toEqual([length, length]);
    reader.release(value!);
  }
  void writer.write(pattern(64 << 10));
  expect((await reader.read()).value).toEqual(pattern(64 << 10));
});

test("a stream made in code comes in the pieces that it was made of", async () => {
  const pieces = [new Uint8Array([1, 2]), new Uint8Array([3])];
  const left = [...pieces];
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
  });
  const reader = readBytes(source);
  expect(await reader.read()).toEqual({ done: false, value: pieces[0] });
  reader.release(pieces[0]!);
  expect(await reader.read()).toEqual({ done: false, value: pieces[1] });
  expect((await reader.read()).done).toBe(true);
});

test("a body that fails fails its reader, and one that is let go of is let go of", async () => {
  const { readable, writable } = new IdentityTransformStream();
  const reader = readBytes(readable);
  const read = reader.read();
  await writable.abort(new Error("broke off"));
  await expect(read).rejects.toThrow("broke off");

  let why: unknown;
  await readBytes(new ReadableStream({ cancel: (reason) => void (why = reason) })).cancel("enough");
  expect(why).toBe("enough");
});
