import { expect, test } from "vitest";
import { assemble } from "../../../src/transform/esi/assemble.ts";
import type { Piece } from "../../../src/transform/esi/elements.ts";

const bytes = new TextEncoder().encode("a beginning");

test("a client that leaves while a page stalls stops the page's body, and no fragment is asked for then", async () => {
  const reasons: unknown[] = [];
  const asked: string[] = [];
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes),
    cancel: (reason) => void reasons.push(reason),
  });
  const source = {
    push: (chunk: Uint8Array) => [{ kind: "bytes", bytes: chunk }] as const,
    end: () => [{ kind: "fragment", src: "/f", alt: undefined }] as const,
  };
  const ask = async (src: string) => {
    asked.push(src);
    return undefined;
  };
  const reader = assemble(body, source, { ask, patience: 5_000, note: () => {} }).getReader();
  expect((await reader.read()).value).toEqual(bytes);
  const pending = reader.read();
  await new Promise((resolve) => setTimeout(resolve, 10));
  await reader.cancel("gone");
  expect([reasons, (await pending).done, asked]).toEqual([["gone"], true, []]);
});

/** A page of many chunks, each of which is an attempt that is long in failing, with eight fragments to stand in for it. */
function attempts() {
  const asked: string[] = [];
  const turn = Promise.withResolvers<undefined>();
  const fragment = (src: string): Piece => ({ kind: "fragment", src, alt: undefined });
  const attempt: Piece = { kind: "attempt", pieces: [fragment("/late")], otherwise: Array(8).fill(fragment("/f")) };
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(bytes) });
  const ask = async (src: string) => {
    asked.push(src);
    return src === "/late" ? turn.promise : new Response(src).body!;
  };
  const source = { push: () => [attempt], end: () => [] };
  const reader = assemble(body, source, { ask, patience: 5_000, note: () => {} }).getReader();
  return { asked, reader, fail: () => turn.resolve(undefined) };
}

const wait = () => new Promise((resolve) => setTimeout(resolve, 10));

test("what may yet be asked for in place of what fails counts as asked for", async () => {
  const { asked, reader, fail } = attempts();
  const read = reader.read();
  await wait();
  // One is being read, and two are ahead of it, with sixteen between them.
  expect(asked).toEqual(["/late", "/late", "/late"]);
  fail();
  expect(new TextDecoder().decode((await read).value)).toBe("/f");
  await reader.cancel();
});

test("nothing is asked for in place of what fails after the client has left", async () => {
  const { asked, reader, fail } = attempts();
  void reader.read();
  await wait();
  void reader.cancel();
  await wait();
  fail();
  await wait();
  expect(asked).toEqual(["/late", "/late", "/late"]);
});
