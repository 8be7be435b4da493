import {
  brotliCompressSync,
  brotliDecompressSync,
  gunzipSync,
  gzipSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Body } from "../../src/answer.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { encodeStream } from "../../src/transform/encode.ts";
import { finish } from "../../src/transform/transform.ts";
import { compressing } from "../harness/rooms.ts";
import { answer, bytesOf, edge, edits, sized, streamOf, textOf, visitTo, type VisitOptions } from "./visit.ts";

const text = "All the text of a page that is worth compressing. ".repeat(20);
const bytes = new TextEncoder().encode(text);
const codings = ["zstd", "br", "gzip"] as const;
const decompress = { zstd: zstdDecompressSync, br: brotliDecompressSync, gzip: gunzipSync };
const decode = (from: Uint8Array) => new TextDecoder().decode(from);
/** Letters at random: what doesn't get much smaller fills the coders' buffers. */
const noise = (length: number) => {
  const letters = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(letters.subarray(at, at + 65_536));
  return letters.map((byte) => 97 + (byte % 26));
};
const isSame = (one: Uint8Array, other: Uint8Array) =>
  one.byteLength === other.byteLength && one.every((byte, at) => byte === other[at]);
const { settings } = edge.config;
/** An edge that compresses what is short, too. */
const eager = {
  ...edge,
  config: { ...edge.config, settings: { ...settings, compress: { ...settings.compress, minimum: 0 } } },
};
const plain = { "content-type": "text/plain", etag: '"v1"' };
const accepting = (coding: string, options: VisitOptions = {}) =>
  visitTo("/a", { ...options, headers: { "accept-encoding": coding, ...options.headers } });

describe("compression for the client", () => {
  test("a body that is here is encoded at once, and its length told", async () => {
    const out = await finish(accepting("gzip, br"), answer(plain, text), edge);
    const body = await bytesOf(out);
    expect(Object.fromEntries(out.fields)).toEqual({
      "content-type": "text/plain",
      "content-encoding": "br",
      "content-length": String(body.byteLength),
      etag: 'W/"v1"',
      vary: "Accept-Encoding",
    });
    expect(decode(brotliDecompressSync(body))).toBe(text);
  });

  test.for(codings)(
    "one that streams is encoded on its way, whether its length is known or not: %s",
    async (coding) => {
      for (const from of [sized(plain, text), answer(plain, streamOf(bytes, 100))]) {
        const out = await finish(accepting(coding), from, edge);
        expect([out.fields.get("content-encoding"), out.fields.get("content-length")]).toEqual([coding, undefined]);
        expect(decode(decompress[coding](await bytesOf(out)))).toBe(text);
      }
    },
  );

  test.for(codings)("bytes up to where they are no longer encoded at once, and beyond: %s", async (coding) => {
    for (const length of [1, 32 << 10, (32 << 10) + 1, 256 << 10, (256 << 10) + 1, 1 << 20]) {
      const body = noise(length);
      const out = await finish(accepting(coding), answer(plain, body), eager);
      expect(isSame(decompress[coding](await bytesOf(out)), body), String(length)).toBe(true);
    }
  });

  test.for(codings)("what comes in leaves at once: %s", async (coding) => {
    const halting = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(bytes) });
    const reader = (
      (await finish(accepting(coding), answer(plain, halting), edge)).body as ReadableStream<Uint8Array>
    ).getReader();
    expect((await reader.read()).value!.byteLength).toBeGreaterThan(0);
    await reader.cancel();
  });

  test("a body that breaks off breaks off for the client", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(bytes);
        controller.error(new Error("the origin died"));
      },
    });
    await expect(bytesOf(await finish(accepting("gzip"), answer(plain, broken), edge))).rejects.toThrow(
      "the origin died",
    );
  });

  test("a client that leaves stops the origin's body", async () => {
    let reason: unknown;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes),
      cancel: (why) => void (reason = why),
    });
    const out = await finish(accepting("gzip"), answer(plain, body), edge);
    await (out.body as ReadableStream).cancel("gone");
    expect(reason).toBe("gone");
  });

  test.for([
    ["a client that doesn't ask", "identity"],
    ["a client that would rather not", "gzip;q=0.1, identity"],
    ["a client with other codings", "deflate"],
  ] as const)("%s gets it plain, with the same Vary and a strong tag", async ([, coding]) => {
    const out = await finish(accepting(coding), sized(plain, text), edge);
    expect(out.fields.get("vary")).toBe("Accept-Encoding");
    expect(out.fields.get("etag")).toBe('"v1"');
    expect(out.fields.has("content-encoding")).toBe(false);
    expect(await textOf(out)).toBe(text);
  });

  test.for([
    ["too short", sized(plain, "short")],
    ["of another type", sized({ "content-type": "image/png" }, text)],
    ["of no type", sized({}, text)],
    ["an event stream", answer({ "content-type": "text/event-stream" }, streamOf(bytes))],
    ["not to be transformed", sized({ ...plain, "cache-control": "no-transform" }, text)],
    ["a part", { ...sized({ ...plain, "content-range": "bytes 0-999/2000" }, text), status: 206 }],
    ["nothing", answer(plain, null, 204)],
    ["empty", answer({ ...plain, "content-length": "0" })],
  ] as const)("not what is %s", async ([, from]) => {
    const before = new Map(from.fields).set("accept-ranges", "bytes");
    const out = await finish(accepting("br, gzip"), from, edge);
    expect(new Map(out.fields).set("accept-ranges", "bytes")).toEqual(before);
  });

  test("not when a rule or the settings say no", async () => {
    const off = { compress: { ...compressing, enabled: false } };
    const out = await finish(accepting("br", { finishing: off }), sized(plain, text), edge);
    expect([out.fields.has("vary"), out.fields.get("etag")]).toEqual([false, '"v1"']);
  });

  test("Vary is added to, unless it says so already or says everything", async () => {
    const vary = async (value: string) =>
      (await finish(accepting("br"), sized({ ...plain, vary: value }, text), edge)).fields.get("vary");
    const values = ["Cookie", "accept-encoding", "Cookie, ACCEPT-ENCODING", "*", ""];
    expect(await Promise.all(values.map(vary))).toEqual([
      "Cookie, Accept-Encoding",
      "accept-encoding",
      "Cookie, ACCEPT-ENCODING",
      "*",
      "Accept-Encoding",
    ]);
  });

  test.for([{}, { range: "bytes=0-9" }, { "if-none-match": '"v1"' }])(
    "a rule's own Vary doesn't take ours away: %o",
    async (headers) => {
      const finishing = { edits: [edits({ set: { vary: "Origin" } })] };
      const out = await finish(accepting("br", { headers, finishing }), sized(plain, text), edge);
      expect(out.fields.get("vary")).toBe("Origin, Accept-Encoding");
      const coded = { ...plain, "content-type": "image/x-a", "content-encoding": "gzip" };
      const undone = await finish(
        accepting("br", { headers, finishing }),
        answer(coded, streamOf(gzipSync(text))),
        edge,
      );
      expect(undone.fields.get("vary")).toBe("Origin, Accept-Encoding");
    },
  );

  test.for(["br", "identity"])("HEAD says what GET says (%s)", async (coding) => {
    const fields = () => answer({ ...plain, "content-length": String(bytes.length) });
    const head = await finish(accepting(coding, { method: "HEAD" }), fields(), edge);
    const get = await finish(accepting(coding), sized(plain, text), edge);
    expect(Object.fromEntries(head.fields)).toEqual(Object.fromEntries(get.fields));
    expect(head.body).toBeNull();
  });
});

describe("a stored form", () => {
  const formOf = async (from: (body: Uint8Array<ArrayBuffer>) => Body) => {
    const body = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
    const store = createMemoryStore();
    const form = brotliCompressSync("of the stored bytes");
    const head = JSON.stringify(["form", 1, "these", "br-11", form.byteLength]);
    await store.put("key coding/br", { head, body: form });
    const kept = { key: "key", generation: "these", length: body.byteLength, body, read: async () => body };
    const out = await finish(accepting("br"), { ...answer(plain, from(body)), kept }, { ...edge, store });
    return decode(brotliDecompressSync(await bytesOf(out)));
  };

  test("is served for the body that was stored", async () => {
    expect(await formOf((body) => body)).toBe("of the stored bytes");
  });

  test("isn't for another one in its place, though it is as long and nobody has said that it is another", async () => {
    expect(await formOf((body) => body.slice())).toBe(text);
  });
});

describe("a coding that the client doesn't accept", () => {
  const pack: Readonly<Record<string, (plain: string | Uint8Array) => Uint8Array>> = {
    gzip: gzipSync,
    br: brotliCompressSync,
    zstd: zstdCompressSync,
  };
  const packed = (coding = "gzip") =>
    answer(
      { ...plain, "content-encoding": coding, "content-length": "99", "content-digest": "x" },
      streamOf(pack[coding]!(text)),
    );

  test.for(codings)("%s is undone, wherever it is cut", async (coding) => {
    const encoded = pack[coding]!(text);
    for (let at = 0; at <= encoded.byteLength; at++) {
      const pieces = [encoded.slice(0, at), encoded.slice(at)];
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const piece = pieces.shift();
          if (piece) controller.enqueue(piece);
          else controller.close();
        },
      });
      const out = await finish(accepting("identity"), answer({ ...plain, "content-encoding": coding }, body), edge);
      expect(await textOf(out), `cut at ${at}`).toBe(text);
    }
  });

  test.for(codings)("%s is undone", async (coding) => {
    const out = await finish(accepting("identity"), packed(coding), edge);
    expect(Object.fromEntries(out.fields)).toEqual({
      "content-type": "text/plain",
      etag: 'W/"v1"',
      vary: "Accept-Encoding",
    });
    expect(await textOf(out)).toBe(text);
  });

  test("br becomes gzip for one that takes only that", async () => {
    const out = await finish(accepting("gzip"), packed("br"), edge);
    expect(out.fields.get("content-encoding")).toBe("gzip");
    expect(decode(gunzipSync(await bytesOf(out)))).toBe(text);
  });

  const layers = (...made: readonly string[]) =>
    made.reduce<Uint8Array>((body, coding) => pack[coding]!(body), new TextEncoder().encode(text));
  const layered = (value: string, ...made: readonly string[]) =>
    answer({ ...plain, "content-encoding": value }, streamOf(layers(...made), 100));

  test.for([
    ["br, gzip", ["br", "gzip"]],
    ["gzip, gzip", ["gzip", "gzip"]],
    ["X-GZIP,identity , br,", ["gzip", "br"]],
    ["zstd, br, gzip", ["zstd", "br", "gzip"]],
  ] as const)("several on top of each other are undone from the last to the first: %s", async ([value, made]) => {
    for (const accepted of ["identity", made[0] === made[1] ? "br;q=0" : made[0]]) {
      const visit = accepting(accepted);
      const out = await finish(visit, layered(value, ...made), edge);
      expect([accepted, visit.trail.steps.map(({ decision }) => decision).join()]).toEqual([
        accepted,
        expect.stringContaining(`decode:${made.join("+")}`),
      ]);
      const coding = out.fields.get("content-encoding");
      const body = await bytesOf(out);
      expect([accepted, decode(coding ? decompress[coding as "br"](body) : body)]).toEqual([accepted, text]);
      expect(out.fields.get("vary")).toBe("Accept-Encoding");
    }
  });

  test("several that it accepts stay as they are, and so do more than anybody means", async () => {
    const both = await finish(accepting("gzip, br"), layered("br, gzip", "br", "gzip"), edge);
    expect([both.fields.get("content-encoding"), both.fields.get("etag")]).toEqual(["br, gzip", '"v1"']);
    expect(decode(brotliDecompressSync(gunzipSync(await bytesOf(both))))).toBe(text);

    const four = ["gzip", "gzip", "gzip", "gzip"];
    for (const [value, made] of [
      [four.join(", "), four],
      ["gzip, unknown", ["gzip"]],
    ] as const) {
      const out = await finish(accepting("identity"), layered(value, ...made), edge);
      expect([out.fields.get("content-encoding"), out.fields.has("vary")]).toEqual([value, false]);
      expect(isSame(await bytesOf(out), layers(...made))).toBe(true);
    }
  });

  test.for([
    ["HEAD", {}, 200],
    ["GET", { "if-none-match": '"v1"' }, 304],
  ] as const)("isn't undone where no body is sent: %s", async ([method, headers, status]) => {
    const visit = accepting("identity", { method, headers });
    const from = packed();
    const out = await finish(visit, method === "HEAD" ? { ...from, body: null } : from, edge);
    expect([out.status, out.fields.get("etag"), out.fields.get("vary")]).toEqual([status, 'W/"v1"', "Accept-Encoding"]);
    expect(visit.trail.steps.filter(({ decision }) => decision.startsWith("decode"))).toEqual([]);
  });

  test("what it accepts stays as it is stored", async () => {
    const out = await finish(accepting("gzip"), packed(), edge);
    expect(out.fields.get("etag")).toBe('"v1"');
    expect(decode(gunzipSync(await bytesOf(out)))).toBe(text);
  });

  test("what can't be undone, or must not be, stays too: never 406", async () => {
    for (const fields of [
      { "content-encoding": "unknown" },
      { "content-encoding": "gzip", "cache-control": "no-transform" },
    ]) {
      const out = await finish(accepting("identity"), answer({ ...plain, ...fields }, streamOf(bytes)), edge);
      expect([out.status, out.fields.get("content-encoding")]).toEqual([200, fields["content-encoding"]]);
    }
  });

  test("nothing at all is nothing in any coding", async () => {
    for (const status of [200, 302]) {
      const none = answer({ "content-encoding": "gzip", "content-length": "0" }, streamOf(new Uint8Array()), status);
      const out = await finish(accepting("identity"), none, edge);
      expect([out.status, out.fields.get("content-encoding"), await textOf(out)]).toEqual([status, undefined, ""]);
    }
  });

  test("bytes that are not what they say are an origin's failure from the start", async () => {
    const broken = answer({ ...plain, "content-encoding": "gzip" }, streamOf(bytes));
    await expect(finish(accepting("identity"), broken, edge)).rejects.toMatchObject({ because: "bad-upstream-answer" });
  });

  test.for(codings)("bytes that end too early are one, too, and break off where they are many: %s", async (coding) => {
    const cut = async (length: number, end: number) => {
      const encoded = encodeStream(streamOf(noise(length), 65_536), { coding, level: 3 });
      const body = await new Response(encoded).bytes();
      return answer({ ...plain, "content-encoding": coding }, streamOf(body.subarray(0, end * body.byteLength), 9_999));
    };
    for (const [length, end] of [
      [1_000, 0.9],
      [60_000, 0.1],
      [60_000, 0.99],
    ] as const) {
      await expect(finish(accepting("identity"), await cut(length, end), edge)).rejects.toMatchObject({
        because: "bad-upstream-answer",
        cause: expect.any(Error),
      });
    }
    await expect(bytesOf(await finish(accepting("identity"), await cut(2_000_000, 0.9), edge))).rejects.toThrow();
  });

  test("a few bytes that stand for very many are undone at the reader's pace", async () => {
    const bomb = answer(
      { ...plain, "content-encoding": "gzip" },
      streamOf(gzipSync(new Uint8Array(16 << 20)), 1 << 20),
    );
    const reader = ((await finish(accepting("identity"), bomb, edge)).body as ReadableStream<Uint8Array>).getReader();
    expect((await reader.read()).value!.byteLength).toBeLessThan(1 << 20);
    await reader.cancel();
  });
});
