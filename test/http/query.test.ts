import fc from "fast-check";
import { expect, test } from "vitest";
import { parameter, withoutParameters } from "../../src/http/query.ts";

test.each([
  ["?a=1&b=2", "b", "2"],
  ["?a=1&a=2", "a", "1"],
  ["?a=%41%2b+", "a", "A++"],
  ["?a=", "a", ""],
  ["?a", "a", undefined],
  ["?aa=1", "a", undefined],
  ["?x=a=1", "a", undefined],
  ["?a=%", "a", undefined],
  ["?a=%ff", "a", undefined],
  ["", "a", undefined],
])("in %j, %s is %j", (search, name, value) => {
  expect(parameter({ search }, name)).toBe(value);
});

test.each([
  ["https://a.example/p?a=1&b=%41&c", "https://a.example/p?b=%41&c"],
  ["https://a.example/p?a=1", "https://a.example/p"],
  ["https://a.example/p?b=1&a=1&a&aa=2#x", "https://a.example/p?b=1&aa=2#x"],
])("%s without a is %s", (url, left) => {
  expect(withoutParameters(new URL(url), ["a"]).href).toBe(left);
});

test("what is taken out isn't there, and taking it out twice changes nothing", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const once = withoutParameters(new URL(url), ["a"]);
      expect(parameter(once, "a")).toBeUndefined();
      expect(withoutParameters(once, ["a"]).href).toBe(once.href);
    }),
  );
});
