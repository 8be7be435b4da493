/** Huffman codes of at most 11 bits, as a reader of Zstandard builds them from their lengths (RFC 8878 §4.2). */

/** By symbol; a length of 0 is of a symbol that isn't there. */
export interface HuffmanCodes {
  readonly lengths: Uint8Array;
  readonly codes: Uint16Array;
  /** Bits of the longest. */
  readonly longest: number;
}

const mostBits = 11;

/** @param counts of each symbol; at least two are above zero. */
export function createHuffmanCodes(counts: Int32Array): HuffmanCodes {
  let weights = counts;
  let lengths = lengthsOf(weights);
  // Rare symbols count for more until no code is too long.
  while (Math.max(...lengths) > mostBits) {
    weights = weights.map((count) => (count === 0 ? 0 : (count >> 2) + 1));
    lengths = lengthsOf(weights);
  }
  const longest = Math.max(...lengths);
  return { lengths, codes: codesOf(lengths, longest), longest };
}

/** A tree's node: a symbol, or two nodes in one. */
interface Node {
  readonly count: number;
  readonly symbols: readonly number[];
}

/** Every time that two nodes become one, the codes of all symbols below get a bit longer. */
function lengthsOf(counts: Int32Array): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const leaves = [...counts.keys()]
    .filter((symbol) => counts[symbol]! > 0)
    .map((symbol): Node => ({ count: counts[symbol]!, symbols: [symbol] }))
    .toSorted((one, other) => one.count - other.count);
  const made: Node[] = [];
  let [leaf, inner] = [0, 0];
  const least = (): Node => {
    const isLeaf = leaf < leaves.length && (inner === made.length || leaves[leaf]!.count <= made[inner]!.count);
    return isLeaf ? leaves[leaf++]! : made[inner++]!;
  };
  for (let left = leaves.length; left > 1; left--) {
    const [one, other] = [least(), least()];
    const symbols = [...one.symbols, ...other.symbols];
    for (const symbol of symbols) lengths[symbol]!++;
    made.push({ count: one.count + other.count, symbols });
  }
  return lengths;
}

/** The longest codes come first; among those of a length, symbols are in their order. */
function codesOf(lengths: Uint8Array, longest: number): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let next = 0;
  for (let length = longest; length > 0; length--) {
    for (const [symbol, own] of lengths.entries()) if (own === length) codes[symbol] = next++;
    next >>= 1;
  }
  return codes;
}
