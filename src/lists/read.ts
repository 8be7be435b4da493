/** Reads the file of a list from a stream. */
import { readBytes, type ByteReader } from "../http/byte-reader.ts";
import { decode, headerBytes, isSame, layOut, ListError, readHeader, summedFrom, type Header } from "./binary.ts";
import { addWords } from "./checksum.ts";
import type { List } from "./fixed.ts";

/** What was read. */
export interface Read {
  readonly header: Header;
  readonly list: List;
  /** Of memory that it takes. */
  readonly bytes: number;
}

/** A stream, and what of its last piece is left. */
interface Source {
  readonly reader: ByteReader;
  left: Uint8Array | undefined;
}

/**
 * Reads a list piece by piece, so that visits are served in between.
 * @param known the header of the one that is in use.
 * @param admit is asked about its bytes before memory is taken for them, and throws when there is no room.
 * @returns undefined when it is the known one: then no more than the header is read.
 * @throws ListError when the bytes are no list, or one too large; whatever the stream or `admit` fails with.
 */
export async function readList(
  body: ReadableStream<Uint8Array>,
  known?: Header,
  admit: (bytes: number) => void = () => {},
): Promise<Read | undefined> {
  const source: Source = { reader: readBytes(body), left: undefined };
  try {
    const start = new Uint8Array(headerBytes);
    await fill(source, start);
    const header = readHeader(new Uint32Array(start.buffer));
    if (known && isSame(known, header)) return undefined;
    const { bytes } = layOut(header);
    admit(bytes);
    return { header, bytes, list: await readWhole(source, start, bytes) };
  } finally {
    await source.reader.cancel().catch(() => undefined);
  }
}

async function readWhole(source: Source, start: Uint8Array, bytes: number): Promise<List> {
  const buffer = new ArrayBuffer(bytes);
  const words = new Uint32Array(buffer);
  new Uint8Array(buffer).set(start);
  let sum = 0;
  let summed = summedFrom;
  await fill(source, new Uint8Array(buffer, headerBytes), (filled) => {
    const whole = (headerBytes + filled) >>> 2;
    sum = addWords(sum, words.subarray(summed, whole));
    summed = whole;
  });
  if (source.left || !(await source.reader.read()).done) throw new ListError("it goes on behind its end");
  return decode(buffer, addWords(sum, words.subarray(summed)));
}

/**
 * Fills the memory with the next bytes.
 * @param tell is called with how many there are by then, after each piece.
 * @throws ListError when the stream ends before.
 */
async function fill(source: Source, memory: Uint8Array, tell: (filled: number) => void = () => {}): Promise<void> {
  for (let filled = 0; filled < memory.length;) {
    const piece = source.left ?? (await source.reader.read()).value;
    if (!piece) throw new ListError("it is cut off");
    const part = piece.subarray(0, memory.length - filled);
    memory.set(part, filled);
    filled += part.length;
    source.left = part.length < piece.length ? piece.subarray(part.length) : undefined;
    if (!source.left) source.reader.release(piece);
    tell(filled);
  }
}
