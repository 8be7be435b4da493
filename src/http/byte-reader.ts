/** Reading bodies in large pieces. */

/**
 * Bytes of memory that a piece takes at first, and at most. It grows as long as pieces come full: then there is more to be
 * had at once, and with half as many turns of the script.
 */
const [firstPiece, largestPiece] = [64 << 10, 256 << 10];

/** Reads a stream of bytes, and holds it like a reader of the platform's. */
export interface ByteReader {
  /**
   * The next bytes, as many as are there, in memory of their own that is at most twice as large.
   * @param least so many are waited for, or the end, where the platform makes the body: it then gathers small pieces by itself.
   */
  readonly read: (least?: number) => Promise<ReadableStreamReadResult<Uint8Array>>;
  /** Gives a piece back whose bytes nobody needs any more: a later one may be read into its memory. */
  readonly release: (piece: Uint8Array) => void;
  readonly cancel: (reason?: unknown) => Promise<void>;
  /** Reads the end, of which it is known that nothing comes before it. */
  readonly finish: () => void;
}

/**
 * A reader of the body. The platform's plain one gives 4 KB at a time, and every read and write crosses into native code:
 * to hand 10 MB on, it took ten times the CPU of pieces of 64 KB, and those half as much again as pieces of 256 KB.
 * @param expected bytes of the first pieces, where it is known how many there are.
 */
export function readBytes(body: ReadableStream<Uint8Array>, expected = firstPiece): ByteReader {
  const reader = readerInto(body);
  if (!reader) return inPiecesOfItsOwn(body.getReader());
  const spare: ArrayBufferLike[] = [];
  let size = Math.max(1, Math.min(expected, largestPiece));
  const release = (buffer: ArrayBufferLike): void => void (buffer.byteLength === size && spare.push(buffer));
  const grow = (): void => {
    size *= 2;
    spare.length = 0;
  };
  return {
    read: async (least = 1) => {
      const into = new Uint8Array(spare.pop() ?? new ArrayBuffer(size));
      const { done, value } = await (least > 1 ? reader.readAtLeast(Math.min(least, size), into) : reader.read(into));
      if (done) return { done, value: undefined };
      if (value.byteLength > value.buffer.byteLength / 2) {
        if (value.byteLength === size && size < largestPiece) grow();
        return { done, value };
      }
      const short = value.slice();
      release(value.buffer);
      return { done, value: short };
    },
    release: ({ buffer }) => release(buffer),
    cancel: (reason) => reader.cancel(reason),
    finish: () => void reader.read(new Uint8Array(1)).catch(() => undefined),
  };
}

/** A reader that reads into given memory; undefined for a stream made in code, whose pieces are as large as they were made. */
function readerInto(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

function inPiecesOfItsOwn(reader: ReadableStreamDefaultReader<Uint8Array>): ByteReader {
  return {
    read: () => reader.read(),
    release: () => {},
    cancel: (reason) => reader.cancel(reason),
    finish: () => void reader.read().catch(() => undefined),
  };
}
