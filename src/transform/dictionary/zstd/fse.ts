/** Finite State Entropy, the way from symbols to bits (RFC 8878 §4.1): the states by which a reader tells symbols apart. */
import type { BitSink } from "./bit-sink.ts";

/** How often each symbol is expected. */
export interface Distribution {
  /** By symbol, in parts of `1 << log`; -1 for one that is there less than once in that. */
  readonly parts: readonly number[];
  readonly log: number;
}

/** What a writer needs of a distribution. */
export interface FseTable {
  readonly log: number;
  /** The states, those of a symbol side by side. */
  readonly states: Uint16Array;
  /** By symbol: added to a state, its upper 16 bits are the number of bits to write. */
  readonly bits: Int32Array;
  /** By symbol: what leads from a state without those bits to the next one's place. */
  readonly places: Int32Array;
}

export function createFseTable({ parts, log }: Distribution): FseTable {
  const size = 1 << log;
  const symbols = spread(parts, size);
  const [bits, places] = [new Int32Array(parts.length), new Int32Array(parts.length)];
  const next = new Int32Array(parts.length);
  let total = 0;
  for (const [symbol, part] of parts.entries()) {
    const count = Math.abs(part);
    const most = count > 1 ? log - highestBit(count - 1) : log;
    bits[symbol] = (most << 16) - (count << most);
    places[symbol] = total - count;
    next[symbol] = total;
    total += count;
  }
  const states = new Uint16Array(size);
  for (let at = 0; at < size; at++) states[next[symbols[at]!]!++] = size + at;
  return { log, states, bits, places };
}

/** The symbol of each state, in the order that a reader lays them out (§4.1.1). */
function spread(parts: readonly number[], size: number): Uint8Array {
  const symbols = new Uint8Array(size);
  let last = size - 1;
  for (const [symbol, part] of parts.entries()) if (part === -1) symbols[last--] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (const [symbol, part] of parts.entries()) {
    for (let each = 0; each < part; each++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at > last);
    }
  }
  return symbols;
}

/** The state to begin with: symbols are written from the last to the first. */
export function firstState({ states, bits, places }: FseTable, symbol: number): number {
  const count = (bits[symbol]! + (1 << 15)) >> 16;
  return states[(((count << 16) - bits[symbol]!) >> count) + places[symbol]!]!;
}

/** Writes what leads from that symbol to the one written before, and gives the next state. */
export function nextState({ states, bits, places }: FseTable, { state, symbol, sink }: Step): number {
  const count = (state + bits[symbol]!) >> 16;
  sink.add(state, count);
  return states[(state >> count) + places[symbol]!]!;
}

interface Step {
  readonly state: number;
  readonly symbol: number;
  readonly sink: BitSink;
}

/** The place of a number's highest bit; the number is above zero. */
export function highestBit(number: number): number {
  return 31 - Math.clz32(number);
}
