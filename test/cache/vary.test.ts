import { expect, test } from "vitest";
import type { Variants } from "../../src/cache/entry.ts";
import { noting, searchOf, variantKey, variantsKey, varyOf, widened } from "../../src/cache/vary.ts";
import { visitedAddress } from "../../src/http/address.ts";
import { Fields } from "../../src/http/fields.ts";

const variants = (...vary: string[]): Variants => ({ kind: "variants", vary, generation: "g", held: [] });
const asking = (target: string, request: Record<string, string>) => ({
  target,
  fields: Fields.of(request),
  client: { ip: "192.0.2.1" },
  url: visitedAddress(`https://a.example${target}`)!,
  requestEdits: [],
});
const key = (request: Record<string, string>, ...vary: string[]): string =>
  variantKey("https://a.example/", variants(...vary), asking("/", request));

test("the fields an answer varies by", () => {
  expect(varyOf(Fields.of({}))).toEqual([]);
  expect(varyOf(Fields.of({ vary: "Foo, , BAR,foo" }))).toEqual(["bar", "foo"]);
  expect(varyOf(Fields.of({ vary: "Foo,  *" }))).toBe("*");
});

test("spellings of the same wish select the same variant", () => {
  const same = [
    [{ foo: "a, b" }, { foo: " a ,b " }],
    [{ "accept-language": "en-GB, de;q=0.5" }, { "accept-language": "EN-gb,de; q=0.5" }],
    [{ "accept-language": "en-GB, de;q=0.5" }, { "accept-language": "de;q=0.50, en-gb;q=1" }],
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
    { "accept-language": "en, de" },
    { "accept-language": "de, en" },
    { "accept-language": "de" },
    { "accept-language": "de, en;q=0" },
    { "accept-language": "fr;q=0.5, de" },
    { "accept-language": "" },
  ];
  expect(new Set(keys.map((request) => key(request, "accept-language", "bar", "foo"))).size).toBe(keys.length);
});

test("variants that look at enough stay; others are left behind", () => {
  const known = variants("bar", "foo");
  expect(widened(known, { vary: ["foo"] }, () => "new")).toBe(known);
  expect(widened(known, { vary: ["qux"] }, () => "new")).toEqual({
    kind: "variants",
    vary: ["bar", "foo", "qux"],
    generation: "new",
    held: [],
  });
  expect(widened(undefined, { vary: ["foo"] }, () => "new")).toEqual({
    kind: "variants",
    vary: ["foo"],
    generation: "new",
    held: [],
  });
});

test("queries share variants by what of them counts, told of where no query is", () => {
  const search = { query: { only: ["id"] }, sort: true };
  const shared = widened(undefined, { vary: ["foo"], search }, () => "g");
  const keyFor = (target: string): string =>
    variantKey(`https://a.example${target} country=DE`, shared, asking(target, { foo: "x" }));
  expect(variantsKey("https://a.example/a?id=1 country=DE", shared)).toBe("https://a.example/a country=DE");
  expect(keyFor("/a?utm=1&id=1")).toBe("https://a.example/a country=DE variant=g search=id=1 foo=%3Dx");
  expect(keyFor("/a?id=1")).toBe(keyFor("/a?utm=1&id=1"));
  expect(keyFor("/a?id=2")).not.toBe(keyFor("/a?id=1"));
  expect(widened(shared, { vary: [], search: { ...search } }, () => "new")).toBe(shared);
  expect(widened(shared, { vary: [] }, () => "new")).toEqual({
    kind: "variants",
    vary: ["foo"],
    generation: "new",
    held: [],
  });
});

test("an error is for its own query alone", () => {
  const fields = Fields.of({ "no-vary-search": 'params=("utm")' });
  expect(searchOf({ status: 200, fields })).toEqual({ query: { except: ["utm"] }, sort: false });
  expect(searchOf({ status: 404, fields })).toBeUndefined();
});

test("so many variants are held, and of more the oldest go", () => {
  let known = variants("foo");
  const gone: string[] = [];
  for (let each = 0; each < 250; each++) {
    const { variants: next, dropped } = noting(known, ` foo=${each}`);
    expect(noting(next, ` foo=${each}`)).toEqual({ variants: next, dropped: [] });
    gone.push(...dropped);
    known = next;
  }
  expect(known.held).toEqual(Array.from({ length: 100 }, (_, index) => ` foo=${index + 150}`));
  expect(gone).toEqual(Array.from({ length: 150 }, (_, index) => ` foo=${index}`));
});

test("fewer when they are long, but always the newest", () => {
  const long = (letter: string): string => letter.repeat(10_000);
  const one = noting(variants("foo"), long("a")).variants;
  expect(noting(one, long("b"))).toMatchObject({ variants: { held: [long("b")] }, dropped: [long("a")] });
  expect(noting(one, "c".repeat(50_000)).variants.held).toHaveLength(1);
});

test("a path may have any number of queries", () => {
  const shared = { ...variants("foo"), search: { query: { except: ["utm"] }, sort: true } } as const;
  expect(noting(shared, " search=1")).toEqual({ variants: shared, dropped: [] });
});
