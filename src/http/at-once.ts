/** Bodies that are here as good as whole: bytes cost less than a stream wherever they go, to a client or to a store. */
import { readBytes, type ByteReader } from "./byte-reader.ts";
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
 * @param moment milliseconds.
 */
export async function atOnce(
  body: ReadableStream<Uint8Array>,
  most: number,
  moment = patience,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const come = await comeAtOnce(body, most, moment);
  return come.kind === "whole" ? come.bytes : come.body;
}

/** The same, and whether it broke off. */
export function comeAtOnce(body: ReadableStream<Uint8Array>, most: number, moment = patience): Promise<Come> {
  return begin(body, { expected: most, patience: moment, isWritten: false }, (size, isEnd) => {
    if (isEnd) return "whole";
    return size > most ? "more" : undefined;
  });
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

function begin(body: ReadableStream<Uint8Array>, beginning: Beginning, judge: Verdict): Promise<Come> {
  return new Begun(readBytes(body, beginning.expected), beginning, judge).come;
}

/** A body that has begun to come. Every promise and every timer counts here: most are one piece. */
class Begun {
  readonly #reader: ByteReader;
  readonly #isWritten: boolean;
  readonly #judge: Verdict;
  readonly #chunks: Uint8Array[] = [];
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #came = Promise.withResolvers<Come>();
  #size = 0;
  #pending: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
  #isOver = false;

  constructor(reader: ByteReader, { patience: ms, isWritten }: Beginning, judge: Verdict) {
    this.#reader = reader;
    this.#isWritten = isWritten;
    this.#judge = judge;
    this.#timer = setTimeout(() => this.#end("more"), ms);
    this.#readOn();
  }

  get come(): Promise<Come> {
    return this.#came.promise;
  }

  #readOn(): void {
    this.#pending = this.#reader.read();
    // What a late read gives is for whoever reads on. One that fails does so for them, too.
    this.#pending.then(
      (read) => this.#isOver || this.#take(read),
      () => this.#isOver || this.#end("broken"),
    );
  }

  #take({ done, value }: ReadableStreamReadResult<Uint8Array>): void {
    this.#pending = undefined;
    if (value) this.#chunks.push(value);
    this.#size += value?.byteLength ?? 0;
    const kind = this.#judge(this.#size, done);
    if (kind) this.#end(kind);
    else this.#readOn();
  }

  #end(kind: Come["kind"]): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    const [reader, chunks, pending] = [this.#reader, this.#chunks, this.#pending];
    if (kind !== "whole") return this.#came.resolve({ kind, body: resumed({ chunks, reader, pending }) });
    if (this.#isWritten) reader.finish();
    this.#came.resolve({ kind, bytes: joined(chunks) });
  }
}
