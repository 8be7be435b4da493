/** Reading together what is here together. */
import type { ByteReader } from "./byte-reader.ts";
import { joined } from "./stream.ts";

/** Bytes that are waited for at most, though more are here. */
const longest = 64 << 10;

/**
 * A reader that gives as one piece what others make in many of bytes that are here. What comes alone is held up for no longer than
 * it takes to see that.
 */
export function gathering(reader: ByteReader): ByteReader {
  /** A read that was begun, for whoever reads next. */
  let coming: ReturnType<ByteReader["read"]> | undefined;
  const read: ByteReader["read"] = async () => {
    const first = await (coming ?? reader.read());
    coming = undefined;
    if (first.done) return first;
    const pieces = [first.value];
    for (let size = first.value.byteLength; size < longest; size += pieces.at(-1)!.byteLength) {
      coming = reader.read();
      const next = await ifHere(coming);
      if (!next || next.done) break;
      coming = undefined;
      pieces.push(next.value);
    }
    const value = joined(pieces);
    if (pieces.length > 1) for (const piece of pieces) reader.release(piece);
    return { done: false, value };
  };
  return { ...reader, read };
}

/** What comes without anybody waiting for it: a timer's turn is only when all is done that can be done. Undefined also when it fails. */
function ifHere<T>(coming: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const turn = setTimeout(() => resolve(undefined));
    coming.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(turn));
  });
}
