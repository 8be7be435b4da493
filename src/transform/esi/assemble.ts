/** Puts a page together: its own bytes, and its fragments', in order, each as it comes. */
import { readBytes, type ByteReader } from "../../http/byte-reader.ts";
import { inTime } from "../../http/in-time.ts";
import type { Piece } from "./elements.ts";

/** Bytes of a fragment; undefined when it failed. Never rejects. */
export type Ask = (src: string) => Promise<ReadableStream<Uint8Array> | undefined>;

/** What reads a page. */
export interface Source {
  readonly push: (chunk: Uint8Array) => readonly Piece[];
  readonly end: () => readonly Piece[];
}

/** Bytes and fragments that are read and asked for ahead of what the client has got: no more of the page is read meanwhile. */
const [mostBytes, mostAsked] = [256 << 10, 16];

/** A piece whose fragments are asked for. */
interface Part {
  readonly bytes: number;
  readonly asked: number;
  readonly read: () => AsyncGenerator<Uint8Array>;
  /** Lets go of what nobody will read. */
  readonly drop: () => void;
}

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
  const flow = flowOf({ ...reader, read }, source, means);
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

interface Means {
  readonly ask: Ask;
  /** Milliseconds that a fragment may take to its next bytes, once it has begun. */
  readonly patience: number;
  readonly note: (flaw: string) => void;
}

async function* flowOf(reader: ByteReader, source: Source, means: Means): AsyncGenerator<Uint8Array> {
  const ahead: Part[] = [];
  let reading: Promise<void> | undefined;
  let ended: { readonly failure?: unknown } | undefined;
  const hasRoom = (): boolean =>
    ahead.reduce((sum, { bytes }) => sum + bytes, 0) < mostBytes &&
    ahead.reduce((sum, { asked }) => sum + asked, 0) < mostAsked;
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
    for (const part of ahead) part.drop();
    await reader.cancel().catch(() => undefined);
  }
}

function partOf(piece: Piece, means: Means): Part {
  if (piece.kind === "bytes") return bytesPart(piece.bytes);
  return piece.kind === "fragment" ? fragmentPart(piece, means) : attemptPart(piece, means);
}

function bytesPart(bytes: Uint8Array): Part {
  return {
    bytes: bytes.byteLength,
    asked: 0,
    async *read() {
      if (bytes.byteLength > 0) yield bytes;
    },
    drop: () => {},
  };
}

type FragmentPiece = Extract<Piece, { kind: "fragment" }>;

/** A fragment, or what stands in for it, or nothing. */
function fragmentPart(piece: FragmentPiece, means: Means): Part {
  return streamPart(askFor(piece, means), means);
}

async function askFor({ src, alt }: FragmentPiece, { ask }: Means): Promise<ReadableStream<Uint8Array> | undefined> {
  return (await ask(src)) ?? (alt === undefined ? undefined : ask(alt));
}

function streamPart(coming: Promise<ReadableStream<Uint8Array> | undefined>, means: Means): Part {
  return {
    bytes: 0,
    asked: 1,
    async *read() {
      const body = await coming;
      if (!body) return;
      try {
        yield* inBounds(body, means);
      } catch {
        means.note("fragment-broke-off");
      }
    },
    drop: () => void coming.then((body) => body?.cancel()).catch(() => undefined),
  };
}

/** As far as it comes: one that stalls ends there, as one that breaks off does. */
async function* inBounds(body: ReadableStream<Uint8Array>, { patience, note }: Means): AsyncGenerator<Uint8Array> {
  const reader = readBytes(body);
  try {
    for (;;) {
      const next = await inTime(reader.read(), patience);
      if (!next) return note("fragment-stalled");
      if (next.done) return;
      yield next.value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** The pieces when none of their fragments failed, else what stands in for them, whose fragments are asked for only then. */
function attemptPart({ pieces, otherwise }: Extract<Piece, { kind: "attempt" }>, means: Means): Part {
  const fates: Promise<boolean>[] = [];
  const parts = pieces.map((piece) => {
    if (piece.kind !== "fragment") return partOf(piece, means);
    const coming = askFor(piece, means);
    fates.push(coming.then((body) => body !== undefined));
    return streamPart(coming, means);
  });
  const drop = (): void => parts.forEach((part) => part.drop());
  return {
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    asked: fates.length,
    async *read() {
      const didAll = (await Promise.all(fates)).every(Boolean);
      if (!didAll) drop();
      for (const part of didAll ? parts : otherwise.map((piece) => partOf(piece, means))) yield* part.read();
    },
    drop,
  };
}
