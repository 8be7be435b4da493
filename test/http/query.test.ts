import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAddress } from "../../src/http/address.ts";
import { editQuery, parameter, withoutParameters, type QueryEdits } from "../../src/http/query.ts";

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
  expect(withoutParameters(parseAddress(url)!, ["a"]).href).toBe(left);
});

test("what is left is what the platform makes of the URL without it", () => {
  const pair = fc.constantFrom("a=1", "a", "b=%41", "?c", "", "a=?", "aa=a=1", "%61=2");
  const fragment = fc.constantFrom("", "#x", "#?a=1", "#a=1&b");
  fc.assert(
    fc.property(fc.webUrl(), fc.array(pair), fragment, (base, pairs, end) => {
      const url = parseAddress(`${base}?${pairs.join("&")}${end}`)!;
      const expected = new URL(url.href);
      const kept = url.search
        .slice(1)
        .split("&")
        .filter((each) => each.split("=", 1)[0] !== "a");
      expected.search = kept.join("&") === "" ? "" : `?${kept.join("&")}`;
      expect(withoutParameters(url, ["a"])).toEqual(parseAddress(expected.href));
    }),
  );
});

test("what is taken out isn't there, and taking it out twice changes nothing", () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const once = withoutParameters(parseAddress(url)!, ["a"]);
      expect(parameter(once, "a")).toBeUndefined();
      expect(withoutParameters(once, ["a"]).href).toBe(once.href);
    }),
  );
});

test.each<[search: string, edits: Partial<QueryEdits>, edited: string]>([
  ["?a=1&b=2&c", { keep: ["a", "c"] }, "?a=1&c"],
  ["?a=1&b=2", { keep: ["x"] }, ""],
  ["?utm_source=x&utm%5Fid=y&a=1", { remove: ["utm_*"] }, "?a=1"],
  ["?a+b=1&c=2", { remove: ["a b"] }, "?c=2"],
  ["?a=1&b=2&a=3", { set: [["a", "4&5"]] }, "?a=4%265&b=2"],
  [
    "?b=2",
    {
      set: [
        ["a", "1"],
        ["b", ""],
      ],
    },
    "?a=1",
  ],
  ["", { set: [["a b", "\ud800"]] }, "?a%20b=%EF%BF%BD"],
  ["?b=1&a=2&b=0&A=3", { sort: true }, "?A=3&a=2&b=1&b=0"],
  ["?b=%&&a=%zz", { sort: true, set: [["c", "1"]] }, "?a=%zz&b=%&c=1"],
  ["?", {}, ""],
])("%s with %j: %s", (search, edits, edited) =>
  expect(editQuery(search, { keep: undefined, remove: [], set: [], sort: false, ...edits })).toBe(edited),
);

test("any query can be edited, and twice is the same as once", () => {
  const name = fc.constantFrom("a", "b*", "*", "c d", "");
  const edits = fc.record({
    keep: fc.option(fc.array(name), { nil: undefined }),
    remove: fc.array(name),
    set: fc.array(fc.tuple(fc.constantFrom("a", "z"), fc.string())),
    sort: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "b", "=", "&", "%", "+", "?", "%61") }), edits, (text, each) => {
      const once = editQuery(`?${text}`, each);
      const isStable = each.remove.length === 0 && !each.keep;
      if (isStable) expect(editQuery(once, each)).toBe(once);
      expect(once === "" || once.startsWith("?")).toBe(true);
    }),
  );
});
