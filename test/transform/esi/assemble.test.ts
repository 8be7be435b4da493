import { expect, test } from "vitest";
import { assemble } from "../../../src/transform/esi/assemble.ts";

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
