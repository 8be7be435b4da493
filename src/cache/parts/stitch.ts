/** One stream out of several slices. */
import { EdgeError } from "../../error.ts";
import { readBytes, type ByteReader } from "../../http/byte-reader.ts";
import type { ByteRange } from "../../http/range.ts";
import { callsForSlices, callsToFetch } from "./allowance.ts";
import { noteSlices, openRest, openSlice, sliceAt, sliceRange, type Opened, type Sliced } from "./slices.ts";

/**
 * The bytes of the range. Of the slices after `begun`, the first one, each is opened when half of the one before is out,
 * so that no more than one is read ahead, and none when the client leaves. When the platform might soon refuse to be asked
 * for more, all that is left comes from the origin as one, and isn't stored. Fails when the origin has no more slices of
 * this version: two versions are never mixed.
 */
export function stitch(sliced: Sliced, range: ByteRange, begun: Opened): ReadableStream<Uint8Array> {
  const seam = new Seam(sliced, range, begun);
  const stream = new ReadableStream<Uint8Array>(
    { pull: (controller) => seam.pull(controller), cancel: (reason) => seam.cancel(reason) },
    { highWaterMark: 0 },
  );
  return stream.pipeThrough(new FixedLengthStream(range.last - range.first + 1));
}

/** Where the stitching is. */
class Seam {
  readonly #sliced: Sliced;
  readonly #range: ByteRange;
  readonly #opened: Opened[];
  #reader: ByteReader;
  /** The next byte of the representation. */
  #at: number;
  #next: Promise<Opened | undefined> | undefined;
  /** Calls of the platform that may still be made for slices. */
  #calls: number;
  /** What is being read, or read ahead, goes on to the end of the range. */
  #isRest = false;

  constructor(sliced: Sliced, range: ByteRange, begun: Opened) {
    this.#sliced = sliced;
    this.#range = range;
    this.#opened = [begun];
    this.#reader = readBytes(begun.body);
    this.#at = sliceRange(begun.index, sliced.slices).first;
    this.#calls = callsForSlices(sliced) - begun.calls;
  }

  /** Hands on the next chunk that lies in the range. */
  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { first, last } = this.#range;
    for (let sent = 0; sent === 0 && this.#at <= last;) {
      const { done, value } = await this.#reader.read();
      if (done) {
        await this.#turn();
        continue;
      }
      const inside = value.subarray(Math.max(0, first - this.#at), Math.max(0, last + 1 - this.#at));
      this.#at += value.byteLength;
      this.#readAhead();
      if ((sent = inside.byteLength) > 0) controller.enqueue(inside);
    }
    if (this.#at <= last) return;
    controller.close();
    await this.cancel("the range is out");
  }

  /** Lets go of what is being read; what is being stored goes on. */
  async cancel(reason: unknown): Promise<void> {
    this.#sliced.means.edge.defer(noteSlices(this.#sliced, this.#opened));
    const next = this.#next?.then((opened) => opened?.body.cancel(reason));
    await Promise.allSettled([this.#reader.cancel(reason), next]);
  }

  /** On to the slice that begins here. */
  async #turn(): Promise<void> {
    const { slices } = this.#sliced;
    const index = sliceAt(this.#at, slices.size);
    const isBetween = this.#at === index * slices.size && (!this.#isRest || this.#next !== undefined);
    if (!isBetween) throw new RangeError(`a slice ended early, at byte ${this.#at}`);
    this.#next ??= this.#open(index);
    const opened = await this.#next;
    this.#next = undefined;
    if (!opened) throw new EdgeError("origin", "bad-upstream-answer", "the origin has another version than the slices");
    this.#opened.push(opened);
    this.#reader = readBytes(opened.body);
  }

  #readAhead(): void {
    const { size } = this.#sliced.slices;
    const index = sliceAt(this.#at, size);
    const isHalfOut = this.#at % size >= size / 2;
    if (this.#next || this.#isRest || !isHalfOut || index === sliceAt(this.#range.last, size)) return;
    this.#next = this.#open(index + 1);
    // It fails for the client when the stream gets there.
    this.#next.catch(() => undefined);
  }

  /** The slice of that number, or all that is left from there on. */
  async #open(index: number): Promise<Opened | undefined> {
    const { slices } = this.#sliced;
    this.#isRest = this.#calls < callsToFetch(this.#sliced);
    if (this.#isRest) return openRest(this.#sliced, { first: index * slices.size, last: this.#range.last });
    const opened = await openSlice(this.#sliced, index);
    this.#calls -= opened?.calls ?? 0;
    return opened;
  }
}
