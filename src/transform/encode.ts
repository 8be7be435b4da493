/** Content codings (RFC 9110 §8.4.1) made: as a body comes, at once, or in turns of a work that nobody waits for. */
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import type { Coding } from "../config/compress.ts";
import { joined } from "../http/stream.ts";
import { flushed, through, written, type Coder } from "./coder.ts";

/** A coding and how hard it is worked at: the coder's own number. */
export interface Encoding {
  readonly coding: Coding;
  readonly level: number;
}

/** For the trail: "br-11". */
export function spelled({ coding, level }: Encoding): string {
  return `${coding}-${level}`;
}

/** What is known of the bytes that will come. */
interface Expected {
  /** Of the window, in which the coder looks for what it has seen before: a power of two. It takes several times that memory. */
  readonly window: number;
  /** How many there are, where there surely are no more and no fewer. */
  readonly exactly?: number;
}

interface Encoder {
  readonly create: (level: number, expected: Expected) => Coder;
  /** By which all that went in can be read. */
  readonly flush: number;
  readonly atOnce: (bytes: Uint8Array, level: number) => Uint8Array<ArrayBuffer>;
  /** Bytes that `atOnce` takes. */
  readonly mostAtOnce: number;
}

/** A few milliseconds of work at the fast levels: no other visit of the isolate is held up for longer. */
const usualAtOnce = 256 << 10;

/** Bytes. Above so many, the platform's one-shot zstd loses the end of what doesn't fit into its buffer, and fails. */
const zstdAtOnce = 32 << 10;

const encoders: Readonly<Record<Coding, Encoder>> = {
  zstd: {
    create: (level, { window, exactly }) =>
      createZstdCompress({ ...zstd(level, window), ...(exactly && { pledgedSrcSize: exactly }) }),
    flush: constants.ZSTD_e_flush,
    atOnce: (bytes, level) => zstdCompressSync(bytes, zstd(level, windowOf(bytes.byteLength))),
    mostAtOnce: zstdAtOnce,
  },
  br: {
    create: (level, { window, exactly }) => createBrotliCompress(brotli(level, window, exactly)),
    flush: constants.BROTLI_OPERATION_FLUSH,
    atOnce: (bytes, level) => brotliCompressSync(bytes, brotli(level, windowOf(bytes.byteLength), bytes.byteLength)),
    mostAtOnce: usualAtOnce,
  },
  gzip: {
    create: (level) => createGzip({ level }),
    flush: constants.Z_SYNC_FLUSH,
    atOnce: (bytes, level) => gzipSync(bytes, { level }),
    mostAtOnce: usualAtOnce,
  },
};

function zstd(level: number, window: number) {
  return { params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_windowLog]: window } };
}

function brotli(level: number, window: number, length = 0) {
  return {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: level,
      [constants.BROTLI_PARAM_LGWIN]: window,
      [constants.BROTLI_PARAM_SIZE_HINT]: length,
    },
  };
}

/**
 * Windows as powers of two: of a body that streams by, beside many others; of one that is worked at alone, which every client
 * takes (RFC 9659 §3 allows zstd 8 MB); and the smallest.
 */
const [streamWindow, largestWindow, smallestWindow] = [19, 22, 16];

/** The window that holds all of so many bytes, or as much of them as may be. */
function windowOf(length: number, most = largestWindow): number {
  return Math.max(smallestWindow, Math.min(Math.ceil(Math.log2(length + 16)), most));
}

/**
 * The body in a coding. What comes in leaves at once, so that a page that is still being made shows as it grows.
 * @param length bytes of the body, as far as it is known.
 */
export function encodeStream(
  body: ReadableStream<Uint8Array>,
  { coding, level }: Encoding,
  length = Number.POSITIVE_INFINITY,
): ReadableStream<Uint8Array> {
  const { create, flush } = encoders[coding];
  return through(body, create(level, { window: windowOf(length, streamWindow) }), flush);
}

/** The bytes in a coding, while all else waits; undefined when that would be for too long, or can't be done so. */
export function encodeAtOnce(bytes: Uint8Array, { coding, level }: Encoding): Uint8Array<ArrayBuffer> | undefined {
  const { atOnce, mostAtOnce } = encoders[coding];
  return bytes.byteLength <= mostAtOnce ? atOnce(bytes, level) : undefined;
}

/** Bytes that are worked at without a pause: some 100 ms at the highest level. */
const turn = 64 << 10;

/** The bytes in a coding, made in turns with pauses between them, in which other visits have theirs. */
export async function encodeInTurns(
  bytes: Uint8Array,
  { coding, level }: Encoding,
  pause: () => Promise<void>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { create, flush } = encoders[coding];
  const coder = create(level, { window: windowOf(bytes.byteLength), exactly: bytes.byteLength });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<void>((resolve, reject) => coder.on("end", resolve).on("error", reject));
  ended.catch(() => undefined);
  coder.on("data", (chunk: Uint8Array) => void chunks.push(chunk));
  for (let at = 0; at < bytes.byteLength; at += turn) {
    if (at > 0) await pause();
    await written(coder, bytes.subarray(at, at + turn));
  }
  // Or the platform's zstd may lose the end of it.
  if (coding === "zstd") await flushed(coder, flush);
  coder.end();
  await ended;
  return joined(chunks);
}
