/** What every implementation of the Store port must do. Runs inside workerd. */
import { describe, expect, test } from "vitest";
import { discard } from "../../src/answer.ts";
import type { Storable, Store, Stored, Wanted } from "../../src/edge.ts";
import { resolveRange } from "../../src/http/range.ts";

/** @param create a store to test; several may share what is behind them, so that each test has keys of its own. */
export function storeContract(name: string, create: () => Store): void {
  describe(name, () => {
    describe("keeps and forgets", () => keepsAndForgets(create));
    describe("gives back byte for byte", () => givesBack(create));
    describe("gives no more than is wanted, or all", () => givesSections(create));
    describe("never an entry that is not whole", () => neverInPart(create));
    describe("tells keys apart", () => tellsApart(create));
  });
}

function keepsAndForgets(create: () => Store): void {
  test("what was never put is not there", async () => {
    expect(await create().match(ownKey())).toBeUndefined();
  });

  test("what was put is matched, as often as asked", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "a head", body: bodyOf("a body") });
    expect(await read(store, key)).toEqual({ head: "a head", text: "a body" });
    expect(await read(store, key)).toEqual({ head: "a head", text: "a body" });
  });

  test("two readers at once don't take from each other", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "h", body: bodyOf("shared") });
    const [first, second] = [await store.match(key), await store.match(key)];
    expect(await Promise.all([textOf(second), textOf(first)])).toEqual(["shared", "shared"]);
  });

  test("a reader that leaves takes nothing away", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "h", body: bytesOf(100_000) });
    discard((await store.match(key))!.body);
    expect((await bytesAt(store, key)).byteLength).toBe(100_000);
  });

  test("what is at hand is what would be matched", async () => {
    const [store, key] = [create(), ownKey()];
    const isTrue = async (): Promise<void> => {
      const atHand = store.atHand?.(key);
      if (atHand) expect(atHand.head).toBe((await store.match(key))?.head);
    };
    await store.put(key, { head: "first", body: bodyOf("a body") });
    await isTrue();
    await store.put(key, { head: "second", body: bytesOf(100_000) });
    await isTrue();
    await store.delete(key);
    expect(store.atHand?.(key)).toBeUndefined();
  });

  test("the later put replaces head and body", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "first", body: bodyOf("a longer body") });
    await store.put(key, { head: "second", body: bodyOf("short") });
    expect(await read(store, key)).toEqual({ head: "second", text: "short" });
  });

  test("what is being read stays what it was while it is replaced", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "first", body: bodyOf("the first body") });
    const found = await store.match(key);
    await store.put(key, { head: "second", body: bodyOf("the second body") });
    expect(await textOf(found)).toBe("the first body");
  });

  test("delete says whether there was one", async () => {
    const [store, key] = [create(), ownKey()];
    expect(await store.delete(key)).toBe(false);
    await store.put(key, { head: "h", body: bodyOf("b") });
    expect(await store.delete(key)).toBe(true);
    expect(await store.match(key)).toBeUndefined();
    expect(await store.delete(key)).toBe(false);
  });

  test("what was deleted can be put again", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "first", body: bodyOf("b") });
    await store.delete(key);
    await store.put(key, { head: "again", body: bodyOf("c") });
    expect(await read(store, key)).toEqual({ head: "again", text: "c" });
  });
}

function givesBack(create: () => Store): void {
  test.each<[string, () => Stored["body"], number | undefined]>([
    ["no body", () => null, undefined],
    ["no body, and a length of 0", () => null, 0],
    ["an empty body", () => bytesOf(0), undefined],
    ["an empty body of known length", () => bytesOf(0), 0],
  ])("%s is read as no bytes", async (_, body, length) => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "h", ...sized(body(), length) });
    expect(await read(store, key)).toEqual({ head: "h", text: "" });
  });

  test.each([1, 4_095, 65_536, 65_537, 5 * 1024 ** 2])("a body of %i bytes, its length known or not", async (size) => {
    const store = create();
    for (const length of [size, undefined]) {
      const key = ownKey();
      await store.put(key, { head: "h", ...sized(bytesOf(size), length) });
      expect(firstDifference(await bytesAt(store, key), size)).toBeUndefined();
    }
  });

  test("the length of a body, when it was put with one", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "h", ...sized(bytesOf(70_000), 70_000) });
    expect((await store.match(key))?.length).toBe(70_000);
  });

  test("no other length than the body's, when it was put without one", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "h", body: bytesOf(70_000) });
    expect([70_000, undefined]).toContain((await store.match(key))?.length);
  });

  test("bytes that are no text, and look like a compressed body", async () => {
    const [store, key] = [create(), ownKey()];
    const bytes = new Uint8Array([0x1f, 0x8b, 0x08, 0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x0d, 0x0a, 0x00]);
    await store.put(key, { head: "h", body: new Response(bytes).body });
    expect(await bytesAt(store, key)).toEqual(bytes);
  });

  test("a head of 32 KB", async () => {
    const [store, key] = [create(), ownKey()];
    const head = JSON.stringify([1, { text: "0123456789abcdef".repeat(2_048) }]);
    await store.put(key, { head, body: bodyOf("b") });
    expect(await read(store, key)).toEqual({ head, text: "b" });
  });

  test("a head with everything that ASCII can print", async () => {
    const [store, key] = [create(), ownKey()];
    const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index));
    const head = `[${printable}]`;
    await store.put(key, { head, body: null });
    expect((await store.match(key))?.head).toBe(head);
  });
}

/** A store may always give all. What it must never do is give a section that it doesn't call one, or call it by the wrong range. */
function givesSections(create: () => Store): void {
  const size = 10_000;
  const wanted: readonly (readonly [string, Wanted])[] = [
    ["the head", "head"],
    ["the first byte", { first: 0, last: 0 }],
    ["a range", { first: 4_000, last: 7_000 }],
    ["a range up to the end", { first: 9_900, last: undefined }],
    ["a range that goes beyond the end", { first: 9_900, last: 20_000 }],
    ["a range that goes beyond all numbers", { first: 9_900, last: 1e30 }],
    ["the last bytes", { suffix: 500 }],
    ["more last bytes than there are", { suffix: 20_000 }],
    ["all of it, as a range", { first: 0, last: undefined }],
    ["a range past the end", { first: size, last: undefined }],
    ["a range past all numbers", { first: 1e30, last: undefined }],
    ["the last none", { suffix: 0 }],
  ];

  test.each(wanted)("of %s", async (_, section) => {
    const store = create();
    for (const length of [size, undefined]) {
      const key = ownKey();
      await store.put(key, { head: "h", ...sized(bytesOf(size), length) });
      const stored = (await store.match(key, section))!;
      expect(stored.head).toBe("h");
      expect([size, undefined]).toContain(stored.length);
      const bytes = new Uint8Array(await new Response(stored.body).arrayBuffer());
      expect(bytes).toEqual(expectedOf(stored, section, size));
    }
  });

  test.each(wanted)("and of %s of nothing", async (_, section) => {
    const store = create();
    for (const body of [null, bytesOf(0)]) {
      const key = ownKey();
      await store.put(key, { head: "h", body });
      const stored = await store.match(key, section);
      expect(stored?.head).toBe("h");
      expect(await textOf(stored)).toBe("");
    }
  });

  test("and leaves the rest for others", async () => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "h", ...sized(bytesOf(size), size) });
    await new Response((await store.match(key, { first: 500, last: 900 }))!.body).arrayBuffer();
    await store.match(key, "head");
    expect(firstDifference(await bytesAt(store, key), size)).toBeUndefined();
  });

  test.each(wanted)("also of %s, there is none of what was never put, and of what was deleted", async (_, section) => {
    const [store, key] = [create(), ownKey()];
    expect(await store.match(key, section)).toBeUndefined();
    await store.put(key, { head: "h", body: bodyOf("a body") });
    await store.delete(key);
    expect(await store.match(key, section)).toBeUndefined();
  });
}

/** The bytes that the store says it gives: all, or just what was wanted. */
function expectedOf({ extent, length }: Stored, wanted: Wanted, size: number): Uint8Array {
  if (extent === undefined) return chunk(0, size);
  expect(length === undefined && extent !== "head").toBe(false);
  if (extent === "head" || wanted === "head") {
    expect(extent).toBe(wanted);
    return chunk(0, 0);
  }
  expect(extent).toEqual(resolveRange(wanted, size));
  return chunk(extent.first, extent.last - extent.first + 1);
}

function neverInPart(create: () => Store): void {
  const wrong: readonly [string, () => Stored["body"], number | undefined][] = [
    ["shorter than its length", () => bytesOf(99), 100],
    ["much shorter than its length", () => bytesOf(100_000), 200_000],
    ["longer than its length", () => bytesOf(101), 100],
    ["much longer than its length", () => bytesOf(200_000), 100_000],
    ["failing at once", () => failing(0), undefined],
    ["failing half-way, its length known", () => failing(100_000), 200_000],
    ["failing half-way, its length unknown", () => failing(100_000), undefined],
  ];

  test.each(wrong)("a body %s leaves no entry", async (_, body, length) => {
    const [store, key] = [create(), ownKey()];
    await expect(store.put(key, { head: "h", ...sized(body(), length) })).rejects.toThrow();
    expect(await store.match(key)).toBeUndefined();
  });

  test.each(wrong)("a body %s leaves nothing of itself in an older entry", async (_, body, length) => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "old", body: bodyOf("the old body") });
    await expect(store.put(key, { head: "new", ...sized(body(), length) })).rejects.toThrow();
    const left = await read(store, key);
    if (left) expect(left).toEqual({ head: "old", text: "the old body" });
  });

  test.each(wrong)("after a body %s, the key can be put again", async (_, body, length) => {
    const [store, key] = [create(), ownKey()];
    await store.put(key, { head: "h", ...sized(body(), length) }).catch(() => undefined);
    await store.put(key, { head: "whole", ...sized(bodyOf("whole"), 5) });
    expect(await read(store, key)).toEqual({ head: "whole", text: "whole" });
  });

  test("of puts at the same time under one key, one is left, head and body together", async () => {
    const [store, key] = [create(), ownKey()];
    const bodies = Array.from({ length: 8 }, (_, index) => String(index).repeat(10_000 + index));
    await Promise.all(bodies.map((text) => store.put(key, { head: text[0]!, ...sized(bodyOf(text), text.length) })));
    const left = await read(store, key);
    expect(left?.text).toBe(bodies[Number(left?.head)]);
  });

  test("puts at the same time under many keys don't mix", async () => {
    const store = create();
    const keys = Array.from({ length: 20 }, ownKey);
    await Promise.all(keys.map((key) => store.put(key, { head: key, body: bodyOf(key) })));
    const left = await Promise.all(keys.map((key) => read(store, key)));
    expect(left).toEqual(keys.map((key) => ({ head: key, text: key })));
  });
}

function tellsApart(create: () => Store): void {
  test("keys that a URL would fold into one", async () => {
    const store = create();
    const own = crypto.randomUUID();
    const bases = [
      "/a",
      "/a/",
      "/A",
      "/a?",
      "/a#",
      "/a#b",
      "/a?b",
      "/a%3Fb",
      "/a%3fb",
      "/./a",
      "/b/../a",
      "//a",
      "/ a",
      "/%20a",
      "/+a",
    ];
    const keys = bases.map((base) => `https://${own}.example${base}`);
    for (const key of keys) await store.put(key, { head: key, body: null });
    for (const key of keys) expect((await store.match(key))?.head, key).toBe(key);
  });

  test("keys that are no URLs", async () => {
    const store = create();
    const keys = [
      "",
      " ",
      "=",
      ".",
      "..",
      "/",
      "?",
      "#",
      "%",
      "%2e%2e",
      "\\",
      "..\\..",
      "a\tb",
      "a\r\nb",
      "a\0b",
      "ab",
    ];
    for (const key of keys) await store.put(key, { head: JSON.stringify(key), body: null });
    for (const key of keys) expect((await store.match(key))?.head).toBe(JSON.stringify(key));
    for (const key of keys) expect(await store.delete(key), JSON.stringify(key)).toBe(true);
    for (const key of keys) expect(await store.match(key), JSON.stringify(key)).toBeUndefined();
  });

  test("keys beyond ASCII", async () => {
    const store = create();
    // The same letter composed and decomposed, and letters that only look alike, are different keys.
    const keys = ["/\u00e9", "/e\u0301", "/\u0430", "/a", "/\u{1f6f0}", "/%C3%A9"].map(
      (path) => `${crypto.randomUUID()}${path}`,
    );
    for (const key of keys) await store.put(key, { head: encodeURIComponent(key), body: null });
    for (const key of keys) expect((await store.match(key))?.head).toBe(encodeURIComponent(key));
  });

  test("very long keys that differ in their last character", async () => {
    const store = create();
    const long = `${ownKey()}?${"?é".repeat(50_000)}`;
    await store.put(`${long}1`, { head: "1", body: null });
    await store.put(`${long}2`, { head: "2", body: null });
    expect((await store.match(`${long}1`))?.head).toBe("1");
    expect((await store.match(`${long}2`))?.head).toBe("2");
    expect(await store.delete(`${long}1`)).toBe(true);
    expect(await store.match(`${long}1`)).toBeUndefined();
    expect((await store.match(`${long}2`))?.head).toBe("2");
  });
}

/** A key that no other test uses. */
function ownKey(): string {
  return `https://www.example.com/${crypto.randomUUID()}`;
}

function bodyOf(text: string): ReadableStream<Uint8Array> {
  return new Response(text).body!;
}

/** The byte at a position of a made body: no power of two, so that a shifted or repeated chunk shows. */
const byteAt = (position: number): number => position % 251;

function chunk(from: number, size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => byteAt(from + index));
}

/** A stream of that many bytes, in chunks of at most 64 KB, made as they are read; `end` says how it ends. */
function bytesOf(size: number, end = (controller: ReadableStreamDefaultController) => controller.close()) {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = Math.min(65_536, size - at);
      if (next === 0) return end(controller);
      controller.enqueue(chunk(at, next));
      at += next;
    },
  });
}

/** A stream that breaks off after that many bytes. */
function failing(after: number): ReadableStream<Uint8Array> {
  return bytesOf(after, (controller) => controller.error(new Error("the origin broke off")));
}

async function textOf(stored: Stored | undefined): Promise<string> {
  return new Response(stored?.body ?? null).text();
}

async function read(store: Store, key: string): Promise<{ head: string; text: string } | undefined> {
  const stored = await store.match(key);
  return stored && { head: stored.head, text: await textOf(stored) };
}

async function bytesAt(store: Store, key: string): Promise<Uint8Array> {
  const stored = await store.match(key);
  return new Uint8Array(await new Response(stored?.body ?? null).arrayBuffer());
}

/** Where the bytes begin to differ from a made body of that size; undefined when they don't. */
function firstDifference(bytes: Uint8Array, size: number): number | undefined {
  const length = Math.max(bytes.length, size);
  for (let at = 0; at < length; at++) if (at >= size || bytes[at] !== byteAt(at)) return at;
  return undefined;
}

/** The body as one whose length is told, and that fails when it is another. */
function sized(body: Stored["body"], length: number | undefined): Pick<Storable, "body" | "length"> {
  if (!(body instanceof ReadableStream) || length === undefined) return { body };
  return { body: body.pipeThrough(new FixedLengthStream(length)), length };
}
