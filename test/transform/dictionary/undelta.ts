/** Reading deltas as a client would that has the dictionary (RFC 9842 §5). */
import { zstdDecompressSync } from "node:zlib";

const header = Uint8Array.of(0x5e, 0x2a, 0x4d, 0x18, 0x20, 0, 0, 0);

/** The content of a `dcz` body. Throws when it isn't one, or is of another dictionary. */
export async function undelta(body: Uint8Array, dictionary: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", dictionary));
  const expected = [...header, ...hash];
  if (expected.some((byte, at) => body[at] !== byte)) throw new Error("not a delta from this dictionary");
  return decompressWith(dictionary, body.subarray(expected.length));
}

/** Bytes before the blocks of the edge's own frames: magic, descriptor, and the size in four bytes. */
const frameHeader = 9;

/** Bytes of a block at most (RFC 8878 §3.1.1.2.4). */
const longestBlock = 128 << 10;

/**
 * The content of a frame made against a dictionary. The platform's decoder ignores dictionaries: so it gets a frame that
 * begins with the dictionary, in blocks without compression, and goes on with the blocks of the other. That is the same (§5): the
 * dictionary is what stood before the content.
 */
export function decompressWith(dictionary: Uint8Array, frame: Uint8Array): Uint8Array {
  const size = new DataView(frame.buffer, frame.byteOffset).getUint32(5, true);
  const whole = new Uint8Array(4);
  new DataView(whole.buffer).setUint32(0, size + dictionary.byteLength, true);
  const pieces: Uint8Array[] = [frame.subarray(0, 5), whole];
  for (let at = 0; at < dictionary.byteLength; at += longestBlock) {
    const block = dictionary.subarray(at, at + longestBlock);
    const said = block.byteLength << 3;
    pieces.push(Uint8Array.of(said & 255, (said >> 8) & 255, said >> 16), block);
  }
  pieces.push(frame.subarray(frameHeader));
  const content = zstdDecompressSync(joined(pieces)).subarray(dictionary.byteLength);
  if (content.byteLength !== size) throw new Error(`${content.byteLength} bytes of ${size}`);
  return new Uint8Array(content);
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
