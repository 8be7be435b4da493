/** Sequences: so many literals, then a copy of so many bytes from so far back (RFC 8878 §3.1.1.3.2). */
import { createBitSink, type BitSink } from "./bit-sink.ts";
import { createFseTable, firstState, highestBit, nextState, type FseTable } from "./fse.ts";

/** Those of one block. */
export interface Sequences {
  count: number;
  /** Bytes before the copy that are no copy. */
  readonly literals: Int32Array;
  /** Bytes of the copy, at least 3. */
  readonly lengths: Int32Array;
  /** How far back, as it is written: 1 to 3 for one of the last three, any other plus 3. */
  readonly offsets: Int32Array;
}

export function createSequences(most: number): Sequences {
  return {
    count: 0,
    literals: new Int32Array(most),
    lengths: new Int32Array(most),
    offsets: new Int32Array(most),
  };
}

/** A kind of number that is written as a code and the bits besides it. */
interface Codes {
  readonly table: FseTable;
  /** By code: the least number it stands for, and how many bits tell which of them. */
  readonly least: readonly number[];
  readonly extra: readonly number[];
  /** The code of each number below 128; above that there is one for each power of two. */
  readonly small: Uint8Array;
  /** Added to the place of a number's highest bit to give its code. */
  readonly beyond: number;
}

/** Bits besides the code, from the first code that has any (§3.1.1.3.2.1.1). */
const literalExtras = [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const matchExtras = [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

/** What a reader expects unless it is told otherwise (§3.1.1.3.2.2). */
const literalParts = [
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
];
const matchParts = [1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array<number>(37).fill(1), ...Array<number>(7).fill(-1)];
const offsetParts = [1, 1, 1, 1, 1, 1, 2, 2, 2, ...Array<number>(15).fill(1), ...Array<number>(5).fill(-1)];

const literalCodes = codesOf({ parts: literalParts, log: 6 }, literalExtras, 19);
/** Of the length without the 3 that every copy has. */
const matchCodes = codesOf({ parts: matchParts, log: 6 }, matchExtras, 36);
const offsetTable = createFseTable({ parts: offsetParts, log: 5 });

function codesOf(
  expected: { parts: readonly number[]; log: number },
  extras: readonly number[],
  beyond: number,
): Codes {
  const plain = expected.parts.length - extras.length;
  const extra = [...Array<number>(plain).fill(0), ...extras];
  const least = extra.map((_, code) => extra.slice(0, code).reduce((sum, bits) => sum + (1 << bits), 0));
  const small = Uint8Array.from({ length: 128 }, (_, number) => least.findLastIndex((from) => from <= number));
  return { table: createFseTable(expected), least, extra, small, beyond };
}

function codeOf({ small, beyond }: Codes, number: number): number {
  return number < 128 ? small[number]! : highestBit(number) + beyond;
}

/** Bits of one sequence at most: three states, and what is besides the codes. */
const mostBits = 17 + 16 + 16 + 24;

/** The section of a block that holds them. */
export function writeSequences(sequences: Sequences): readonly Uint8Array[] {
  const { count } = sequences;
  if (count === 0) return [Uint8Array.of(0)];
  return [header(count), writeAll(sequences)];
}

/** How many there are, and that all three kinds are as a reader expects (§3.1.1.3.2.1). */
function header(count: number): Uint8Array {
  if (count < 128) return Uint8Array.of(count, 0);
  if (count < 0x7f00) return Uint8Array.of((count >> 8) + 128, count & 255, 0);
  const rest = count - 0x7f00;
  return Uint8Array.of(255, rest & 255, rest >> 8, 0);
}

/** From the last to the first. */
function writeAll({ count, literals, lengths, offsets }: Sequences): Uint8Array {
  const sink = createBitSink(count * mostBits + 17);
  let [literal, match, offset] = [0, 0, 0];
  for (let at = count - 1; at >= 0; at--) {
    const [literalCount, length] = [literals[at]!, lengths[at]! - 3];
    const [literalCode, matchCode] = [codeOf(literalCodes, literalCount), codeOf(matchCodes, length)];
    const offsetCode = highestBit(offsets[at]!);
    if (at === count - 1) {
      match = firstState(matchCodes.table, matchCode);
      offset = firstState(offsetTable, offsetCode);
      literal = firstState(literalCodes.table, literalCode);
    } else {
      offset = nextState(offsetTable, { state: offset, symbol: offsetCode, sink });
      match = nextState(matchCodes.table, { state: match, symbol: matchCode, sink });
      literal = nextState(literalCodes.table, { state: literal, symbol: literalCode, sink });
    }
    addExtra(sink, literalCodes, { code: literalCode, number: literalCount });
    addExtra(sink, matchCodes, { code: matchCode, number: length });
    sink.add(offsets[at]! - (1 << offsetCode), offsetCode);
  }
  sink.add(match, matchCodes.table.log);
  sink.add(offset, offsetTable.log);
  sink.add(literal, literalCodes.table.log);
  return sink.close();
}

function addExtra(sink: BitSink, { least, extra }: Codes, { code, number }: { code: number; number: number }): void {
  sink.add(number - least[code]!, extra[code]!);
}
