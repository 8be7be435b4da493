/** Cutting ranges out of a body. */
import { readBytes } from "./byte-reader.ts";
import type { ByteRange } from "./range.ts";
import { joined } from "./stream.ts";

/** What can be cut; nothing stays nothing. */
export type Uncut = ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | string | null;

/** A range of the body, and what is written before it. */
export interface Piece extends ByteRange {
  readonly before?: Uint8Array;
}

/** What a cut body is made of: at least one piece, in ascending order and apart; then the last words. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly after?: Uint8Array;
}

const none = new Uint8Array(0);

/** Bytes of the cut body. */
export function cutLength({ pieces, after = none }: Pieces): number {
  const of = ({ first, last, before = none }: Piece): number => before.byteLength + last - first + 1;
  return pieces.reduce((sum, piece) => sum + of(piece), after.byteLength);
}

/** The pieces of the body. A stream that ends before the last of them fails, so that no part passes for whole. */
export function cut(body: Uncut, wanted: Pieces): Exclude<Uncut, string> {
  if (body === null) return null;
  if (typeof body === "string") return cut(new TextEncoder().encode(body) as Uint8Array<ArrayBuffer>, wanted);
  if (body instanceof Uint8Array) return cutBytes(body, wanted);
  // The length must be known to the platform, or it would send the part in chunks.
  return cutStream(body, wanted).pipeThrough(new FixedLengthStream(cutLength(wanted)));
}

/** The body, which is just that many bytes: a stream of another number of them fails. No code of ours touches it on its way. */
export function exactly(body: Uncut, length: number): Uncut {
  return body instanceof ReadableStream ? body.pipeThrough(new FixedLengthStream(length)) : body;
}

function cutBytes(body: Uint8Array<ArrayBuffer>, { pieces, after = none }: Pieces): Uint8Array<ArrayBuffer> {
  const only = pieces.length === 1 && !pieces[0]!.before ? pieces[0] : undefined;
  if (only) return body.subarray(only.first, only.last + 1);
  return joined([
    ...pieces.flatMap(({ first, last, before = none }) => [before, body.subarray(first, last + 1)]),
    after,
  ]);
}

/** Passes over what lies before and between the pieces, and gives up the body when the last byte is out. */
function cutStream(body: ReadableStream<Uint8Array>, { pieces, after = none }: Pieces): ReadableStream<Uint8Array> {
  const reader = readBytes(body);
  const end = pieces.at(-1)!.last;
  let at = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        for (let parts: readonly Uint8Array[] = []; parts.length === 0;) {
          const { done, value } = await reader.read();
          if (done) return controller.error(new RangeError(`the body ended at byte ${at}, before ${end}`));
          parts = within(pieces, value, at);
          at += value.byteLength;
          for (const part of parts) controller.enqueue(part);
          if (parts.length === 0) reader.release(value);
        }
        if (at <= end) return;
        if (after.byteLength > 0) controller.enqueue(after);
        controller.close();
        await reader.cancel();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** What of the chunk, which begins at byte `at` of the body, belongs to the pieces; with what stands before those that begin in it. */
function within(pieces: readonly Piece[], chunk: Uint8Array, at: number): readonly Uint8Array[] {
  return pieces.flatMap(({ first, last, before }) => {
    const inside = chunk.subarray(Math.max(0, first - at), Math.max(0, last + 1 - at));
    if (inside.byteLength === 0) return [];
    return before && first >= at ? [before, inside] : [inside];
  });
}
