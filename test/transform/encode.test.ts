import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Coding } from "../../src/config/compress.ts";
import { encodeInTurns, encodeStream } from "../../src/transform/encode.ts";

const codings = ["zstd", "br", "gzip"] as const;
const decompress = { zstd: zstdDecompressSync, br: brotliDecompressSync, gzip: gunzipSync };
const levels: Readonly<Record<Coding, readonly number[]>> = {
  zstd: [1, 3, 9, 19],
  br: [0, 1, 4, 5, 9, 10, 11],
  gzip: [1, 6, 9],
};

const sample = new TextEncoder().encode('<p class="a">Ein Satz, größer als nichts — 日本語 😀</p>\n'.repeat(4));

/** A body that comes in these pieces. */
function inPieces(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

function cut(bytes: Uint8Array, ...at: readonly number[]): readonly Uint8Array[] {
  const borders = [0, ...at.toSorted((a, b) => a - b), bytes.byteLength];
  return borders.slice(1).map((end, index) => bytes.slice(borders[index], end));
}

async function throughStream(coding: Coding, pieces: readonly Uint8Array[], level = levels[coding][1]!) {
  const encoded = await new Response(encodeStream(inPieces(pieces), { coding, level })).bytes();
  return [...decompress[coding](encoded)];
}

describe.for(codings)("%s of a body that streams by", (coding) => {
  test("decodes to the same bytes wherever the body is cut, at every border of its bytes", async () => {
    for (let at = 0; at <= sample.byteLength; at++)
      expect(await throughStream(coding, cut(sample, at)), `cut at ${at}`).toEqual([...sample]);
  });

  test("and in however many pieces, empty ones among them, it comes", async () => {
    const borders = fc.array(fc.nat({ max: sample.byteLength }), { maxLength: 12 });
    const property = fc.asyncProperty(borders, fc.constantFrom(...levels[coding]), async (at, level) => {
      expect(await throughStream(coding, cut(sample, ...at), level)).toEqual([...sample]);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  test("each piece can be read as soon as it came", async () => {
    let send!: (piece: Uint8Array) => void;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => void (send = (piece) => controller.enqueue(piece)),
    });
    const reader = encodeStream(body, { coding, level: levels[coding][1]! }).getReader();
    const readable = { zstd: 0, br: 0, gzip: 12 }[coding]; // what is more than gzip's own header
    for (let piece = 0; piece < 5; piece++) {
      send(crypto.getRandomValues(new Uint8Array(100)));
      let read = 0;
      while (read < 100) read += (await reader.read()).value!.byteLength;
      expect(read).toBeGreaterThan(readable);
    }
    await reader.cancel();
  });
});

describe.for(codings)("%s of a body that is here in small pieces", (coding) => {
  const level = levels[coding][1]!;
  let state = 1;
  const word = () => ((state = (state * 48_271) % 2_147_483_647) % 1000).toString(36);
  const words = Array.from({ length: 30_000 }, word).join(" ");
  const bytes = new TextEncoder().encode(words);
  const borders = Array.from({ length: Math.floor(bytes.byteLength / 40) }, (_, at) => at * 40);
  const encoded = async (body: ReadableStream<Uint8Array>) =>
    (await new Response(encodeStream(body, { coding, level })).bytes()).byteLength;

  test("has as many bytes as it has when it is here whole", async () => {
    const whole = await encoded(inPieces([bytes]));
    expect((await encoded(inPieces(cut(bytes, ...borders)))) / whole).toBeLessThan(1.03);
  });

  test("is out before all of it is in, where it is long", async () => {
    let left = 1_000;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(bytes.subarray(0, 4096));
        else controller.close();
      },
    });
    const reader = encodeStream(body, { coding, level }).getReader();
    await reader.read();
    expect(left).toBeGreaterThan(900);
    await reader.cancel();
  });
});

describe.for(codings)("%s in turns", (coding) => {
  test("decodes to the same bytes, at every level, of whatever length, and others have theirs between", async () => {
    const long = new Uint8Array(200_000);
    for (let at = 0; at < long.byteLength; at += 50_000) crypto.getRandomValues(long.subarray(at, at + 50_000));
    const letters = long.map((byte) => 97 + (byte % 20));
    for (const level of levels[coding]) {
      for (const length of [1, 100, 65_535, 65_536, 65_537, 200_000]) {
        let pauses = 0;
        const bytes = letters.subarray(0, length);
        const encoded = await encodeInTurns(bytes, { coding, level }, async () => void pauses++);
        const decoded = decompress[coding](encoded);
        expect(decoded.byteLength, `level ${level}`).toBe(length);
        expect(decoded.every((byte, at) => byte === bytes[at])).toBe(true);
        expect(pauses).toBe(Math.ceil(length / 65_536) - 1);
      }
    }
  });
});
