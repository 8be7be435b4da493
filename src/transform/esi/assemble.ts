/** Puts a page together: its own bytes, and its fragments', in order, each as it comes. */
import { readBytes, type ByteReader } from "../../http/byte-reader.ts";
import type { Piece } from "./elements.ts";
import { drop, partOf, sumOf, type Ask, type Means, type Part } from "./parts.ts";

/** What reads a page. */
export interface Source {
  readonly push: (chunk: Uint8Array) => readonly Piece[];
  readonly end: () => readonly Piece[];
}

/** Bytes and fragments that are read and asked for ahead of what the client has got: no more of the page is read meanwhile. */
const [mostBytes, mostAsked] = [256 << 10, 16];

/**
 * The page. Fragments are asked for as soon as they are read of, several at once, while what is before them goes out.
 * @param note is told when a fragment breaks off: the page goes on behind it.
 */
export function assemble(body: ReadableStream<Uint8Array>, source: Source, means: Means): ReadableStream<Uint8Array> {
  const reader = readBytes(body);
  let isLeft = false;
  const read: ByteReader["read"] = async () => {
    const next = await reader.read();
    if (isLeft) throw new Error("nobody reads the page any more");
    return next;
  };
  const ask: Ask = async (src) => (isLeft ? undefined : means.ask(src));
  const flow = flowOf({ ...reader, read }, source, { ...means, ask });
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await flow.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel(reason) {
        isLeft = true;
        // The flow ends only when what it waits for comes: of a page that stalls, that would be never.
        await reader.cancel(reason).catch(() => undefined);
        await flow.return(undefined).catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

async function* flowOf(reader: ByteReader, source: Source, means: Means): AsyncGenerator<Uint8Array> {
  const ahead: Part[] = [];
  let reading: Promise<void> | undefined;
  let ended: { readonly failure?: unknown } | undefined;
  const hasRoom = (): boolean => {
    const { bytes, asked } = sumOf(ahead);
    return bytes < mostBytes && asked < mostAsked;
  };
  const readNext = async (): Promise<void> => {
    const { done, value } = await reader.read();
    if (done) ended = {};
    ahead.push(...(done ? source.end() : source.push(value)).map((piece) => partOf(piece, means)));
  };
  const readOn = (): void => {
    if (ended || reading || !hasRoom()) return;
    reading = readNext()
      .catch((failure: unknown) => void (ended = { failure }))
      .finally(() => {
        reading = undefined;
        readOn();
      });
  };
  try {
    for (;;) {
      readOn();
      const part = ahead.shift();
      if (part) yield* part.read();
      else if (reading) await reading;
      else if (ended) break;
    }
    if (ended && "failure" in ended) throw ended.failure;
  } finally {
    ended ??= {};
    drop(ahead);
    await reader.cancel().catch(() => undefined);
  }
}
