import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { embeddedIPv4, formatAddress, groupOf, plainAddress } from "../../src/http/ip-form.ts";
import { parseAddress } from "../../src/http/ip.ts";

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyIPv6 = fc.tuple(word, word, word, word);

describe("the one form of an address (RFC 5952)", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["0:0:0:0:0:FFFF:C000:0201", "192.0.2.1"],
    ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"], // one zero group is written
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"], // the longest run is left out
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], // of two the first
    ["0:0:0:0:0:0:0:0", "::"],
    ["1:0:0:0:0:0:0:0", "1::"],
    ["::192.0.2.1", "::c000:201"],
    ["", ""],
    ["localhost", ""],
    ["192.0.2.1, 198.51.100.1", ""],
    ["fe80::1%eth0", ""],
  ])("%s is %j", (text, form) => expect(plainAddress(text)).toBe(form));

  test("reads back as the same address, and no two have one form", () => {
    fc.assert(
      fc.property(anyIPv6, (words) => {
        const address = parseAddress(formatAddress(words));
        // ::ffff:0:0/96 reads back as IPv4.
        expect(address).toEqual(address?.length === 1 ? [words[3]] : words);
      }),
    );
  });

  test("no text makes it throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV6(), fc.ipV4()), (text) => {
        const plain = plainAddress(text);
        expect(plainAddress(plain)).toBe(plain);
      }),
    );
  });
});

describe("the IPv4 address inside", () => {
  test.each([
    ["2002:c000:0201::1", "192.0.2.1"], // 6to4
    ["2002:c000:0201:ffff:ffff:ffff:ffff:ffff", "192.0.2.1"],
    ["64:ff9b::192.0.2.1", "192.0.2.1"], // NAT64
    ["2001:0:4136:e378:8000:63bf:3fff:fdfe", "192.0.2.1"], // Teredo
  ])("%s has %s", (text, inside) => expect(formatAddress([embeddedIPv4(parseAddress(text)!)!])).toBe(inside));

  test.each([
    "192.0.2.1",
    "2003:c000:0201::1",
    "64:ff9b::1:c000:0201",
    "64:ff9b:1::192.0.2.1",
    "2001:1::1",
    "::192.0.2.1",
  ])("%s has none", (text) => expect(embeddedIPv4(parseAddress(text)!)).toBeUndefined());
});

describe("the group of a client", () => {
  test.each([
    ["192.0.2.1", 64, "192.0.2.1"],
    ["::ffff:192.0.2.1", 64, "192.0.2.1"],
    ["2002:c000:0201:7::1", 64, "192.0.2.1"],
    ["2001:db8:0:1:2:3:4:5", 64, "2001:db8:0:1::/64"],
    ["2001:db8:0:1:ffff:ffff:ffff:ffff", 64, "2001:db8:0:1::/64"],
    ["2001:db8:0:2::", 64, "2001:db8:0:2::/64"],
    ["2001:db8:abcd:1234::1", 56, "2001:db8:abcd:1200::/56"],
    ["2001:db8:abcd:1234::1", 48, "2001:db8:abcd::/48"],
    ["2001:db8::1", 128, "2001:db8::1/128"],
    ["2001:db8::1", 0, "::/0"],
    ["", 64, ""],
    ["unknown", 64, ""],
  ])("%s by %d bits is %j", (ip, length, group) => expect(groupOf(ip, length)).toBe(group));

  test("is the same for two addresses exactly when they share the bits", () => {
    const bits = (words: readonly number[]): string => words.map((word) => word.toString(2).padStart(32, "0")).join("");
    fc.assert(
      fc.property(
        anyIPv6,
        anyIPv6,
        fc.integer({ min: 0, max: 128 }),
        fc.integer({ min: 0, max: 128 }),
        (one, two, shared, length) => {
          const mixed = bits(one).slice(0, shared) + bits(two).slice(shared);
          const other = [0, 1, 2, 3].map((index) => Number.parseInt(mixed.slice(index * 32, index * 32 + 32), 2));
          const texts = [one, other].map((words) => formatAddress(words as never));
          fc.pre(texts.every((text) => embeddedIPv4(parseAddress(text)!) === undefined && text.includes(":")));
          const isSame = bits(one).slice(0, length) === mixed.slice(0, length);
          expect(groupOf(texts[0]!, length) === groupOf(texts[1]!, length)).toBe(isSame);
        },
      ),
    );
  });
});
