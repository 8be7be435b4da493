/** Bits as Zstandard reads them: from the last one back to the first (RFC 8878 §4.1). */

/** Takes bits, the lowest of each number first. */
export interface BitSink {
  /** @param count at most 24. Higher bits of the value don't count. */
  readonly add: (value: number, count: number) => void;
  /** Sets the bit at which a reader begins, fills the last byte up, and gives all bytes. Nothing may be added then. */
  readonly close: () => Uint8Array<ArrayBuffer>;
}

/** @param most bits that are going to be added. */
export function createBitSink(most: number): BitSink {
  const bytes = new Uint8Array((most >> 3) + 2);
  let [at, held, bits] = [0, 0, 0];
  const add = (value: number, count: number): void => {
    held |= (value & ((1 << count) - 1)) << bits;
    for (bits += count; bits >= 8; bits -= 8) {
      bytes[at++] = held;
      held >>>= 8;
    }
  };
  return {
    add,
    close: () => {
      add(1, 1);
      if (bits > 0) bytes[at++] = held;
      return bytes.subarray(0, at);
    },
  };
}
