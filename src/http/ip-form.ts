/** The forms of an address: how it is written, which IPv4 address is inside an IPv6 one, and what it is counted with. */
import { networkOf, parseAddress, type Address } from "./ip.ts";

/** Dotted decimal, or the one form of RFC 5952: in lower case, the longest run of zeros as `::`. */
export function formatAddress(address: Address): string {
  if (address.length === 1) return formatIPv4(address[0]);
  const groups = address.flatMap((word) => [word >>> 16, word & 0xffff]);
  const { start, length } = longestZeros(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** The one form of an address, whatever form it has; an IPv4-mapped one becomes the IPv4 address. "" for what is none. */
export function plainAddress(text: string): string {
  const address = parseAddress(text);
  if (!address) return "";
  // Dotted decimal has one form already.
  return text.includes(":") ? formatAddress(address) : text;
}

/**
 * The IPv4 address whose holder speaks by an IPv6 one: a tunnel's end, or what a translator stands for. What is said of
 * the one holds for the other, or anybody could go around it. Undefined when there is none.
 */
export function embeddedIPv4(address: Address): number | undefined {
  if (address.length === 1) return undefined;
  const [first, second, third, last] = address;
  if (first >>> 16 === 0x2002) return ((first << 16) | (second >>> 16)) >>> 0; // 6to4, RFC 3056 §2
  if (first === 0x64ff9b && second === 0 && third === 0) return last; // NAT64, RFC 6052 §2.1
  if (first === 0x20010000) return ~last >>> 0; // Teredo, RFC 4380 §4
  return undefined;
}

/**
 * What a client is counted with: its IPv4 address, also one inside an IPv6 one, or the network of that prefix length that
 * its IPv6 address is in, such as `2001:db8:0:1::/64`, because whoever has one address there has them all.
 * @param length from 0 to 128.
 * @returns "" for what is no address: those are all counted together.
 */
export function groupOf(ip: string, length: number): string {
  const address = parseAddress(ip);
  if (!address) return "";
  const word = address.length === 1 ? address[0] : embeddedIPv4(address);
  if (word !== undefined) return formatIPv4(word);
  return `${formatAddress(networkOf(address, length))}/${length}`;
}

function formatIPv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Where the longest run of zeros is; of two as long, the first. */
function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let longest = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > longest.length) longest = { start, length: end - start };
    start = end;
  }
  return longest;
}
