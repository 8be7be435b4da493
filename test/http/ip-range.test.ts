import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress } from "../../src/http/ip-form.ts";
import { parseRange } from "../../src/http/ip-range.ts";

const written = (text: string): string | undefined =>
  parseRange(text)
    ?.map(({ address, length }) => `${formatAddress(address)}/${length}`)
    .join(" ");

describe("a range is the fewest prefixes", () => {
  test.each([
    ["192.0.2.0-192.0.2.255", "192.0.2.0/24"],
    ["192.0.2.7-192.0.2.7", "192.0.2.7/32"],
    ["192.0.2.1 - 192.0.2.9", "192.0.2.1/32 192.0.2.2/31 192.0.2.4/30 192.0.2.8/31"],
    ["0.0.0.0-255.255.255.255", "0.0.0.0/0"],
    ["255.255.255.254-255.255.255.255", "255.255.255.254/31"],
    ["2001:db8::-2001:db8::ffff", "2001:db8::/112"],
    ["2001:db8::ffff:ffff-2001:db8::1:0:0", "2001:db8::ffff:ffff/128 2001:db8::1:0:0/128"],
    ["::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"],
    ["::ffff:192.0.2.0-192.0.2.1", "192.0.2.0/31"],
  ])("%s", (text, prefixes) => expect(written(text)).toBe(prefixes));

  test.each([
    "",
    "-",
    "192.0.2.1",
    "192.0.2.9-192.0.2.1",
    "192.0.2.1-",
    "192.0.2.1-::1",
    "10.0.0.0/8-11.0.0.0",
    "1-2",
    "192.0.2.1-192.0.2.2-192.0.2.3",
  ])("%j is none", (text) => expect(parseRange(text)).toBeUndefined());

  test("that cover it and nothing else, without a gap", () => {
    const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        let next = first;
        for (const { address, length } of parseRange(`${formatAddress([first])}-${formatAddress([last])}`)!) {
          expect(address).toEqual([next]);
          next += 2 ** (32 - length);
        }
        expect(next).toBe(last + 1);
      }),
    );
  });

  test("and no text makes it throw", () => {
    const end = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(end, fc.constantFrom("-", " - ", "--", "/"), end, (first, dash, last) => {
        const prefixes = parseRange(first + dash + last);
        // An IPv6 range has at most one prefix for each bit, on its way up and on its way down.
        expect(prefixes?.length ?? 0).toBeLessThanOrEqual(2 * 128);
      }),
    );
  });
});
