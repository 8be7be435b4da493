/** Zstandard frames (RFC 8878 §3.1.1) of a content that resembles a dictionary. */
import { joined } from "../../../http/stream.ts";
import { littleEndian, writeLiterals } from "./literals.ts";
import { createHistory, type History } from "./matches.ts";
import { parse, type Block, type Recent } from "./parse.ts";
import { createSequences, writeSequences, type Sequences } from "./sequences.ts";

/** In its first bytes. */
const magic = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

/** The content is one segment, of a size in four bytes, with neither checksum nor number of a dictionary. */
const descriptor = Uint8Array.of(0b1010_0000);

/** Bytes of a block at most. */
const longestBlock = 128 << 10;

/** Distances at the beginning (§3.1.1.5). */
const first: Recent = [1, 4, 8];

/**
 * One frame that gives the content to whoever has the dictionary, as plain bytes. Its window is as large as the content.
 * Takes memory for both, and about eight bytes more for each of theirs, up to 8 MB.
 */
export function compressWith(dictionary: Uint8Array, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = content.byteLength;
  const history = createHistory(dictionary, content);
  const sequences = createSequences(Math.min(size, longestBlock) / 3 + 1);
  const recent: Recent = [...first];
  const pieces: Uint8Array[] = [magic, descriptor, littleEndian(size, 4)];
  for (let at = 0; at === 0 || at < size; at += longestBlock) {
    const end = Math.min(at + longestBlock, size);
    const block = { start: dictionary.byteLength + at, end: dictionary.byteLength + end };
    pieces.push(...writeBlock(history, block, { sequences, recent, isLast: end === size }));
  }
  return joined(pieces);
}

interface Writing {
  readonly sequences: Sequences;
  readonly recent: Recent;
  readonly isLast: boolean;
}

/** Compressed where that is shorter, else as it is (§3.1.1.2). */
function writeBlock(history: History, block: Block, { sequences, recent, isLast }: Writing): readonly Uint8Array[] {
  const before: Recent = [...recent];
  const rest = parse(history, block, { sequences, recent });
  const literals = literalsOf(history, block, { sequences, rest });
  const compressed = joined([...writeLiterals(literals), ...writeSequences(sequences)]);
  const plain = history.bytes.subarray(block.start, block.end);
  if (compressed.byteLength < plain.byteLength) return [blockHeader(2, compressed, isLast), compressed];
  recent.splice(0, 3, ...before);
  return [blockHeader(0, plain, isLast), plain];
}

function literalsOf({ bytes }: History, { start, end }: Block, { sequences, rest }: Parsed): Uint8Array {
  const literals = new Uint8Array(end - start);
  let [from, to] = [start, 0];
  for (let each = 0; each < sequences.count; each++) {
    const count = sequences.literals[each]!;
    literals.set(bytes.subarray(from, from + count), to);
    from += count + sequences.lengths[each]!;
    to += count;
  }
  literals.set(bytes.subarray(rest, end), to);
  return literals.subarray(0, to + end - rest);
}

interface Parsed {
  readonly sequences: Sequences;
  /** Where the last literals begin. */
  readonly rest: number;
}

/** Whether it is the last one, its type, and its size. */
function blockHeader(type: 0 | 2, { byteLength }: Uint8Array, isLast: boolean): Uint8Array {
  return littleEndian(Number(isLast) | (type << 1) | (byteLength << 3), 3);
}
