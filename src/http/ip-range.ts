/** Ranges of addresses, as the prefixes that make them up. */
import { compareAddresses, hasHostBits, lastAddress, parseAddress, type Address, type Prefix } from "./ip.ts";

/**
 * The fewest prefixes that together are the range that is written, such as `192.0.2.1-192.0.2.9`, in ascending order.
 * Undefined when the text is none: its ends are of two families, or the last comes before the first.
 */
export function parseRange(text: string): Prefix[] | undefined {
  const [first, last, ...others] = text.split("-").map((end) => parseAddress(end.trim()));
  if (!first || !last || others.length > 0 || first.length !== last.length) return undefined;
  if (compareAddresses(first, last) > 0) return undefined;
  const prefixes: Prefix[] = [];
  for (let start: Address | undefined = first; start && compareAddresses(start, last) <= 0;) {
    const prefix = widest(start, last);
    prefixes.push(prefix);
    start = after(lastAddress(prefix));
  }
  return prefixes;
}

/** The widest prefix that begins there and ends by `last`. */
function widest(address: Address, last: Address): Prefix {
  let length = address.length * 32;
  while (length > 0 && !hasHostBits(address, length - 1)) {
    if (compareAddresses(lastAddress({ address, length: length - 1 }), last) > 0) break;
    length -= 1;
  }
  return { address, length };
}

/** The next address; undefined after the last of all. */
function after(address: Address): Address | undefined {
  const words = [...address];
  for (let index = words.length - 1; index >= 0; index--) {
    words[index] = (words[index]! + 1) % 2 ** 32;
    if (words[index] !== 0) return words as unknown as Address;
  }
  return undefined;
}
