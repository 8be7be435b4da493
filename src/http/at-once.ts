/** Bodies that are here as good as whole: bytes cost less than a stream wherever they go, to a client or to a store. */
import { readBytes } from "./byte-reader.ts";
import { joined, resumed } from "./stream.ts";

/** What came of a body within a moment. */
export type Come =
  | { readonly kind: "whole"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** There is more, or it broke off, or ended too early: what came, and then what is to come, or fails. */
  | { readonly kind: "more" | "broken"; readonly body: ReadableStream<Uint8Array> };

/** Milliseconds that a body may take to come: what takes longer isn't held up any more. */
const patience = 20;

/**
 * The bytes of the body, when they are at most so many and all come within a moment. Otherwise a stream of them: of what
 * came, and what is to come, or fails.
 */
export async function atOnce(
  body: ReadableStream<Uint8Array>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const come = await begin(body, { expected: most, patience, isWritten: false }, (size, isEnd) => {
    if (isEnd) return "whole";
    return size > most ? "more" : undefined;
  });
  return come.kind === "whole" ? come.bytes : come.body;
}

/** Bytes. A longer body isn't worth waiting for. As many may be held for a while by every visit. */
export const longestShort = 256 << 10;

/** How a body of which the length is told is waited for. */
export interface Awaiting {
  /** Milliseconds. */
  readonly patience?: number;
  /** Whether code writes it, which may wait until its end is read. To read that costs as much as all before it. */
  readonly isWritten: boolean;
}

/** What comes of a body of which it is told how many bytes it has. Its last byte is its end. */
export function comeOf(
  body: ReadableStream<Uint8Array>,
  length: number,
  { patience: ms = patience, isWritten }: Awaiting,
): Promise<Come> {
  // One byte more than was told would show.
  return begin(body, { expected: length + 1, patience: ms, isWritten }, (size, isEnd) => {
    if (size === length) return "whole";
    if (isEnd) return "broken";
    return size > length ? "more" : undefined;
  });
}

/**
 * The same for a body that may be anything: a long one, and one of which nothing is told, stays as it was. One that
 * is shorter than told stays a stream, which fails where it was to have more.
 */
export async function allAtOnce<B>(
  body: B | ReadableStream<Uint8Array>,
  length: number | undefined,
): Promise<B | ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>> {
  if (!(body instanceof ReadableStream) || length === undefined || length > longestShort) return body;
  const come = await comeOf(body, length, { isWritten: true });
  return come.kind === "whole" ? come.bytes : come.body;
}

interface Beginning extends Required<Awaiting> {
  /** Bytes. */
  readonly expected: number;
}

/** What is known of a body when so many bytes of it are here, and whether it has ended; undefined when there is more to read. */
type Verdict = (size: number, isEnd: boolean) => Come["kind"] | undefined;

/** Every promise and every timer counts here: most bodies are one piece. */
function begin(
  body: ReadableStream<Uint8Array>,
  { expected, patience: ms, isWritten }: Beginning,
  judge: Verdict,
): Promise<Come> {
  const reader = readBytes(body, expected);
  const chunks: Uint8Array[] = [];
  let size = 0;
  let pending: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  let isOver = false;
  const { promise, resolve } = Promise.withResolvers<Come>();
  const end = (kind: Come["kind"]): void => {
    isOver = true;
    clearTimeout(timer);
    if (kind !== "whole") return resolve({ kind, body: resumed({ chunks, reader, pending }) });
    if (isWritten) reader.finish();
    resolve({ kind, bytes: joined(chunks) });
  };
  const came = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
    // What it gives then is for whoever reads on.
    if (isOver) return;
    pending = undefined;
    if (value) chunks.push(value);
    size += value?.byteLength ?? 0;
    const kind = judge(size, done);
    if (kind) end(kind);
    else readOn();
  };
  // A read that fails does so for whoever reads on, too.
  const failed = (): void => void (isOver || end("broken"));
  const readOn = (): void => {
    pending = reader.read();
    pending.then(came, failed);
  };
  const timer = setTimeout(() => end("more"), ms);
  readOn();
  return promise;
}
