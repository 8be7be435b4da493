/** Pieces of a body that is made of many: short ones are copied together, long ones leave in the memory that they came in. */

/** Bytes of a piece that isn't copied, and of one in which others come together. */
const [long, together] = [8 << 10, 64 << 10];

/** Up to so many bytes it is quicker to copy one after another than to call the runtime. */
const veryShort = 24;

export interface Pieces {
  readonly add: (piece: Uint8Array, from: number, to: number) => void;
  /** What was added since the last time. */
  readonly take: () => Uint8Array[];
}

export function createPieces(): Pieces {
  const ready: Uint8Array[] = [];
  let buffer = new Uint8Array(0);
  let [start, end] = [0, 0];

  const close = (): void => {
    if (end > start) ready.push(buffer.subarray(start, end));
    start = end;
  };
  const copy = (piece: Uint8Array, from: number, to: number): void => {
    const length = to - from;
    if (end + length > buffer.byteLength) {
      close();
      buffer = new Uint8Array(Math.max(length, Math.min(together, Math.max(1024, buffer.byteLength * 2))));
      [start, end] = [0, 0];
    }
    if (length > veryShort) buffer.set(piece.subarray(from, to), end);
    else for (let at = 0; at < length; at++) buffer[end + at] = piece[from + at]!;
    end += length;
  };

  return {
    add(piece, from, to) {
      const isWhole = from === 0 && to === piece.byteLength;
      if (to - from < long && !(isWhole && end === start)) return copy(piece, from, to);
      close();
      if (to > from) ready.push(isWhole ? piece : piece.subarray(from, to));
    },
    take() {
      close();
      return ready.splice(0);
    },
  };
}
