/** Content codings (RFC 9110 §8.4.1) made and undone on the way, without holding a body back. */
import {
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createGunzip,
  createGzip,
  createInflate,
  createZstdDecompress,
} from "node:zlib";
import type { Answer, Body } from "../answer.ts";
import { EdgeError } from "../error.ts";
import { canonicalCoding } from "../http/accept.ts";
import type { Fields } from "../http/fields.ts";
import { inTime } from "../http/in-time.ts";
import { resumed } from "../http/stream.ts";
import { markChanged } from "./representation.ts";

type Coder = ReturnType<typeof createGzip>;
type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** A coding that the edge makes: a new coder, and the flush after which all that went in can be read. */
interface Encoder {
  readonly create: () => Coder;
  readonly flush: number;
}

/** Brotli 4 makes HTML smaller than gzip 6, in two thirds of its time. In the edge's order of preference. */
const encoders = {
  br: {
    create: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    flush: constants.BROTLI_OPERATION_FLUSH,
  },
  gzip: { create: () => createGzip({ level: 6 }), flush: constants.Z_SYNC_FLUSH },
} as const satisfies Record<string, Encoder>;

export type MadeCoding = keyof typeof encoders;

export const madeCodings = Object.keys(encoders) as readonly MadeCoding[];

const decoders: Readonly<Record<string, () => Coder>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
  deflate: createInflate,
};

/** The body in a coding. What comes in leaves at once, so that a page that is still being made shows as it grows. */
export function encodeStream(body: ReadableStream<Uint8Array>, coding: MadeCoding): ReadableStream<Uint8Array> {
  const { create, flush } = encoders[coding];
  return through(body, create(), flush);
}

/** The coding of an answer in lower case, "" for none. Several on top of each other are one that can't be undone. */
export function codingOf(fields: Fields): string {
  const coding = canonicalCoding(fields.get("content-encoding") ?? "");
  return coding === "identity" ? "" : coding;
}

/** Whether the edge can undo that coding. */
export function canDecode(coding: string): boolean {
  return Object.hasOwn(decoders, coding);
}

/**
 * The answer without its coding, which {@link canDecode}. Without a body, its fields are those that one would have.
 * @throws EdgeError when the body's beginning shows that it isn't in that coding: the client can still be told.
 */
export async function decode(answer: Answer): Promise<Answer> {
  const coder = decoders[codingOf(answer.fields)]!();
  answer.fields.delete("content-encoding");
  markChanged(answer.fields);
  return { ...answer, body: answer.body === null ? null : await begun(through(toStream(answer.body), coder)) };
}

/** Milliseconds to wait for the beginning of a decoded body: a page that takes longer isn't held up. */
const patience = 20;

async function begun(body: ReadableStream<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const reader = body.getReader();
  const pending = reader.read();
  const failure = await inTime(
    pending.then(
      () => undefined,
      (cause: unknown) => ({ cause }),
    ),
    patience,
  );
  if (failure) throw new EdgeError("origin", "bad-upstream-answer", "its body can't be decoded", failure);
  return resumed({ chunks: [], reader, pending });
}

function toStream(body: Exclude<Body, null>): ReadableStream<Uint8Array> {
  return body instanceof ReadableStream ? body : new Response(body).body!;
}

/**
 * A body through a coder, at the reader's pace: a few compressed bytes can stand for gigabytes, so that the coder stops
 * when nobody reads.
 */
function through(body: ReadableStream<Uint8Array>, coder: Coder, flush?: number): ReadableStream<Uint8Array> {
  const reader = body.getReader();
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
async function giveUp(reader: Reader, reason: unknown): Promise<void> {
  await reader.cancel(reason).catch(() => {});
}

/** Never rejects: what goes wrong reaches the reader as the coder's error. */
async function feed(reader: Reader, coder: Coder, flush?: number): Promise<void> {
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      await written(coder, next.value);
      if (flush !== undefined) await new Promise<void>((done) => coder.flush(flush, done));
    }
    coder.end();
  } catch (error) {
    coder.destroy(error as Error);
  }
}

function written(coder: Coder, chunk: Uint8Array): Promise<void> {
  return new Promise((done, failed) => coder.write(chunk, (error) => (error ? failed(error) : done())));
}
