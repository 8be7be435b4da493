/** Reading bodies in large pieces. */

/** Bytes that a piece has at most, and of memory that each takes. */
const pieceBytes = 64 << 10;

/** Reads a stream of bytes, and holds it like a reader of the platform's. */
export interface ByteReader {
  /** The next bytes, as many as are there, in memory of their own that is at most twice as large. */
  readonly read: () => Promise<ReadableStreamReadResult<Uint8Array>>;
  /** Gives a piece back whose bytes nobody needs any more: a later one may be read into its memory. */
  readonly release: (piece: Uint8Array) => void;
  readonly cancel: (reason?: unknown) => Promise<void>;
}

/**
 * A reader of the body. The platform's plain one gives 4 KB at a time, and every read and write crosses into native code:
 * through that, it took five times the CPU to store 10 MB.
 */
export function readBytes(body: ReadableStream<Uint8Array>): ByteReader {
  const reader = readerInto(body);
  if (!reader) return inPiecesOfItsOwn(body.getReader());
  const spare: ArrayBufferLike[] = [];
  return {
    read: async () => {
      const { done, value } = await reader.read(new Uint8Array(spare.pop() ?? new ArrayBuffer(pieceBytes)));
      if (done) return { done, value: undefined };
      if (value.byteLength > pieceBytes / 2) return { done, value };
      const short = value.slice();
      spare.push(value.buffer);
      return { done, value: short };
    },
    release({ buffer }) {
      if (buffer.byteLength === pieceBytes) spare.push(buffer);
    },
    cancel: (reason) => reader.cancel(reason),
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
  return { read: () => reader.read(), release: () => {}, cancel: (reason) => reader.cancel(reason) };
}
