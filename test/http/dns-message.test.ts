import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dnsQuestion, readDnsAnswer, reverseName } from "../../src/http/dns-message.ts";
import { parseAddress } from "../../src/http/ip.ts";

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytes = (text: string): Uint8Array =>
  Uint8Array.from(text.replaceAll(/\s+/g, "").match(/../g)!, (pair) => Number.parseInt(pair, 16));

describe("a question", () => {
  test("is that of RFC 8484 §4.1.1", () => {
    expect(hex(dnsQuestion("www.example.com", "A")!)).toBe(
      "00000100000100000000000003777777076578616d706c6503636f6d0000010001",
    );
  });

  test.each(["", ".", "a..b", ".a", `${"a".repeat(64)}.com`, `${"a.".repeat(127)}a`, "ü".repeat(32)])(
    "is none for %j",
    (name) => {
      expect(dnsQuestion(name, "A")).toBeUndefined();
    },
  );
});

test.each([
  ["192.0.2.17", "17.2.0.192.in-addr.arpa"],
  ["2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"],
])("the reverse name of %s is %s", (ip, name) => {
  expect(reverseName(parseAddress(ip)!)).toBe(name);
});

describe("an answer", () => {
  /** Of RFC 8484 §4.2.2: the name of the record is a pointer to that of the question. */
  const fromRfc = `0000 8180 0001 0001 0000 0000 03777777076578616d706c6503636f6d00 001c 0001
    c00c 001c 0001 00000e7d 0010 20010db8abcd00120001000200030004`;

  test("is read as RFC 8484 §4.2.2 has it", () => {
    expect(readDnsAnswer(bytes(fromRfc), "AAAA")).toEqual({ code: 0, values: ["2001:db8:abcd:12:1:2:3:4"] });
  });

  test("records of another type are passed over", () => {
    expect(readDnsAnswer(bytes(fromRfc), "A")).toEqual({ code: 0, values: [] });
  });

  test("a name may end in a pointer, and what follows the record is read on from behind it", () => {
    const message = `0000 8180 0000 0002 0000 0000
      00 000c 0001 00000001 000b 05435241574c 03434f4d 00
      00 000c 0001 00000001 0004 0161 c017`;
    expect(readDnsAnswer(bytes(message), "PTR")).toEqual({ code: 0, values: ["crawl.com", "a.crawl.com"] });
  });

  test("the code says that there is no such name", () => {
    expect(readDnsAnswer(bytes("0000 8183 0000 0000 0000 0000"), "PTR")).toEqual({ code: 3, values: [] });
  });

  test.each([
    ["a question", "0000 0100 0000 0000 0000 0000"],
    ["cut off, as it says itself", "0000 8380 0000 0000 0000 0000"],
    ["shorter than its header", "0000 8180 0000"],
    ["shorter than it says", "0000 8180 0000 0001 0000 0000 00"],
    ["a name that leads to itself", "0000 8180 0001 0000 0000 0000 c00c 0001 0001"],
    ["a label of an unknown kind", "0000 8180 0001 0000 0000 0000 8061 00 0001 0001"],
    ["an address of five bytes", "0000 8180 0000 0001 0000 0000 00 0001 0001 00000001 0005 0102030405"],
  ])("is none: %s", (_what, message) => {
    expect(readDnsAnswer(bytes(message), "A")).toBeUndefined();
  });

  test("a dot or a space within a label makes no other name", () => {
    const message = "0000 8180 0000 0001 0000 0000 00 000c 0001 00000001 0009 07612e622063 c0a9 00";
    expect(readDnsAnswer(bytes(message), "PTR")?.values[0]).toBe("a?b?c??");
  });

  test("whatever the bytes, nothing throws and nothing goes on for ever", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.constantFrom("A", "AAAA", "PTR"), (body, type) => {
        readDnsAnswer(Uint8Array.from([0, 0, 0x81, 0x80, 0, 1, 0, 200, 0, 0, 0, 0, ...body]), type);
        readDnsAnswer(body, type);
      }),
      { numRuns: 2_000 },
    );
  });
});
