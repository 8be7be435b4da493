/** Streams of bytes, without knowledge of what they carry. */
import { readBytes, type ByteReader } from "./byte-reader.ts";

/** Bytes that were read ahead, and what is left to read. */
export interface Begun {
  readonly chunks: readonly Uint8Array[];
  readonly reader: Pick<ByteReader, "read" | "cancel">;
  /** A read that was begun and has not come back yet. */
  readonly pending?: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
}

/** The stream as it was before anything was read ahead. It reads on only when its own reader asks. */
export function resumed({ chunks, reader, pending }: Begun): ReadableStream<Uint8Array> {
  const left = [...chunks];
  let awaited = pending;
  return new ReadableStream(
    {
      async pull(controller) {
        const ahead = left.shift();
        if (ahead) return controller.enqueue(ahead);
        const { done, value } = await (awaited ?? reader.read());
        awaited = undefined;
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** The stream that `open` gives, which is called when somebody reads it, and not before. */
export function onDemand(open: () => Promise<ReadableStream<Uint8Array>>): ReadableStream<Uint8Array> {
  let reader: ByteReader | undefined;
  return new ReadableStream(
    {
      async pull(controller) {
        reader ??= readBytes(await open());
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader?.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** The same bytes. Calls `end` when all were read, they break off, or nobody wants them any more; it may be called twice. */
export function ending(body: ReadableStream<Uint8Array>, end: () => void): ReadableStream<Uint8Array> {
  const reader = readBytes(body);
  return resumed({
    chunks: [],
    reader: {
      async read() {
        const next = await reader.read().catch((error: unknown) => {
          end();
          throw error;
        });
        if (next.done) end();
        return next;
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    },
  });
}

/** A native stream through which bytes go; with its length known, so that no part of it need be sent in chunks. */
export function passage(length: number | undefined): IdentityTransformStream {
  return length === undefined ? new IdentityTransformStream() : new FixedLengthStream(length);
}

/** The chunks as one; a single one as it is. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  if (chunks.length === 1) return chunks[0] as Uint8Array<ArrayBuffer>;
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/** Bytes. Most bodies that are read whole have fewer. */
const usualPiece = 16 << 10;

/**
 * All bytes of a stream.
 * @param signal gives up what is still to come, when it aborts.
 * @throws RangeError when there are more than `most`; what was still to come is then given up. The signal's reason when that aborts.
 */
export async function readWhole(
  body: ReadableStream<Uint8Array>,
  most: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = abortable(readBytes(body, Math.min(most, usualPiece)), signal);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength;
    chunks.push(next.value);
    if (size <= most) continue;
    const error = new RangeError(`a body of more than ${most} bytes`);
    await reader.cancel(error);
    throw error;
  }
  return joined(chunks);
}

/** The reader, whose reads fail when the signal aborts, though nothing comes. */
function abortable(reader: ByteReader, signal: AbortSignal | undefined): Pick<ByteReader, "read" | "cancel"> {
  if (!signal) return reader;
  const aborted = Promise.withResolvers<never>();
  // Nobody may be reading.
  aborted.promise.catch(() => undefined);
  const giveUp = (): void => {
    aborted.reject(signal.reason);
    reader.cancel(signal.reason).catch(() => undefined);
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener("abort", giveUp, { once: true });
  return { read: async () => Promise.race([reader.read(), aborted.promise]), cancel: reader.cancel };
}
