/** Bytes that came in pieces, of which the first can leave, and the rest waits. */

export interface Held {
  readonly pieces: Uint8Array[];
  /** Bytes of the first piece that have left. */
  from: number;
  /** Bytes of the body before what waits. */
  place: number;
}

/** What is done with bytes of a piece. */
type Give = (piece: Uint8Array, from: number, to: number) => void;

/** Gives what waits up to that place of the body, piece by piece. */
export function give(held: Held, end: number, to: Give): void {
  for (let first = held.pieces[0]; first && held.place < end; first = held.pieces[0]) {
    const until = Math.min(first.byteLength, held.from + end - held.place);
    to(first, held.from, until);
    held.place += until - held.from;
    held.from = until;
    if (until < first.byteLength) return;
    held.pieces.shift();
    held.from = 0;
  }
}

/** All that waits, in its pieces; nothing waits then. */
export function giveAll(held: Held): Uint8Array[] {
  const [first, ...others] = held.pieces.splice(0);
  const all = first ? [first.subarray(held.from), ...others] : [];
  held.from = 0;
  return all;
}

/** The few bytes that wait don't keep the memory of the many that they came with. */
export function keepAlone(held: Held): void {
  const { pieces, from } = held;
  const last = pieces.at(-1);
  const start = pieces.length === 1 ? from : 0;
  if (!last || last.byteLength - start > last.buffer.byteLength / 2) return;
  pieces[pieces.length - 1] = last.slice(start);
  if (pieces.length === 1) held.from = 0;
}
