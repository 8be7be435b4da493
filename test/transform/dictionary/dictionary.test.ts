/** Answers as dictionaries and as deltas, whatever the request says and however their bodies come. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Answer } from "../../../src/answer.ts";
import type { Edge } from "../../../src/edge.ts";
import { createMemoryStore } from "../../../src/platform/memory/store.ts";
import { createFlights } from "../../../src/platform/memory/flights.ts";
import { withDictionary } from "../../../src/transform/dictionary/dictionary.ts";
import { longest } from "../../../src/transform/dictionary/fit.ts";
import { dictionaryKey, hashOf } from "../../../src/transform/dictionary/shelf.ts";
import { offer } from "../../../src/transform/offer.ts";
import { wholeOf } from "../../../src/transform/representation.ts";
import { nextVersion, scriptOf } from "../../harness/versions.ts";
import { answer, bytesOf, edge as usual, noon, visitTo } from "../visit.ts";
import { undelta } from "./undelta.ts";

const rule = { match: "/app.*.js", pattern: new URLPattern({ pathname: "/app.*.js" }), id: "a", ttl: 3_600_000 };
const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
const one = encode(scriptOf(3000));
const two = encode(nextVersion(scriptOf(3000), 0.02));

/** An edge of its own, and what waits for the work it left behind. */
function edgeOf(ports: Partial<Edge> = {}) {
  const deferred: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  const edge: Edge = {
    ...usual,
    store: createMemoryStore(),
    flights: createFlights(() => noon),
    defer: (work) => void deferred.push(work.catch((error: unknown) => failures.push(error))),
    ...ports,
  };
  const settle = async (): Promise<void> => {
    while (deferred.length > 0) await Promise.all(deferred.splice(0));
  };
  return { edge, settle, failures };
}

interface Asking {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly length?: number;
  readonly own?: true;
}

/** A hit of the cache's, as it would leave; "usual" in its coding when it is no delta. */
async function serve(edge: Edge, body: Answer["body"], { path = "/app.2.js", headers = {}, length, own }: Asking = {}) {
  const told = length ?? (body instanceof Uint8Array ? body.byteLength : undefined);
  const said = { "content-type": "text/javascript", etag: '"v"', ...(told && { "content-length": String(told) }) };
  const stored = { ...answer(said, body), cache: { hit: true }, ...(own && { own }) } as const;
  const visit = visitTo(path, { headers, finishing: { dictionary: rule } });
  const otherwise = (plain: Answer): Answer => ({ ...plain, cache: { detail: "otherwise" } });
  const { compress: settings } = edge.config.settings;
  const offered = offer(visit, stored, { whole: wholeOf(stored), isCoded: false, settings });
  return offered.isFit ? withDictionary(visit, stored, { edge, bodyless: false, otherwise }) : otherwise(stored);
}

async function having(dictionary: Uint8Array<ArrayBuffer>): Promise<Record<string, string>> {
  return { "accept-encoding": "br, dcz", "available-dictionary": `:${await hashOf(dictionary)}:` };
}

/** `toEqual` takes a millisecond for each kilobyte. */
function isSame(some: Uint8Array, other: Uint8Array): boolean {
  return some.byteLength === other.byteLength && some.every((byte, at) => byte === other[at]);
}

/** In pieces that end where the cuts are. */
function cutAt(bytes: Uint8Array, cuts: readonly number[]): ReadableStream<Uint8Array> {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.byteLength];
  const pieces = places.slice(1).map((end, at) => bytes.slice(places[at], end));
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (!piece) controller.close();
      else controller.enqueue(piece);
    },
  });
}

describe("whatever the request says", () => {
  test("it is answered: by the content, or by a delta for who has the dictionary", async () => {
    const { edge, settle } = edgeOf();
    await bytesOf(await serve(edge, one, { path: "/app.1.js" }));
    await settle();
    const right = (await having(one))["available-dictionary"]!;
    const base64 = fc.string({ unit: fc.constantFrom(..."AZaz09+/=:; ,\"'\\?".split("")), maxLength: 60 });
    const value = fc.oneof(
      fc.constant(right),
      base64,
      fc.string({ maxLength: 60 }).filter((text) => isFieldValue(text)),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => `:${btoa(String.fromCharCode(...bytes))}:`),
      base64.map((text) => `${right};${text.replaceAll(",", "")}`),
      fc.nat(right.length).map((at) => right.slice(0, at) + right.slice(at + 1)),
    );
    const site = fc.constantFrom("same-origin", "none", "same-site", "cross-site", "?", undefined);
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.constantFrom("br, dcz", "dcz", "br", "*", "dcz;q=0"),
        site,
        async (text, accepted, from) => {
          const headers = {
            "available-dictionary": text,
            "accept-encoding": accepted,
            ...(from && { "sec-fetch-site": from }),
          };
          const served = await serve(edge, two, { headers });
          const body = await bytesOf(served);
          const isDelta = served.fields.get("content-encoding") === "dcz";
          expect(isSame(isDelta ? await undelta(body, one) : body, two)).toBe(true);
          if (isDelta) expect(text.trim().split(";")[0]!.trim()).toBe(right);
          await settle();
        },
      ),
      { numRuns: 400, examples: [[right, "br, dcz", "same-origin"]] },
    );
    expect((await serve(edge, two, { headers: await having(one) })).fields.get("content-encoding")).toBe("dcz");
  });

  function isFieldValue(text: string): boolean {
    try {
      return new Headers({ a: text }).get("a") !== null;
    } catch {
      return false;
    }
  }
});

describe("however the body comes", () => {
  test("cut at any byte, it is the same dictionary, and makes the same delta", async () => {
    const size = 800;
    const short = one.slice(0, size);
    const next = short.map((byte, at) => (at % 300 === 7 ? byte + 1 : byte));
    const { edge, settle } = edgeOf();
    await bytesOf(await serve(edge, one, { path: "/app.1.js" }));
    await settle();
    const made = await bytesOf(await serve(edge, next, { headers: await having(one) }));
    expect(await undelta(made, one)).toEqual(next);
    for (let cut = 0; cut <= size; cut++) {
      const fresh = edgeOf();
      const first = await serve(fresh.edge, cutAt(short, [cut]), { path: "/app.1.js", length: size });
      expect(isSame(await bytesOf(first), short)).toBe(true);
      await fresh.settle();
      expect(await fresh.edge.store.match(dictionaryKey("https://www.example.com", await hashOf(short)))).toBeDefined();
      const second = await serve(edge, cutAt(next, [cut]), { headers: await having(one), length: size });
      expect(isSame(await bytesOf(second), made)).toBe(true);
      await settle();
    }
  });

  test("in any pieces, it is the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(two.byteLength), { maxLength: 12 }), async (cuts) => {
        const { edge, settle } = edgeOf();
        const first = await serve(
          edge,
          cutAt(
            one,
            cuts.map((at) => at % one.byteLength),
          ),
          { length: one.byteLength },
        );
        expect(isSame(await bytesOf(first), one)).toBe(true);
        await settle();
        const second = await serve(edge, cutAt(two, cuts), { headers: await having(one), length: two.byteLength });
        expect(second.fields.get("content-encoding")).toBe("dcz");
        expect(isSame(await undelta(await bytesOf(second), one), two)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test("a body that is shorter or longer than told is no delta, and what it breaks off with reaches the client", async () => {
    const { edge, settle } = edgeOf();
    await bytesOf(await serve(edge, one, { path: "/app.1.js" }));
    await settle();
    for (const length of [two.byteLength + 1, two.byteLength - 1]) {
      const served = await serve(edge, cutAt(two, [500]), { headers: await having(one), length });
      expect(served.fields.get("content-encoding")).toBeUndefined();
      expect(await bytesOf(served)).toEqual(two);
    }
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(two.slice(0, 700)),
      pull: (controller) => controller.error(new Error("it broke off")),
    });
    const served = await serve(edge, broken, { headers: await having(one), length: two.byteLength });
    expect(served.fields.get("content-encoding")).toBeUndefined();
    await expect(bytesOf(served)).rejects.toThrow("it broke off");
    await settle();
  });
});

test("what was made for one visit is neither a dictionary nor a delta, whatever it says of itself", async () => {
  const { edge, settle } = edgeOf();
  await serve(edge, one, { path: "/app.1.js" });
  await settle();
  const served = await serve(edge, two, { headers: await having(one), own: true });
  const told = ["content-encoding", "use-as-dictionary"].map((name) => served.fields.get(name));
  expect([told, served.cache?.detail]).toEqual([[undefined, undefined], "otherwise"]);
});

describe("bounds", () => {
  test("what is longer is neither, and isn't looked into", async () => {
    const { edge, settle } = edgeOf();
    let read = 0;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          read++;
          controller.enqueue(new Uint8Array(64 << 10));
        },
      },
      { highWaterMark: 0 },
    );
    const served = await serve(edge, endless, { headers: await having(one), length: longest + 1 });
    expect([served.fields.get("use-as-dictionary"), served.cache?.detail]).toEqual([undefined, "otherwise"]);
    await settle();
    expect(read).toBe(0);
  });

  test("what turns out longer when its coding is undone is served, not kept, and not tried again", async () => {
    const puts: [string, number][] = [];
    const store = createMemoryStore();
    const { edge, settle, failures } = edgeOf({
      store: {
        ...store,
        put: (key, entry) => (puts.push([key.split(/[ =]/)[1]!, entry.length ?? 0]), store.put(key, entry)),
      },
    });
    const body = new Response(
      new Blob([new Uint8Array(longest + 1)]).stream().pipeThrough(new CompressionStream("gzip")),
    );
    const packed = new Uint8Array(await body.arrayBuffer());
    const visit = visitTo("/app.1.js", { headers: { "accept-encoding": "gzip" }, finishing: { dictionary: rule } });
    for (let time = 0; time < 2; time++) {
      const said = { etag: '"v"', "content-encoding": "gzip", "content-length": String(packed.byteLength) };
      const stored = { ...answer(said, packed), cache: { hit: true } } as const;
      const served = await withDictionary(visit, stored, { edge, bodyless: false, otherwise: (plain) => plain });
      expect(await bytesOf(served)).toEqual(packed);
      await settle();
    }
    expect([puts, failures]).toEqual([[["dictionary-of", 0]], []]);
  });

  test("many who come at once have one delta made", async () => {
    const { edge, settle } = edgeOf();
    await bytesOf(await serve(edge, one, { path: "/app.1.js" }));
    await settle();
    const headers = await having(one);
    const all = await Promise.all(Array.from({ length: 10 }, () => serve(edge, two, { headers })));
    expect(all.filter(({ fields }) => fields.get("content-encoding") === "dcz")).toHaveLength(1);
    expect(all.filter(({ cache }) => cache?.detail === "otherwise")).toHaveLength(9);
  });

  test("many who come at once have one dictionary kept", async () => {
    let puts = 0;
    const store = createMemoryStore();
    const { edge, settle } = edgeOf({ store: { ...store, put: (...entry) => (puts++, store.put(...entry)) } });
    await Promise.all(Array.from({ length: 10 }, () => serve(edge, one, { path: "/app.1.js" })));
    await settle();
    expect(puts).toBe(2);
  });
});

describe("a dictionary", () => {
  test("that is served goes on being kept", async () => {
    let now = noon;
    const { edge, settle } = edgeOf({ now: () => now });
    for (let time = 0; time < 8; time++) {
      await serve(edge, one, { path: "/app.1.js" });
      await settle();
      now += rule.ttl / 4;
    }
    expect((await serve(edge, two, { headers: await having(one) })).fields.get("content-encoding")).toBe("dcz");
  });

  test("isn't kept where the store fails, and nobody notices", async () => {
    const store = { ...createMemoryStore(), put: () => Promise.reject(new Error("the store fails")) };
    const { edge, settle } = edgeOf({ store });
    expect(await bytesOf(await serve(edge, one, { path: "/app.1.js" }))).toEqual(one);
    await settle();
    expect(await bytesOf(await serve(edge, two, { headers: await having(one) }))).toEqual(two);
  });
});
