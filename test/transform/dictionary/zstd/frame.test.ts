/** Frames against a dictionary, read by the platform's own decoder. */
import fc from "fast-check";
import { brotliCompressSync, zstdDecompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { compressWith } from "../../../../src/transform/dictionary/zstd/frame.ts";
import { littleEndian, writeLiterals } from "../../../../src/transform/dictionary/zstd/literals.ts";
import { createSequences, writeSequences } from "../../../../src/transform/dictionary/zstd/sequences.ts";
import { nextVersion, numbersFrom, scriptOf } from "../../../harness/versions.ts";
import { decompressWith, joined } from "../undelta.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const none = new Uint8Array(0);

/** Bytes of which there are so many different ones, by chance. */
function noise(size: number, symbols: number, seed = 7): Uint8Array {
  const number = numbersFrom(seed);
  return Uint8Array.from({ length: size }, () => number() * symbols);
}

function expectSame(dictionary: Uint8Array, content: Uint8Array): number {
  const frame = compressWith(dictionary, content);
  const back = decompressWith(dictionary, frame);
  // Not by `toEqual`, which takes a second for each megabyte.
  expect(back.byteLength).toBe(content.byteLength);
  expect(back.findIndex((byte, at) => byte !== content[at])).toBe(-1);
  return frame.byteLength;
}

describe("a frame", () => {
  test.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 63, 64, 65, 255, 256, 1023, 1024, 1025, 4095, 4096, 16_383, 16_384])(
    "gives back %d bytes, alike or not",
    (size) => {
      for (const symbols of [1, 2, 16, 128, 256]) {
        const content = noise(size, symbols);
        expectSame(none, content);
        expectSame(content, content);
        expectSame(noise(1000, symbols, 8), content);
      }
    },
  );

  test.each([131_071, 131_072, 131_073, 262_144, 300_001])("gives back %d bytes, in several blocks", (size) => {
    const text = bytes(scriptOf(size));
    expectSame(none, text);
    expect(expectSame(text, text)).toBeLessThan(200);
    expectSame(text, noise(size, 256));
    expectSame(noise(size, 256), text);
    expectSame(none, new Uint8Array(size));
  });

  test("gives back any content, by any dictionary", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ maxLength: 40 }).map(bytes),
      fc.tuple(fc.integer({ min: 0, max: 255 }), fc.nat(3000)).map(([byte, size]) => new Uint8Array(size).fill(byte)),
    );
    const pieces = fc.array(piece, { minLength: 1, maxLength: 8 });
    const order = fc.array(fc.nat(7), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, order, order, (some, before, after) => {
        const made = (of: readonly number[]): Uint8Array => joined(of.map((each) => some[each % some.length]!));
        expectSame(made(before), made(after));
      }),
      { numRuns: 300 },
    );
  });

  test("gives back any edit of a text", () => {
    const text = scriptOf(20_000);
    const edit = fc.record({ at: fc.nat(20_000), drop: fc.nat(300), put: fc.string({ maxLength: 60 }) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const edited = edits.reduce((old, { at, drop, put }) => old.slice(0, at) + put + old.slice(at + drop), text);
        expectSame(bytes(text), bytes(edited));
      }),
      { numRuns: 200 },
    );
  });

  test("is a fraction of what the content takes without the dictionary", () => {
    const before = scriptOf(500_000);
    const content = bytes(nextVersion(before, 0.02));
    const size = expectSame(bytes(before), content);
    expect(size).toBeLessThan(content.byteLength * 0.025);
    expect(size).toBeLessThan(brotliCompressSync(content).byteLength / 10);
  });

  test("is hardly longer than the content, whatever that is", () => {
    for (const symbols of [2, 4, 64, 256]) {
      const content = noise(300_000, symbols);
      expect(expectSame(noise(300_000, symbols, 9), content)).toBeLessThanOrEqual(content.byteLength + 9 + 3 * 3);
    }
  });

  test("has a window that every client has to take: as long as the content, which is less than 8 MB (RFC 9842 §5)", () => {
    const frame = compressWith(none, bytes(scriptOf(300_000)));
    expect([...frame.subarray(0, 5)]).toEqual([0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000]);
    expect(new DataView(frame.buffer, frame.byteOffset).getUint32(5, true)).toBe(300_000);
  });
});

describe("sequences", () => {
  test.each([10, 127, 128, 0x7eff, 0x7f00, 0x7f01, 40_000])("%d of them can be read", (count) => {
    const sequences = createSequences(count);
    for (let each = 0; each < count; each++) {
      sequences.literals[each] = each === 0 ? 1 : 0;
      sequences.lengths[each] = 3;
      sequences.offsets[each] = 1 + 3;
    }
    sequences.count = count;
    const block = joined([...writeLiterals(bytes("a")), ...writeSequences(sequences)]);
    const size = 1 + count * 3;
    const header = [littleEndian(size, 4), littleEndian(1 | (2 << 1) | (block.byteLength << 3), 3)];
    const frame = joined([Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000), ...header, block]);
    expect(new TextDecoder().decode(zstdDecompressSync(frame))).toBe("a".repeat(size));
  });
});
