/** Bodies through the coders of `node:zlib`, without holding any of them back. */
import type { createGzip } from "node:zlib";
import { readBytes, type ByteReader } from "../http/byte-reader.ts";
import { gathering } from "../http/gather.ts";

export type Coder = ReturnType<typeof createGzip>;

/**
 * A body through a coder, at the reader's pace: a few compressed bytes can stand for gigabytes, so that the coder stops
 * when nobody reads.
 * @param flush by which all that went in can be read at once, and which costs some bytes each time: what is here together goes in
 * together. Without it the coder waits until that pays.
 */
export function through(body: ReadableStream<Uint8Array>, coder: Coder, flush?: number): ReadableStream<Uint8Array> {
  const reader = flush === undefined ? readBytes(body) : gathering(readBytes(body));
  const source: UnderlyingSource<Uint8Array> = {
    start(controller) {
      coder.on("data", (chunk: Uint8Array) => {
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) coder.pause();
      });
      coder.on("end", () => controller.close());
      coder.on("error", (error) => {
        controller.error(error);
        void giveUp(reader, error);
      });
      coder.pause();
      void feed(reader, coder, flush);
    },
    pull: () => void coder.resume(),
    async cancel(reason) {
      coder.destroy();
      await reader.cancel(reason);
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

/** Never rejects: nobody waits to hear that what has failed fails to end. */
async function giveUp(reader: ByteReader, reason: unknown): Promise<void> {
  await reader.cancel(reason).catch(() => {});
}

/** Never rejects: what goes wrong reaches the reader as the coder's error. */
async function feed(reader: ByteReader, coder: Coder, flush?: number): Promise<void> {
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      await written(coder, next.value);
      reader.release(next.value);
      if (flush !== undefined) await flushed(coder, flush);
    }
    coder.end();
  } catch (error) {
    coder.destroy(error as Error);
  }
}

/** Resolves when the coder has taken the chunk. */
export function written(coder: Coder, chunk: Uint8Array): Promise<void> {
  return new Promise((done, failed) => coder.write(chunk, (error) => (error ? failed(error) : done())));
}

/** Resolves when all that was written can be read. */
export function flushed(coder: Coder, flush: number): Promise<void> {
  return new Promise((done) => coder.flush(flush, done));
}
