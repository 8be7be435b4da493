/** Many prefixes, asked about single addresses. */
import { lastAddress, type Address, type Prefix } from "../http/ip.ts";

/**
 * An immutable set of prefixes of both families. Kept as sorted disjoint ranges in typed arrays, eight bytes an IPv4
 * prefix and thirty-two an IPv6 one; a look-up is one binary search without allocation.
 */
export class PrefixSet {
  readonly #v4: Ranges;
  readonly #v6: Ranges;

  constructor(prefixes: readonly Prefix[]) {
    this.#v4 = toRanges(prefixes, 1);
    this.#v6 = toRanges(prefixes, 4);
  }

  has(address: Address): boolean {
    const ranges = address.length === 1 ? this.#v4 : this.#v6;
    const index = lastAtMost(ranges, address);
    return index >= 0 && order(ranges.ends, index * ranges.width, address) >= 0;
  }

  /** Prefixes that lie in no other. */
  get size(): number {
    return this.#v4.count + this.#v6.count;
  }
}

/** Disjoint and in ascending order; each address takes `width` words of its array. */
interface Ranges {
  readonly width: number;
  readonly count: number;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

function toRanges(prefixes: readonly Prefix[], width: number): Ranges {
  const outermost = withoutNested(prefixes.filter(({ address }) => address.length === width));
  const starts = new Uint32Array(outermost.length * width);
  const ends = new Uint32Array(outermost.length * width);
  for (const [index, prefix] of outermost.entries()) {
    starts.set(prefix.address, index * width);
    ends.set(lastAddress(prefix), index * width);
  }
  return { width, count: outermost.length, starts, ends };
}

/** Two prefixes are either disjoint or one lies in the other: sorted, with the shorter first, the outer ones stay. */
function withoutNested(prefixes: readonly Prefix[]): Prefix[] {
  const outermost: Prefix[] = [];
  let end: Address | undefined;
  for (const prefix of prefixes.toSorted(byAddress)) {
    if (end && compare(prefix.address, end) <= 0) continue;
    outermost.push(prefix);
    end = lastAddress(prefix);
  }
  return outermost;
}

function byAddress(a: Prefix, b: Prefix): number {
  return compare(a.address, b.address) || a.length - b.length;
}

function compare(a: Address, b: Address): number {
  for (let index = 0; index < a.length; index++) {
    const difference = a[index]! - b[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The index of the last range that starts at or before the address; -1 when all start after it. */
function lastAtMost({ starts, width, count }: Ranges, address: Address): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order(starts, middle * width, address) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** {@link compare} of the address that stands at `offset` with another. On its own, so that it sees typed arrays only. */
function order(words: Uint32Array, offset: number, address: Address): number {
  for (let index = 0; index < address.length; index++) {
    const difference = words[offset + index]! - address[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
