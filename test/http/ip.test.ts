import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contains, lastAddress, parseAddress, parsePrefix } from "../../src/http/ip.ts";

describe("addresses", () => {
  test.each([
    ["0.0.0.0", [0]],
    ["192.0.2.1", [0xc0000201]],
    ["255.255.255.255", [0xffffffff]],
    ["::", [0, 0, 0, 0]],
    ["::1", [0, 0, 0, 1]],
    ["1::", [0x10000, 0, 0, 0]],
    ["2001:DB8::8:800:200c:417a", [0x20010db8, 0, 0x80800, 0x200c417a]],
    ["1:2:3:4:5:6:7:8", [0x10002, 0x30004, 0x50006, 0x70008]],
    ["1:2:3:4:5:6:7::", [0x10002, 0x30004, 0x50006, 0x70000]],
    ["::2:3:4:5:6:7:8", [0x2, 0x30004, 0x50006, 0x70008]],
    ["64:ff9b::192.0.2.33", [0x64ff9b, 0, 0, 0xc0000221]],
    ["::13.1.68.3", [0, 0, 0, 0x0d014403]],
    ["1:2:3:4:5:6:192.0.2.1", [0x10002, 0x30004, 0x50006, 0xc0000201]],
    ["::ffff:192.0.2.1", [0xc0000201]],
    ["::FFFF:c000:0201", [0xc0000201]],
  ])("%s", (text, words) => expect(parseAddress(text)).toEqual(words));

  test.each([
    "",
    "1",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "01.2.3.4",
    "1.2.3.04",
    "1.2.3.4 ",
    " 1.2.3.4",
    "1.2.3.-4",
    "0x1.2.3.4",
    "1..2.3",
    ".1.2.3",
    "1.2.3.",
    "1.2.3.4444",
    "1.2.3.a",
    "１.2.3.4",
    ":",
    ":::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    ":1::2",
    "1::2:",
    "12345::",
    "g::",
    "fe80::1%eth0",
    "[::1]",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1:2:3:4::5:6:7:8",
    "1.2.3.4::",
    "::1.2.3",
    "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::01.2.3.4",
  ])("not an address: %j", (text) => expect(parseAddress(text)).toBeUndefined());
});

describe("prefixes", () => {
  test.each([
    ["10.0.0.0/8", [0x0a000000], 8],
    ["0.0.0.0/0", [0], 0],
    ["192.0.2.1", [0xc0000201], 32],
    ["2001:db8::/32", [0x20010db8, 0, 0, 0], 32],
    ["2001:db8::1", [0x20010db8, 0, 0, 1], 128],
    ["::/0", [0, 0, 0, 0], 0],
    ["::ffff:10.0.0.0/104", [0x0a000000], 8],
    ["::ffff:192.0.2.1", [0xc0000201], 32],
    ["::ffff:0:0/96", [0], 0],
  ])("%s", (text, address, length) => expect(parsePrefix(text)).toEqual({ address, length }));

  test.each([
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "/8",
    "10.0.0.0/-1",
    "10.0.0.0/+8",
    "10.0.0.0/8 ",
    "10.0.0.0/255.0.0.0",
    "10.0.0.1/8",
    "2001:db8::1/64",
    "::/129",
    "::1/0",
    "fe80::%eth0/10",
    "10.0.0.0-10.0.0.9",
  ])("not a prefix: %j", (text) => expect(parsePrefix(text)).toBeUndefined());

  test("the last address", () => {
    expect(lastAddress(parsePrefix("10.0.0.0/8")!)).toEqual([0x0affffff]);
    expect(lastAddress(parsePrefix("2001:db8::/33")!)).toEqual([0x20010db8, 0x7fffffff, 0xffffffff, 0xffffffff]);
  });

  test("families don't mix", () => {
    expect(contains(parsePrefix("::/0")!, parseAddress("192.0.2.1")!)).toBe(false);
    expect(contains(parsePrefix("0.0.0.0/0")!, parseAddress("::1")!)).toBe(false);
    expect(contains(parsePrefix("0.0.0.0/0")!, parseAddress("::ffff:192.0.2.1")!)).toBe(true);
  });
});

describe("properties", () => {
  test("no string makes the parsers throw", () => {
    const nearly = fc.string({ unit: fc.constantFrom(..."0123456789abcdefF:./%- "), maxLength: 50 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        parseAddress(text);
        parsePrefix(text);
      }),
      { numRuns: 2_000 },
    );
  });

  test("every IPv6 address is read back from what the URL parser makes of it", () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const normal = URL.parse(`http://[${text}]/`)!.hostname.slice(1, -1);
        expect(parseAddress(text)).toBeDefined();
        expect(parseAddress(text)).toEqual(parseAddress(normal));
      }),
    );
  });

  test("what the URL parser refuses as an IPv6 host is no address", () => {
    const nearly = fc
      .string({ unit: fc.constantFrom(..."01af::::."), maxLength: 30 })
      .filter((text) => text.includes(":"));
    fc.assert(
      fc.property(nearly, (text) => {
        expect(parseAddress(text) !== undefined).toBe(URL.canParse(`http://[${text}]/`));
      }),
      { numRuns: 5_000 },
    );
  });

  test("every IPv4 address is read", () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const value = text.split(".").reduce((word, octet) => word * 256 + Number(octet), 0);
        expect(parseAddress(text)).toEqual([value]);
      }),
    );
  });
});
