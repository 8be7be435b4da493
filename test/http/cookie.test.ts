import fc from "fast-check";
import { expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { dropCookies, nameOfCookie, renameCookies, takeCookie } from "../../src/http/cookie.ts";

test.each([
  ["a=1; it=2; b=3", { values: ["2"], rest: "a=1; b=3" }],
  ["it=2", { values: ["2"], rest: "" }],
  ["it=; a=1", { values: [""], rest: "a=1" }],
  ["it=2=3;a=1", { values: ["2=3"], rest: "a=1" }],
  ["it=first; a=1; it=second", { values: ["first", "second"], rest: "a=1" }],
  ["not-it=2; a=it=3; IT=4", undefined],
  ["it", undefined],
  ["", undefined],
])("of %j", (field, taken) => {
  expect(takeCookie(field, "it")).toEqual(taken);
});

test.each([
  ["it=1; a=2; also=3", "a=2"],
  ["a=2; it=1", "a=2"],
  ["it=1; also=3", undefined],
  ["a=2", "a=2"],
  [undefined, undefined],
])("of %j, some names are dropped", (field, rest) => {
  const fields = Fields.of(field === undefined ? {} : { cookie: field });
  expect(dropCookies(fields, ["it", "also"]).get("cookie")).toBe(rest);
});

test("takes any field, and what is taken out isn't there", () => {
  const piece = fc.constantFrom("it", "=", ";", " ", "a", "it=1", "\t", '"');
  const field = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
  );
  fc.assert(
    fc.property(field, (text) => {
      const taken = takeCookie(text, "it");
      expect(taken === undefined || takeCookie(taken.rest, "it") === undefined).toBe(true);
    }),
  );
});

test.each([
  ["a=1; b=2;c", "a=1; b=2;c", (name: string) => name],
  ["a=1; b=2;c", "x-a=1; x-b=2", (name: string) => (name === "" ? undefined : `x-${name}`)],
  ["a=1;;b=2", "b=2", (name: string) => (name === "a" ? undefined : name)],
  ["a=1; a=2=3", "b=1; b=2=3", () => "b"],
  ["a=1", "", () => undefined],
])("%j becomes %j", (field, renamed, rename) => expect(renameCookies(field, rename)).toBe(renamed));

test("under the identity any field stays as it is; a name has no separator in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "=", ";", " ", "\t", "b") }), (text) => {
      expect(renameCookies(text, (name) => name)).toBe(text);
      expect(nameOfCookie(text)).toMatch(/^[^=;]*$/);
    }),
  );
});
