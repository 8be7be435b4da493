/** Very many prefixes, asked about single addresses. */
import type { Prefix } from "../http/ip.ts";

/** Words of 32 bits that a prefix's start takes: an IPv4 one; an IPv6 one of at most 64 bits; any IPv6 one. */
export type Width = 1 | 2 | 4;

/**
 * Disjoint prefixes in ascending order, in typed arrays: four, eight or sixteen bytes for a start, and one for a length. A
 * look-up is a binary search without allocation among those that begin with the same bits, 16 where there are many.
 */
export class PrefixTable {
  readonly width: Width;
  readonly starts: Uint32Array;
  readonly lengths: Uint8Array;
  /** The number of prefixes that start below each value of the first bits. */
  readonly #index: Uint32Array;
  readonly #shift: number;

  constructor(width: Width, starts: Uint32Array, lengths: Uint8Array) {
    this.width = width;
    this.starts = starts;
    this.lengths = lengths;
    this.#shift = 32 - Math.min(Math.max(Math.ceil(Math.log2(lengths.length + 1)), 1), 16);
    this.#index = indexOf(this, this.#shift);
  }

  /** @param prefixes as {@link aggregate} gives them, all within the width. */
  static of(width: Width, prefixes: readonly Prefix[]): PrefixTable {
    const starts = new Uint32Array(prefixes.length * width);
    const lengths = new Uint8Array(prefixes.length);
    for (const [at, { address, length }] of prefixes.entries()) {
      for (let word = 0; word < width; word++) starts[at * width + word] = address[word]!;
      lengths[at] = length;
    }
    return new PrefixTable(width, starts, lengths);
  }

  get size(): number {
    return this.lengths.length;
  }

  /** Whether one of them covers the address, which has as many words or more. */
  has(address: readonly number[]): boolean {
    const { starts, width } = this;
    const first = address[0]!;
    const bucket = first >>> this.#shift;
    let low = this.#index[bucket]!;
    let high = this.#index[bucket + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const difference = starts[middle * width]! - first;
      if (difference > 0 || (difference === 0 && this.#goesOnAfter(middle, address))) high = middle;
      else low = middle + 1;
    }
    if (low === 0) return false;
    // The last that starts at or before it; it may be one that begins with other bits, and is shorter than those.
    const at = low - 1;
    const length = this.lengths[at]!;
    if (length > 32) return this.#covers(at, address);
    return length === 0 || (starts[at * width]! ^ first) >>> (32 - length) === 0;
  }

  /** Whether a start with the same first word as the address comes after it. */
  #goesOnAfter(at: number, address: readonly number[]): boolean {
    const { starts, width } = this;
    for (let word = 1; word < width; word++) {
      const difference = starts[at * width + word]! - address[word]!;
      if (difference !== 0) return difference > 0;
    }
    return false;
  }

  #covers(at: number, address: readonly number[]): boolean {
    const { starts, width } = this;
    for (let word = 0, bits = this.lengths[at]!; bits > 0; word++, bits -= 32) {
      const mask = bits >= 32 ? -1 : -1 << (32 - bits);
      if (((starts[at * width + word]! ^ address[word]!) & mask) !== 0) return false;
    }
    return true;
  }
}

function indexOf({ starts, lengths, width }: PrefixTable, shift: number): Uint32Array {
  const index = new Uint32Array(2 ** (32 - shift) + 1);
  for (let at = 0; at < lengths.length; at++) index[(starts[at * width]! >>> shift) + 1]! += 1;
  for (let first = 1; first < index.length; first++) index[first]! += index[first - 1]!;
  return index;
}
