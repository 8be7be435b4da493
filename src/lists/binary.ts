/**
 * A list as one file (docs/LISTS.md): a header, then its tables as they are searched, so that loading it is reading it.
 * All numbers are of 32 bits with the lowest byte first, as in the memory of every platform there is: on another, the file
 * doesn't begin as it should, and is refused.
 */
import { addWords, endSum } from "./checksum.ts";
import { FixedList, type Sections } from "./fixed.ts";
import { PrefixTable, type Width } from "./table.ts";

/** Why bytes are no list. */
export class ListError extends Error {
  override readonly name = "ListError";
}

/** What the file says of itself. */
export interface Header {
  /** Over all that follows it. Two files with one checksum and the same counts count as the same. */
  readonly checksum: number;
  /** Prefixes: IPv4, IPv6 of at most 64 bits, and longer. */
  readonly v4: number;
  readonly networks: number;
  readonly hosts: number;
  readonly asns: number;
  /** Bytes of the words, which stand in ascending order, separated by line feeds. */
  readonly wordBytes: number;
}

/** "PGLS". */
const magic = 0x534c4750;
const version = 1;

/** Words of the header, and where in it what is under the checksum begins. */
const headerWords = 8;
export const summedFrom = 3;

export const headerBytes = headerWords * 4;

/** Of a list at most, as it is in memory for as long as the isolate lives. */
const mostBytes = 24 << 20;

/** Of words, each of which takes several times as much in memory. */
const mostWordBytes = 2 << 20;

/** @throws ListError when it is larger than a list may be. */
export function encode({ v4, networks, hosts, asns, words }: Sections): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode([...words].join("\n"));
  const counts = [v4.size, networks.size, hosts.size, asns.length, text.length];
  const layout = layOut(readCounts(counts, 0));
  const buffer = new ArrayBuffer(layout.bytes);
  const view = new Uint32Array(buffer);
  view.set([magic, version, 0, ...counts]);
  for (const [at, part] of [v4.starts, networks.starts, hosts.starts, asns].entries()) view.set(part, layout.words[at]);
  const bytes = new Uint8Array(buffer);
  for (const [at, part] of [v4.lengths, networks.lengths, hosts.lengths, text].entries()) {
    bytes.set(part, layout.parts[at]);
  }
  view[2] = endSum(addWords(0, view.subarray(summedFrom)), layout.bytes - summedFrom * 4);
  return bytes;
}

/**
 * @param words of the header, or more.
 * @throws ListError
 */
export function readHeader(words: Uint32Array): Header {
  if (words[0] !== magic) throw new ListError("it is no list that was made by `perigee list build`");
  if (words[1] !== version) throw new ListError(`it is of version ${words[1]}, and this edge reads version ${version}`);
  return readCounts([...words.subarray(summedFrom, headerWords)], words[2]!);
}

function readCounts([v4, networks, hosts, asns, wordBytes]: readonly number[], checksum: number): Header {
  return { checksum, v4: v4!, networks: networks!, hosts: hosts!, asns: asns!, wordBytes: wordBytes! };
}

/** Whether two files are the same, as far as their headers tell. */
export function isSame(one: Header, other: Header): boolean {
  return (Object.keys(one) as (keyof Header)[]).every((field) => one[field] === other[field]);
}

/** Where everything stands. */
interface Layout {
  /** The whole file's. */
  readonly bytes: number;
  /** Of the starts of each width and the AS numbers, counted in words. */
  readonly words: readonly number[];
  /** Of the lengths that belong to the starts, and the texts, counted in bytes. */
  readonly parts: readonly number[];
}

/** @throws ListError when it is larger than a list may be. */
export function layOut({ v4, networks, hosts, asns, wordBytes }: Header): Layout {
  const words = offsets(headerWords, [v4, networks * 2, hosts * 4, asns]);
  const parts = offsets(words.at(-1)! * 4, [v4, networks, hosts, wordBytes]);
  const bytes = Math.ceil(parts.at(-1)! / 4) * 4;
  if (bytes > mostBytes) throw new ListError(`it takes ${bytes} bytes, and ${mostBytes} is the most`);
  if (wordBytes > mostWordBytes)
    throw new ListError(`its texts take ${wordBytes} bytes, and ${mostWordBytes} is the most`);
  return { bytes, words, parts };
}

/** Where parts of those sizes begin, one after the other; and where the last one ends. */
function offsets(start: number, sizes: readonly number[]): number[] {
  const found = [start];
  for (const size of sizes) found.push(found.at(-1)! + size);
  return found;
}

/**
 * The list in a whole file. It lives in that memory, to which nobody may write any more.
 * @param sum see {@link addWords}, of what is under the checksum; unless given it is worked out.
 * @throws ListError
 */
export function decode(buffer: ArrayBuffer, sum?: number): FixedList {
  if (buffer.byteLength < headerBytes) throw new ListError("it is cut off");
  const header = readHeader(new Uint32Array(buffer, 0, headerWords));
  const { bytes, words: at, parts } = layOut(header);
  if (bytes !== buffer.byteLength) throw new ListError(`it has ${buffer.byteLength} bytes, and should have ${bytes}`);
  const words = new Uint32Array(buffer);
  const found = endSum(sum ?? addWords(0, words.subarray(summedFrom)), bytes - summedFrom * 4);
  if (found !== header.checksum) throw new ListError("it is damaged: its checksum is another");
  const table = (width: Width, place: number, count: number): PrefixTable =>
    new PrefixTable(width, words.subarray(at[place], at[place + 1]), new Uint8Array(buffer, parts[place], count));
  const text = new TextDecoder().decode(new Uint8Array(buffer, parts[3], header.wordBytes));
  return new FixedList({
    v4: table(1, 0, header.v4),
    networks: table(2, 1, header.networks),
    hosts: table(4, 2, header.hosts),
    asns: words.subarray(at[3], at[4]),
    words: new Set(text === "" ? [] : text.split("\n")),
  });
}
