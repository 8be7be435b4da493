import { expect, test } from "vitest";
import type { Variants } from "../../src/cache/entry.ts";
import { variantKey, varyOf, widened } from "../../src/cache/vary.ts";
import { Fields } from "../../src/http/fields.ts";

const variants = (...vary: string[]): Variants => ({ kind: "variants", vary, generation: "g" });
const key = (request: Record<string, string>, ...vary: string[]): string =>
  variantKey("https://a.example/", variants(...vary), Fields.of(request));

test("the fields an answer varies by", () => {
  expect(varyOf(Fields.of({}))).toEqual([]);
  expect(varyOf(Fields.of({ vary: "Foo, , BAR,foo" }))).toEqual(["bar", "foo"]);
  expect(varyOf(Fields.of({ vary: "Foo,  *" }))).toBe("*");
});

test("spellings of the same wish select the same variant", () => {
  const same = [
    [{ foo: "a, b" }, { foo: " a ,b " }],
    [{ "accept-language": "en-GB, de;q=0.5" }, { "accept-language": "EN-gb,de; q=0.5" }],
    [{ "accept-encoding": "gzip, deflate, br, zstd" }, { "accept-encoding": "br;q=1.0, gzip;q=0.8, *;q=0.1" }],
  ] as const;
  for (const [one, other] of same) expect(key(one, ...Object.keys(one))).toBe(key(other, ...Object.keys(other)));
});

test("different wishes select different variants", () => {
  const keys = [
    {},
    { foo: "" },
    { foo: "a" },
    { foo: "A" },
    { foo: "a b" },
    { foo: "a,b" },
    { foo: "a bar==x" },
    { foo: "a", bar: "x" },
  ];
  expect(new Set(keys.map((request) => key(request, "bar", "foo"))).size).toBe(keys.length);
});

test("variants that look at enough stay; others are left behind", () => {
  const known = variants("bar", "foo");
  expect(widened(known, ["foo"], () => "new")).toBe(known);
  expect(widened(known, ["qux"], () => "new")).toEqual({
    kind: "variants",
    vary: ["bar", "foo", "qux"],
    generation: "new",
  });
  expect(widened(undefined, ["foo"], () => "new")).toEqual({ kind: "variants", vary: ["foo"], generation: "new" });
});
