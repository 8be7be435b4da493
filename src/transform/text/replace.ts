/** Replaces what a search finds in a body, as it streams by. */
import type { Found, Search } from "../../config/search.ts";
import { readBytes } from "../../http/byte-reader.ts";
import { joined } from "../../http/stream.ts";

/** What comes in the place of a term. */
export interface Replacement {
  /** Bytes, or what makes them of what was found. */
  readonly by: Uint8Array | ((found: Found, bytes: Uint8Array) => readonly Uint8Array[]);
  /** How often in one body; 0: always. */
  readonly times: number;
}

/** Small pieces leave together until they have so many bytes, and no larger piece is copied. */
const usualPiece = 64 << 10;

/** A body on its way. */
interface Course {
  readonly search: Search;
  readonly replacements: readonly Replacement[];
  /** How often each was put in. */
  readonly counts: number[];
  /** What is still to be looked at. */
  readonly ahead: Uint8Array[];
  /** What was looked at and may still be a part of something. */
  readonly held: Uint8Array[];
  /** Bytes of the body before those that are held. */
  place: number;
  /** What can leave. */
  readonly out: Uint8Array[];
  isOver: boolean;
}

/** @param replacements by the numbers of their terms. What they put in is not looked at again. */
export function replaceFound(
  body: ReadableStream<Uint8Array>,
  search: Search,
  replacements: readonly Replacement[],
): ReadableStream<Uint8Array> {
  const reader = readBytes(body);
  const counts = replacements.map(() => 0);
  const course: Course = { search, replacements, counts, ahead: [], held: [], place: 0, out: [], isOver: false };
  return new ReadableStream(
    {
      async pull(controller) {
        while (course.out.length === 0 && !course.isOver) {
          if (course.ahead.length === 0) {
            const { done, value } = await reader.read();
            if (!done) course.ahead.push(value);
          }
          lookOn(course);
        }
        if (course.out.length > 0) controller.enqueue(nextPiece(course.out));
        if (course.out.length === 0 && course.isOver) controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Looks at the next bytes; when there are none, the body is over. */
function lookOn(course: Course): void {
  const { search, ahead, held } = course;
  const bytes = ahead.shift();
  const found: Found[] = [];
  if (bytes) {
    const count = search.look(bytes, found);
    held.push(count < bytes.byteLength ? bytes.subarray(0, count) : bytes);
    if (count < bytes.byteLength) ahead.unshift(bytes.subarray(count));
  } else search.end(found);
  const isAsFound = found.every((each) => replace(course, each));
  course.isOver = !bytes && isAsFound;
  send(course, course.isOver ? Infinity : search.open());
  keepAlone(held);
}

/** Puts one in. Whether the search goes on as it is: when it was the last of its term, what was found after it is another thing. */
function replace(course: Course, found: Found): boolean {
  const { start, end, term } = found;
  const { by, times } = course.replacements[term]!;
  send(course, start);
  const bytes = joined(take(course, end));
  const pieces = by instanceof Uint8Array ? [by] : by(found, bytes);
  course.out.push(...pieces.filter(({ byteLength }) => byteLength > 0));
  if (++course.counts[term]! !== times) return true;
  course.search.without(term, end, bytes.at(-1)!);
  course.ahead.unshift(...course.held.splice(0));
  return false;
}

/** Lets what is held leave, up to that place. */
function send(course: Course, end: number): void {
  course.out.push(...take(course, end));
}

/** What is held, up to that place. */
function take(course: Course, end: number): Uint8Array[] {
  const { held } = course;
  const taken: Uint8Array[] = [];
  for (let first = held[0]; first && course.place < end; first = held[0]) {
    const part = first.byteLength <= end - course.place ? first : first.subarray(0, end - course.place);
    if (part === first) held.shift();
    else held[0] = first.subarray(part.byteLength);
    course.place += part.byteLength;
    if (part.byteLength > 0) taken.push(part);
  }
  return taken;
}

/** The few bytes that are held don't keep the memory of the many that they came with. */
function keepAlone(held: Uint8Array[]): void {
  const last = held.at(-1);
  if (last && last.byteLength < last.buffer.byteLength / 2) held[held.length - 1] = last.slice();
}

function nextPiece(out: Uint8Array[]): Uint8Array {
  let [count, size] = [0, 0];
  for (const { byteLength } of out) {
    if (count > 0 && size + byteLength > usualPiece) break;
    [count, size] = [count + 1, size + byteLength];
  }
  return joined(out.splice(0, count));
}
