/** Replaces what a search finds in a body, as it streams by. */
import type { Found, Search } from "../../config/search.ts";
import { readBytes } from "../../http/byte-reader.ts";
import { joined } from "../../http/stream.ts";
import { give, giveAll, keepAlone, type Held } from "./held.ts";
import { createPieces, type Pieces } from "./pieces.ts";

/** What comes in the place of a term. */
export interface Replacement {
  /** Bytes, or what makes them of what was found. */
  readonly by: Uint8Array | ((found: Found, bytes: Uint8Array) => readonly Uint8Array[]);
  /** How often in one body; 0: always. */
  readonly times: number;
}

/** A body on its way. */
interface Course {
  readonly search: Search;
  readonly replacements: readonly Replacement[];
  /** How often each was put in. */
  readonly counts: number[];
  /** What is still to be looked at. */
  readonly ahead: Uint8Array[];
  /** What was looked at and may still be a part of something. */
  readonly held: Held;
  readonly made: Pieces;
  isOver: boolean;
}

/** @param replacements by the numbers of their terms. What they put in is not looked at again. */
export function replaceFound(
  body: ReadableStream<Uint8Array>,
  search: Search,
  replacements: readonly Replacement[],
): ReadableStream<Uint8Array> {
  const reader = readBytes(body);
  const course: Course = {
    search,
    replacements,
    counts: replacements.map(() => 0),
    ahead: [],
    held: { pieces: [], from: 0, place: 0 },
    made: createPieces(),
    isOver: false,
  };
  const out: Uint8Array[] = [];
  return new ReadableStream(
    {
      async pull(controller) {
        while (out.length === 0 && !course.isOver) {
          if (course.ahead.length === 0) {
            const { done, value } = await reader.read();
            if (!done) course.ahead.push(value);
          }
          lookOn(course);
          out.push(...course.made.take());
        }
        if (out.length > 0) controller.enqueue(out.shift());
        if (out.length === 0 && course.isOver) controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Looks at the next bytes; when there are none, the body is over. */
function lookOn(course: Course): void {
  const { search, ahead, held, made } = course;
  const bytes = ahead.shift();
  const found: Found[] = [];
  if (bytes) {
    const count = search.look(bytes, found);
    held.pieces.push(count < bytes.byteLength ? bytes.subarray(0, count) : bytes);
    if (count < bytes.byteLength) ahead.unshift(bytes.subarray(count));
  } else search.end(found);
  const isAsFound = found.every((each) => replace(course, each));
  course.isOver = !bytes && isAsFound;
  give(held, course.isOver ? Infinity : search.open(), made.add);
  keepAlone(held);
}

/** Puts one in. Whether the search goes on as it is: when it was the last of its term, what was found after it is another thing. */
function replace(course: Course, found: Found): boolean {
  const { search, held, made, counts } = course;
  const { start, end, term } = found;
  const { by, times } = course.replacements[term]!;
  give(held, start, made.add);
  const isFixed = by instanceof Uint8Array;
  if (isFixed) made.add(by, 0, by.byteLength);
  if (isFixed && times === 0) {
    give(held, end, leave);
    return true;
  }
  const bytes = taken(held, end);
  if (!isFixed) for (const each of by(found, bytes)) made.add(each, 0, each.byteLength);
  if (++counts[term]! !== times) return true;
  search.without(term, end, bytes.at(-1)!);
  course.ahead.unshift(...giveAll(held));
  return false;
}

/** What is replaced by what is the same each time, nobody needs. */
const leave = (): void => {};

/** What waits, up to that place, in one piece. */
function taken(held: Held, end: number): Uint8Array {
  const parts: Uint8Array[] = [];
  give(held, end, (piece, from, to) => parts.push(piece.subarray(from, to)));
  return joined(parts);
}
