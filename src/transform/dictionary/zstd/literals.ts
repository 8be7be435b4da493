/** Literals: the bytes of a block that are no copies (RFC 8878 §3.1.1.3.1). */
import { createBitSink } from "./bit-sink.ts";
import { createHuffmanCodes, type HuffmanCodes } from "./huffman.ts";

/** The section of a block that holds them, in Huffman codes where that makes it shorter. */
export function writeLiterals(literals: Uint8Array): readonly Uint8Array[] {
  const plain = [plainHeader(literals.byteLength), literals];
  const compressed = compress(literals);
  return compressed && sizeOf(compressed) < sizeOf(plain) ? compressed : plain;
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, piece) => size + piece.byteLength, 0);
}

/** The size in 5, 12 or 20 bits (§3.1.1.3.1.1). */
function plainHeader(size: number): Uint8Array {
  if (size < 32) return Uint8Array.of(size << 3);
  if (size < 4096) return littleEndian((size << 4) | 0b0100, 2);
  return littleEndian((size << 4) | 0b1100, 3);
}

/** Fewer aren't worth a tree. */
const least = 64;

/** The form of a tree that is written here has a place for no symbol above. */
const greatestSymbol = 128;

/** In Huffman codes; undefined where that is not possible, or of no use. */
function compress(literals: Uint8Array): readonly Uint8Array[] | undefined {
  const size = literals.byteLength;
  if (size < least) return undefined;
  const counts = new Int32Array(256);
  for (const byte of literals) counts[byte]!++;
  const greatest = counts.findLastIndex((count) => count > 0);
  if (greatest > greatestSymbol || counts[greatest] === size) return undefined;
  const codes = createHuffmanCodes(counts);
  const tree = writeTree(codes, greatest);
  if (size < 1024) {
    const stream = writeStream(literals, codes);
    return [compressedHeader(0, { size, compressed: sizeOf([tree, stream]) }), tree, stream];
  }
  const streams = inFour(literals).map((quarter) => writeStream(quarter, codes));
  const jumps = streams.slice(0, 3).map(({ byteLength }) => littleEndian(byteLength, 2));
  const compressed = sizeOf([tree, ...jumps, ...streams]);
  const format = size < 16_384 && compressed < 16_384 ? 2 : 3;
  return [compressedHeader(format, { size, compressed }), tree, ...jumps, ...streams];
}

/** Bits of each size, by the format of the header. */
const sizeBits = { 0: 10, 2: 14, 3: 18 } as const;

interface Sizes {
  readonly size: number;
  readonly compressed: number;
}

function compressedHeader(format: keyof typeof sizeBits, { size, compressed }: Sizes): Uint8Array {
  const bits = sizeBits[format];
  const value = 2 + format * 4 + size * 16 + compressed * 2 ** (4 + bits);
  return littleEndian(value, (4 + 2 * bits) >> 3);
}

/** Weights of all symbols up to the greatest, whose own follows from the others (§4.2.1). */
function writeTree({ lengths, longest }: HuffmanCodes, greatest: number): Uint8Array {
  const tree = new Uint8Array(1 + ((greatest + 1) >> 1));
  tree[0] = 127 + greatest;
  for (let symbol = 0; symbol < greatest; symbol++) {
    const weight = lengths[symbol] === 0 ? 0 : longest + 1 - lengths[symbol]!;
    tree[1 + (symbol >> 1)]! |= symbol % 2 === 0 ? weight << 4 : weight;
  }
  return tree;
}

function inFour(literals: Uint8Array): readonly Uint8Array[] {
  const quarter = (literals.byteLength + 3) >> 2;
  return [0, 1, 2, 3].map((each) => literals.subarray(each * quarter, (each + 1) * quarter));
}

function writeStream(literals: Uint8Array, { lengths, codes, longest }: HuffmanCodes): Uint8Array {
  const sink = createBitSink(literals.byteLength * longest + 1);
  for (let at = literals.byteLength - 1; at >= 0; at--) {
    const symbol = literals[at]!;
    sink.add(codes[symbol]!, lengths[symbol]!);
  }
  return sink.close();
}

/** @param value may have more than 32 bits. */
export function littleEndian(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Math.floor(value / 2 ** (8 * at)) & 255);
}
