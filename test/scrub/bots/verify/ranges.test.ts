import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePrefix } from "../../../../src/http/ip.ts";
import { readRanges } from "../../../../src/scrub/bots/verify/ranges.ts";

const prefixes = (...texts: string[]) => texts.map((text) => parsePrefix(text)!);

test.each([
  [
    "as search engines publish them",
    '{"creationTime": "2025-11-01T22:00:46.000000", "prefixes": [{"ipv6Prefix": "2001:4860:4801:10::/64"}, {"ipv4Prefix": "66.249.64.0/27"}]}',
    ["2001:4860:4801:10::/64", "66.249.64.0/27"],
  ],
  ["a list", '["192.0.2.0/24","198.51.100.7"]', ["192.0.2.0/24", "198.51.100.7"]],
  ["a text", "# of 12:30, v1\n192.0.2.0/24\r\n2001:db8::/32\n", ["192.0.2.0/24", "2001:db8::/32"]],
])("are read: %s", (_what, text, expected) => {
  expect(readRanges(text)).toEqual(prefixes(...expected));
});

test.each(["", "{}", "<html>Not found, 404</html>", "[]", "0.0.0.0/0", "::/0", "192.0.2.1/24"])(
  "a document without any, or with all there is, is none: %j",
  (text) => {
    expect(() => readRanges(text)).toThrow(TypeError);
  },
);

test("of too many only the first count", () => {
  const many = Array.from({ length: 6_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`).join("\n");
  expect(readRanges(many)).toHaveLength(5_000);
});

test("whatever the text, it ends in prefixes or in that one error", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      try {
        expect(readRanges(text).length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }),
  );
});
