/** Bodies that are here as good as whole: bytes cost less than a stream wherever they go, to a client or to a store. */
import { readBytes } from "./byte-reader.ts";
import { inTime } from "./in-time.ts";
import { joined, resumed } from "./stream.ts";

/** Milliseconds that a body may take to come: what takes longer isn't held up any more. */
const patience = 20;

/**
 * The bytes of the body, when they are at most so many and all come within a moment. Otherwise a stream of them: of what
 * came, and what is to come, or fails.
 * @param moment milliseconds.
 */
export async function atOnce(
  body: ReadableStream<Uint8Array>,
  most: number,
  moment = patience,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const reader = readBytes(body, most);
  const chunks: Uint8Array[] = [];
  let pending: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  let isLate = false;
  const read = async (): Promise<"whole" | undefined> => {
    for (let size = 0; size <= most;) {
      pending = reader.read();
      const { done, value } = await pending;
      // What it gives then is for whoever reads on.
      if (isLate) return undefined;
      pending = undefined;
      if (done) return "whole";
      chunks.push(value);
      size += value.byteLength;
    }
    return undefined;
  };
  // A read that fails does so for whoever reads on, too.
  const came = await inTime(
    read().catch(() => undefined),
    moment,
  );
  isLate = true;
  return came ? joined(chunks) : resumed({ chunks, reader, pending });
}

/**
 * Bytes. A body of which it is told that it is no longer is read before it is handed on: to a client and a store at once, or
 * watched over, it takes a fraction of what streams do. As many may be held for a while by every visit.
 */
const longestShort = 256 << 10;

/**
 * The same for a body of which it is told how many bytes it has; a long one, and one of which nothing is told, as it was. One that
 * is shorter than told stays a stream, which fails where it was to have more.
 */
export async function allAtOnce<B>(
  body: B | ReadableStream<Uint8Array>,
  length: number | undefined,
): Promise<B | ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>> {
  if (!(body instanceof ReadableStream) || length === undefined || length > longestShort) return body;
  const here = await atOnce(body, length);
  return here instanceof Uint8Array && here.byteLength !== length ? new Response(here).body! : here;
}
