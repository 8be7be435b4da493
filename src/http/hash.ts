/** Hashing for spreading things evenly. Not for secrets: who chooses the text can choose the hash. */

/** 32 bits of a text's UTF-16 code units, after MurmurHash3. */
export function hashOf(text: string): number {
  let hash = text.length;
  for (let at = 0; at < text.length; at++) {
    const block = Math.imul(text.charCodeAt(at), 0xcc9e2d51);
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  return mixed(hash);
}

/** 32 bits of which each depends on every bit of the number. */
export function mixed(number: number): number {
  let hash = number ^ (number >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32 bits that follow from two hashes, in whatever order; the upper ones depend on every bit. Less work than mixing. */
export function paired(one: number, other: number): number {
  const hash = Math.imul(one ^ other, 0x85ebca6b);
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) >>> 0;
}

/** The hash as a part of one: above 0, below 1. */
export function partOf(hash: number): number {
  return (hash + 0.5) / 2 ** 32;
}
