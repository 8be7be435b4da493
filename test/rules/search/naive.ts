/** What a search must find, found the simplest way: in the whole text, place by place, term by term. */
import type { Searcher } from "../../../src/config/search.ts";
import { replaceFound, type Replacement } from "../../../src/transform/text/replace.ts";
import { bytesOf, answer } from "../../transform/visit.ts";

export interface Case {
  readonly find: string;
  readonly with: string;
  readonly times?: number;
}

/** Of literals, in bytes: a term that was written before another goes before it at the same place. */
export function replaceNaively(body: Uint8Array, cases: readonly Case[], ignoreCase = false): Uint8Array {
  const fold = (text: string): string => (ignoreCase ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text);
  const [text, counts] = [latin(body), cases.map(() => 0)];
  const literals = cases.map(({ find }) => fold(latin(new TextEncoder().encode(find))));
  const folded = fold(text);
  let out = "";
  for (let at = 0; at < text.length;) {
    const term = cases.findIndex(
      ({ times = 0 }, index) => (times === 0 || counts[index]! < times) && folded.startsWith(literals[index]!, at),
    );
    if (term === -1) out += text[at++]!;
    else {
      out += latin(new TextEncoder().encode(cases[term]!.with));
      at += literals[term]!.length;
      counts[term]! += 1;
    }
  }
  return Uint8Array.from(out, (letter) => letter.charCodeAt(0));
}

/** Each byte as one letter. */
function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

export async function replaceStreaming(
  pieces: readonly Uint8Array[],
  searcher: Searcher,
  cases: readonly Pick<Case, "with" | "times">[],
): Promise<Uint8Array> {
  const replacements: Replacement[] = cases.map(({ with: by, times = 0 }) => ({
    by: new TextEncoder().encode(by),
    times,
  }));
  const body = replaceFound(streamOfPieces(pieces), searcher(cases.map(() => true)), replacements);
  return bytesOf(answer({}, body));
}

export function streamOfPieces(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

/** Cut at these places, whatever they are. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((place, index) => bytes.slice(sorted[index], place));
}
