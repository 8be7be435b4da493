/** A checksum that tells damage, quick enough for megabytes: MurmurHash3 (x86, 32 bits) of whole words, from seed 0. */
import { mixed } from "../http/hash.ts";

/** The sum so far, and these words. */
export function addWords(sum: number, words: Uint32Array): number {
  let hash = sum;
  for (let at = 0; at < words.length; at++) {
    const block = Math.imul(words[at]!, 0xcc9e2d51);
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  return hash;
}

/** @param bytes how many were added. */
export function endSum(sum: number, bytes: number): number {
  return mixed(sum ^ bytes);
}
