import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FixedList, parseMember } from "../../src/lists/lists.ts";

function listOf(...members: (string | number)[]): FixedList {
  return FixedList.of(members.map((member) => parseMember(member)!));
}

describe("members", () => {
  test.each([
    ["10.0.0.0/8", "prefixes"],
    ["192.0.2.7", "prefixes"],
    ["2001:db8::/32", "prefixes"],
    ["::1", "prefixes"],
    ["10.0.0.1-10.0.0.9", "prefixes"],
    ["2001:db8::1 - 2001:db8::ffff", "prefixes"],
    [64500, "asn"],
    ["AS64500", "asn"],
    ["as64500", "asn"],
    ["DE", "word"],
    ["gptbot", "word"],
    ["dead.beef", "word"],
    ["asia", "word"],
    ["de:bot", "word"],
  ])("%j is a %s", (member, kind) => expect(parseMember(member)?.kind).toBe(kind));

  test.each([
    "",
    "  ",
    "10.0.0.0/33",
    "10.0.0.1/8",
    "300.1.2.3",
    "10.0.0.9-10.0.0.1",
    "10.0.0.1-2001:db8::",
    "10.0.0.0/8-11.0.0.0/8",
    "10.0.0.1-",
    "10.0.0.1-2-3",
    "1.2.3",
    "fe80::1%eth0",
    "12",
    -1,
    1.5,
    2 ** 32,
    "AS4294967296",
    Number.NaN,
  ])("%j is a mistake", (member) => expect(parseMember(member)).toBeUndefined());
});

describe("look-up", () => {
  const list = listOf(
    "10.0.0.0/8",
    "10.1.0.0/16",
    "192.0.2.7",
    "2001:db8::/32",
    "2001:db8:1::/48",
    "DE",
    "GptBot",
    64500,
    "AS64501",
  );

  test.each([
    "10.0.0.0",
    "10.255.255.255",
    "192.0.2.7",
    "2001:db8::",
    "2001:db8:ffff::1",
    "::ffff:10.2.3.4",
    "de",
    "DE",
    "gptbot",
  ])("has %s", (text) => expect(list.hasText(text)).toBe(true));

  test.each([
    "9.255.255.255",
    "11.0.0.0",
    "192.0.2.6",
    "192.0.2.8",
    "2001:db9::",
    "::10.2.3.4",
    "FR",
    "",
    "64500",
    "10.0.0.0/8",
  ])("has not %j", (text) => expect(list.hasText(text)).toBe(false));

  test("autonomous systems", () => {
    expect(list.hasAsn(64500)).toBe(true);
    expect(list.hasAsn(64501)).toBe(true);
    expect(list.hasAsn(64502)).toBe(false);
  });
});

/** The slow and obvious way: whole addresses as one number each. */
function naive(members: readonly { text: string; length: number }[], address: string): boolean {
  return members.some(({ text, length }) => {
    const bits = text.includes(":") ? 128 : 32;
    const shift = BigInt(bits - length);
    return text.includes(":") === address.includes(":") && toBigInt(text) >> shift === toBigInt(address) >> shift;
  });
}

/** Of full forms only: four octets, or eight groups. */
function toBigInt(text: string): bigint {
  if (!text.includes(":")) return text.split(".").reduce((value, octet) => value * 256n + BigInt(octet), 0n);
  return text.split(":").reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

function toText(value: bigint, bits: 32 | 128): string {
  const [radix, count, separator] = bits === 32 ? [256n, 4, "."] : [65536n, 8, ":"];
  const parts = Array.from({ length: count }, (_, index) => (value / radix ** BigInt(index)) % radix);
  return parts
    .toReversed()
    .map((part) => part.toString(bits === 32 ? 10 : 16))
    .join(separator);
}

describe("properties", () => {
  // Few distinct high bits, so that prefixes nest and addresses fall in and beside them.
  const address = (bits: 32 | 128): fc.Arbitrary<string> =>
    fc
      .tuple(fc.bigInt(0n, 7n), fc.bigInt(0n, 2n ** BigInt(bits) - 1n))
      .map(([high, low]) => toText(((high << BigInt(bits - 3)) | (low >> 3n)) & (2n ** BigInt(bits) - 1n), bits));
  const prefix = (bits: 32 | 128) =>
    fc.tuple(address(bits), fc.integer({ min: 0, max: bits })).map(([text, length]) => {
      const shift = BigInt(bits - length);
      return { text: toText((toBigInt(text) >> shift) << shift, bits), length };
    });
  const isMapped = (text: string): boolean => text.startsWith("0:0:0:0:0:ffff:");

  test("a list agrees with the naive way", () => {
    const prefixes = fc.array(fc.oneof(prefix(32), prefix(128)), { maxLength: 30 });
    const asked = fc.array(fc.oneof(address(32), address(128)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(prefixes, asked, (members, addresses) => {
        const list = listOf(...members.map(({ text, length }) => `${text}/${length}`));
        const edges = members.map(({ text }) => text);
        for (const one of [...addresses, ...edges].filter((text) => !isMapped(text))) {
          expect([one, list.hasText(one)]).toEqual([one, naive(members, one)]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the neighbours of a prefix lie outside it", () => {
    fc.assert(
      fc.property(fc.oneof(prefix(32), prefix(128)), ({ text, length }) => {
        const bits = text.includes(":") ? 128 : 32;
        const list = listOf(`${text}/${length}`);
        const first = toBigInt(text);
        const last = first + 2n ** BigInt(bits - length) - 1n;
        // The last address of ::/80 and its like is an IPv4-mapped one, and those count as IPv4.
        fc.pre(!isMapped(toText(last, bits)));
        expect(list.hasText(toText(last, bits))).toBe(true);
        if (first > 0n) expect(list.hasText(toText(first - 1n, bits))).toBe(false);
        if (last < 2n ** BigInt(bits) - 1n) expect(list.hasText(toText(last + 1n, bits))).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("no member and no question makes it throw", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.double(), fc.ipV6(), fc.ipV4())), fc.string(), (members, asked) => {
        const list = FixedList.of(members.map(parseMember).filter((member) => member !== undefined));
        expect(list.hasText(asked)).toBeTypeOf("boolean");
      }),
    );
  });
});

describe("at size", () => {
  /** Numbers of 32 bits, spread evenly. */
  const spread = (index: number): number => Math.imul(index + 1, 2_654_435_761) >>> 0;

  test("of very many prefixes, each is found, and its neighbours aren't", () => {
    const v4 = Array.from({ length: 70_000 }, (_, index) => `${toText(BigInt((spread(index) & -2) >>> 0), 32)}/32`);
    const v6 = Array.from({ length: 30_000 }, (_, index) => {
      const high = (BigInt(spread(index)) << 96n) | (BigInt((spread(index + 7) & -2) >>> 0) << 64n);
      return `${toText(high, 128)}/${index % 2 === 0 ? 64 : 128}`;
    });
    const list = listOf(...v4, ...v6, "0.0.0.0/16", "255.255.255.255");
    for (const [bits, written] of [
      [32, v4],
      [128, v6],
    ] as const)
      for (const [index, prefix] of written.entries()) {
        const [text = "", length] = prefix.split("/");
        const next = toBigInt(text) + 2n ** BigInt(bits - Number(length));
        if (!list.hasText(text)) throw new Error(`${index}: ${prefix} is not found`);
        if (list.hasText(toText(next, bits)) && next >= 2n ** 16n)
          throw new Error(`${index}: ${prefix} is found twice`);
      }
    expect(["0.0.0.0", "0.0.255.255", "255.255.255.255"].every((text) => list.hasText(text))).toBe(true);
    expect(["0.1.0.1", "255.255.255.253"].some((text) => list.hasText(text))).toBe(false);
  });

  test("of ten thousand AS numbers and all countries' codes, each is found", () => {
    const asns = Array.from({ length: 10_000 }, (_, index) => spread(index));
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
    const codes = letters.flatMap((first) => letters.map((second) => first + second));
    const list = listOf(...asns, ...codes);
    const known = new Set(asns);
    expect(asns.filter((asn) => !list.hasAsn(asn))).toEqual([]);
    expect(asns.map((asn) => (asn + 1) % 2 ** 32).filter((asn) => list.hasAsn(asn) !== known.has(asn))).toEqual([]);
    expect(codes.filter((code) => !list.hasText(code))).toEqual([]);
    expect(list.hasText("D1")).toBe(false);
  });
});
