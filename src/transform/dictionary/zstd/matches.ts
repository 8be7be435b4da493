/** Finding what was there before: in the dictionary, or further up in the content itself. */

/** Dictionary and content in one, and what has been seen of them. */
export interface History {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where eight bytes stood last, and where five did, by their hash: the place plus one, 0 for nowhere. */
  readonly long: Int32Array;
  readonly short: Int32Array;
  /** Bits of a hash to drop. */
  readonly shift: number;
}

/** As many of the last bytes aren't looked for: a hash is of eight. */
export const tail = 8;

/** @returns with the dictionary seen. */
export function createHistory(dictionary: Uint8Array, content: Uint8Array): History {
  const bytes = new Uint8Array(dictionary.byteLength + content.byteLength);
  bytes.set(dictionary);
  bytes.set(content, dictionary.byteLength);
  const log = Math.min(20, Math.max(10, 32 - Math.clz32(bytes.byteLength)));
  const [long, short] = [new Int32Array(1 << log), new Int32Array(1 << log)];
  const history = { bytes, view: new DataView(bytes.buffer), long, short, shift: 32 - log };
  seeWords(history, Math.min(dictionary.byteLength, bytes.byteLength - tail));
  return history;
}

/**
 * Sees every fourth place up to there. What is copied from a dictionary is mostly long, and is found by any of its places: to see
 * them all would take most of the time, and make little difference.
 */
function seeWords({ bytes, long, short, shift }: History, end: number): void {
  const words = new Uint32Array(bytes.buffer, 0, bytes.byteLength >> 2);
  for (let word = 0; word * 4 < end; word++) {
    const first = words[word]!;
    const second = words[word + 1]!;
    long[longHash(first, second, shift)] = word * 4 + 1;
    short[shortHash(first, second & 255, shift)] = word * 4 + 1;
  }
}

/** What stands there can be found from now on. */
export function see({ view, long, short, shift }: History, at: number): void {
  const first = view.getUint32(at, true);
  long[longHash(first, view.getUint32(at + 4, true), shift)] = at + 1;
  short[shortHash(first, view.getUint8(at + 4), shift)] = at + 1;
}

/** Where the eight bytes there stood last; else where the five did; -1 for nowhere. Hashes may lie. */
export function longPlace({ view, long, shift }: History, at: number): number {
  return long[longHash(view.getUint32(at, true), view.getUint32(at + 4, true), shift)]! - 1;
}

export function shortPlace({ view, short, shift }: History, at: number): number {
  return short[shortHash(view.getUint32(at, true), view.getUint8(at + 4), shift)]! - 1;
}

function longHash(first: number, second: number, shift: number): number {
  return Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b) >>> shift;
}

function shortHash(first: number, fifth: number, shift: number): number {
  return Math.imul(first ^ Math.imul(fifth, 0x9e3779b1), 0x85ebca6b) >>> shift;
}

/** How many bytes from there on are the same as from an earlier place on, up to that end. */
export function sameLength({ bytes, view }: History, at: number, { place, end }: Compared): number {
  let same = at;
  let before = place;
  while (same + 4 <= end && view.getUint32(same) === view.getUint32(before)) {
    same += 4;
    before += 4;
  }
  while (same < end && bytes[same] === bytes[before]) {
    same++;
    before++;
  }
  return same - at;
}

interface Compared {
  readonly place: number;
  readonly end: number;
}
