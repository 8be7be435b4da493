/** Parts of a page that are asked for: its own bytes, fragments, and what stands in for those that fail. */
import { readBytes } from "../../http/byte-reader.ts";
import { inTime } from "../../http/in-time.ts";
import type { Piece } from "./elements.ts";

/** Bytes of a fragment; undefined when it failed. Never rejects. */
export type Ask = (src: string) => Promise<ReadableStream<Uint8Array> | undefined>;

/** How fragments are asked for and read. */
export interface Means {
  readonly ask: Ask;
  /** Milliseconds that a fragment may take to its next bytes, once it has begun. */
  readonly patience: number;
  readonly note: (flaw: string) => void;
}

/** A piece whose fragments are asked for. */
export interface Part {
  readonly bytes: number;
  readonly asked: number;
  readonly read: () => AsyncGenerator<Uint8Array>;
  /** Lets go of what nobody will read. */
  readonly drop: () => void;
}

/** The piece, whose fragments are asked for from now on. */
export function partOf(piece: Piece, means: Means): Part {
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

/** The pieces when none of their fragments failed, else what stands in for them, whose fragments are asked for as soon as that is known. */
function attemptPart({ pieces, otherwise }: Extract<Piece, { kind: "attempt" }>, means: Means): Part {
  const fates: Promise<boolean>[] = [];
  const parts = pieces.map((piece) => {
    if (piece.kind !== "fragment") return partOf(piece, means);
    const coming = askFor(piece, means);
    fates.push(coming.then((body) => body !== undefined));
    return streamPart(coming, means);
  });
  let isDropped = false;
  const shown = Promise.all(fates).then((did) => {
    if (did.every(Boolean)) return parts;
    drop(parts);
    return isDropped ? [] : otherwise.map((piece) => partOf(piece, means));
  });
  return {
    ...weightOf(parts, otherwise),
    async *read() {
      for (const part of await shown) yield* part.read();
    },
    drop() {
      isDropped = true;
      drop(parts);
      void shown.then(drop);
    },
  };
}

/** Lets go of all of them. */
export function drop(parts: readonly Part[]): void {
  for (const part of parts) part.drop();
}

/** What a part, or a piece, holds. */
type Weight = Pick<Part, "bytes" | "asked">;

/** Of parts, or of what may be in their place, whichever is more. */
function weightOf(parts: readonly Weight[], otherwise: readonly Piece[]): Weight {
  const [shown, instead] = [sumOf(parts), sumOf(otherwise.map(pieceWeight))];
  return { bytes: Math.max(shown.bytes, instead.bytes), asked: Math.max(shown.asked, instead.asked) };
}

function pieceWeight(piece: Piece): Weight {
  if (piece.kind === "bytes") return { bytes: piece.bytes.byteLength, asked: 0 };
  return piece.kind === "fragment" ? { bytes: 0, asked: 1 } : weightOf(piece.pieces.map(pieceWeight), piece.otherwise);
}

/** What they hold together. */
export function sumOf(weights: readonly Weight[]): Weight {
  const sum = (of: keyof Weight): number => weights.reduce((all, weight) => all + weight[of], 0);
  return { bytes: sum("bytes"), asked: sum("asked") };
}
