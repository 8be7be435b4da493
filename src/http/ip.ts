/**
 * Textual addresses and prefixes: IPv4 in dotted decimal without leading zeros, IPv6 in every form of RFC 4291 §2.2,
 * without zone ids. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2) is the IPv4 address it maps.
 */

/** Unsigned 32-bit words, most significant first: one for IPv4, four for IPv6. */
export type Address = readonly [number] | readonly [number, number, number, number];

/** All addresses that share the first `length` bits; the bits after them are zero. */
export interface Prefix {
  readonly address: Address;
  /** 0–32 for IPv4, 0–128 for IPv6. */
  readonly length: number;
}

/** The address that is written; undefined when the text is none. */
export function parseAddress(text: string): Address | undefined {
  const word = parseIPv4(text);
  if (word !== undefined) return [word];
  const words = text.includes(":") ? parseIPv6(text) : undefined;
  return words && isMapped(words) ? [words[3]] : words;
}

/**
 * The prefix that is written, such as `192.0.2.0/24` or `2001:db8::/32`; a single address is a prefix of full length.
 * Undefined when the text is none, or when bits after the prefix are set, which is most often a mistake.
 */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf("/");
  const written = slash < 0 ? text : text.slice(0, slash);
  const words = written.includes(":") ? parseIPv6(written) : parseAddress(written);
  const bits = words && words.length * 32;
  const length = slash < 0 ? bits : parseLength(text.slice(slash + 1));
  if (!words || length === undefined || length > bits! || hasHostBits(words, length)) return undefined;
  return words.length === 4 && isMapped(words) && length >= 96
    ? { address: [words[3]], length: length - 96 }
    : { address: words, length };
}

/** Whether the address lies in the prefix. An address of the other family never does. */
export function contains({ address: network, length }: Prefix, address: Address): boolean {
  return (
    network.length === address.length &&
    network.every((word, index) => ((word ^ address[index]!) & wordMask(length, index)) === 0)
  );
}

/** Below, at or above zero as the first comes before, is, or comes after the other; both of one family. */
export function compareAddresses(one: Address, other: Address): number {
  for (let index = 0; index < one.length; index++) {
    const difference = one[index]! - other[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The first address of the prefix of that length in which the address lies. */
export function networkOf(address: Address, length: number): Address {
  return address.map((word, index) => (word & wordMask(length, index)) >>> 0) as unknown as Address;
}

/** The last address of a prefix. */
export function lastAddress({ address, length }: Prefix): Address {
  return address.map((word, index) => (word | ~wordMask(length, index)) >>> 0) as unknown as Address;
}

/** The bits of the word at `index` that belong to a prefix of that length, as a signed 32-bit mask. */
function wordMask(length: number, index: number): number {
  const bits = Math.min(Math.max(length - index * 32, 0), 32);
  return bits === 0 ? 0 : -1 << (32 - bits);
}

/** Whether bits are set after the first `length`. */
export function hasHostBits(words: Address, length: number): boolean {
  return words.some((word, index) => (word & ~wordMask(length, index)) !== 0);
}

function parseLength(text: string): number | undefined {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) ? Number(text) : undefined;
}

function parseIPv4(text: string): number | undefined {
  let word = 0;
  let dots = 0;
  let octet = none;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === dot && octet !== none && dots < 3) {
      word = word * 256 + octet;
      octet = none;
      dots += 1;
      continue;
    }
    const digit = code - zero;
    if (digit < 0 || digit > 9 || octet === 0) return undefined;
    octet = octet === none ? digit : octet * 10 + digit;
    if (octet > 255) return undefined;
  }
  return dots === 3 && octet !== none ? word * 256 + octet : undefined;
}

/** Character codes. */
const dot = 46;
const zero = 48;

/** Stands for an octet that has no digit yet. */
const none = -1;

function parseIPv6(text: string): readonly [number, number, number, number] | undefined {
  const groups = readGroups(text.includes(".") ? withHexTail(text) : text);
  if (!groups) return undefined;
  const word = (index: number): number => groups[index]! * 0x10000 + groups[index + 1]!;
  return [word(0), word(2), word(4), word(6)];
}

/** Its last 32 bits in hexadecimal instead of dotted decimal; "" when those are no IPv4 address. */
function withHexTail(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const tail = parseIPv4(text.slice(start));
  if (tail === undefined) return "";
  return `${text.slice(0, start)}${(tail >>> 16).toString(16)}:${(tail & 0xffff).toString(16)}`;
}

const colon = 58;

/** The eight groups of 16 bits, with `::` filled up. */
function readGroups(text: string): number[] | undefined {
  const groups = [0, 0, 0, 0, 0, 0, 0, 0];
  let count = 0;
  let gap = -1;
  let at = 0;
  while (at < text.length && count < 8) {
    if (text.charCodeAt(at) === colon && text.charCodeAt(at + 1) === colon) {
      if (gap >= 0) return undefined;
      gap = count;
      at += 2;
      continue;
    }
    if (count > 0 && count !== gap && text.charCodeAt(at++) !== colon) return undefined;
    const start = at;
    let group = 0;
    for (let digit = digitAt(text, at); digit < 16 && at - start < 4; digit = digitAt(text, ++at)) {
      group = group * 16 + digit;
    }
    if (at === start) return undefined;
    groups[count++] = group;
  }
  if (at !== text.length || (gap < 0 ? count !== 8 : count > 7)) return undefined;
  if (gap >= 0) openGap(groups, gap, count);
  return groups;
}

/** Moves what stands from `gap` to `count` to the end, and leaves zeros. */
function openGap(groups: number[], gap: number, count: number): void {
  for (let from = count - 1, to = 7; to >= gap; from--, to--) groups[to] = from >= gap ? groups[from]! : 0;
}

/** Character code → value as a hexadecimal digit; 16 for all that are none. */
const digits = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(value) ? 16 : value;
});

/** The hexadecimal digit there; 16 where there is none. */
function digitAt(text: string, at: number): number {
  return at < text.length ? (digits[text.charCodeAt(at)] ?? 16) : 16;
}

function isMapped(words: readonly number[]): boolean {
  return words.length === 4 && words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
}
