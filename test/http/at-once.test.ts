import fc from "fast-check";
import { expect, test } from "vitest";
import { allAtOnce, atOnce, comeOf } from "../../src/http/at-once.ts";

/** A body that comes from outside the code, and what writes to it. */
function native() {
  const { readable, writable } = new IdentityTransformStream();
  return { readable, writer: writable.getWriter() };
}

const asBytes = async (body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>): Promise<number[]> => [
  ...new Uint8Array(await new Response(body).arrayBuffer()),
];

test("whatever it is cut into, a body is here whole up to the bytes that it may have, and else passes as a stream", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(120), async (chunks, most) => {
      const { readable, writer } = native();
      const written = (async () => {
        for (const chunk of chunks) await writer.write(chunk.slice());
        await writer.close();
      })();
      const all = chunks.flatMap((chunk) => [...chunk]);
      const body = await atOnce(readable, most);
      expect(body instanceof Uint8Array).toBe(all.length <= most);
      expect(await asBytes(body)).toEqual(all);
      await written;
    }),
    { numRuns: 40 },
  );
});

test("a body that takes its time passes as a stream, with what had come by then", async () => {
  const { readable, writer } = native();
  const [body] = await Promise.all([atOnce(readable, 4), writer.write(new Uint8Array([1, 2]))]);
  expect(body).toBeInstanceOf(ReadableStream);
  const read = asBytes(body);
  await writer.write(new Uint8Array([3, 4]));
  await writer.close();
  expect(await read).toEqual([1, 2, 3, 4]);
});

test("a body that fails fails for whoever reads it, after what had come", async () => {
  const { readable, writer } = native();
  const begun = atOnce(readable, 4);
  await writer.write(new Uint8Array([1, 2]));
  await writer.abort(new Error("broke off"));
  const reader = ((await begun) as ReadableStream<Uint8Array>).getReader();
  expect((await reader.read()).value).toEqual(new Uint8Array([1, 2]));
  await expect(reader.read()).rejects.toThrow("broke off");
});

test.each<[string, number | undefined, boolean]>([
  ["as long as was told", 4, true],
  ["of which nothing was told", undefined, false],
  ["longer than is worth waiting for", (256 << 10) + 1, false],
])("of a body %s, all is read or nothing", async (_, told, isRead) => {
  const { readable, writer } = native();
  const written = writer.write(new Uint8Array([1, 2, 3, 4])).then(() => writer.close());
  const body = await allAtOnce(readable, told);
  expect(body === readable).toBe(!isRead);
  expect(await asBytes(body)).toEqual([1, 2, 3, 4]);
  await written;
});

test("a body that is shorter than told stays a stream, for whoever counts its bytes", async () => {
  const { readable, writer } = native();
  const written = writer.write(new Uint8Array([1, 2])).then(() => writer.close());
  const body = await allAtOnce(readable, 4);
  expect(body).toBeInstanceOf(ReadableStream);
  expect(await asBytes(body)).toEqual([1, 2]);
  await written;
});

test("a body whose length is told has come, is to come, or broke off: as it was written, whatever it is cut into", async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });
  const endings = fc.constantFrom("closes", "breaks", "waits");
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(120), endings, async (chunks, length, ending) => {
      const { readable, writer } = native();
      const all = chunks.flatMap((chunk) => [...chunk]);
      const written = (async () => {
        for (const chunk of chunks) await writer.write(chunk.slice());
        if (ending === "closes") await writer.close();
        if (ending === "breaks") await writer.abort(new Error("broke off"));
      })().catch(() => undefined);
      const come = await comeOf(readable, length, { patience: ending === "waits" ? 5 : 1_000, isWritten: true });
      if (come.kind === "whole") return void expect([...come.bytes]).toEqual(all.slice(0, length));
      if (come.kind === "broken") expect([all.length < length, ending]).not.toEqual([false, "closes"]);
      if (ending === "waits") expect(come.kind).toBe("more");
      if (ending === "closes" && all.length < length) expect(come.kind).toBe("broken");
      if (ending !== "closes") return come.body.cancel().catch(() => undefined);
      expect(await asBytes(come.body)).toEqual(all);
      await written;
    }),
    { numRuns: 60 },
  );
});

test("who writes a body that has come is told that all was read", async () => {
  const { readable, writer } = native();
  const written = writer.write(new Uint8Array([1, 2])).then(() => writer.close());
  expect(await comeOf(readable, 2, { isWritten: true })).toEqual({ kind: "whole", bytes: new Uint8Array([1, 2]) });
  await written;
});
