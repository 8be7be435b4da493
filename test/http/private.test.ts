/** What says that an answer is one client's alone, and what must not be left in it then. */
import { expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { isForNobody, markPrivate } from "../../src/http/private.ts";

const marked = (control: string): string | undefined => {
  const fields = Fields.of({ "cache-control": control });
  markPrivate(fields);
  return fields.get("cache-control");
};

test.each([
  ["max-age=600", "max-age=600, private"],
  ['community="no-store", max-age=600', 'community="no-store", max-age=600, private'],
  ["no-store-x, x-private", "no-store-x, x-private, private"],
  ["must-understand, no-store, max-age=600", "must-understand, no-store, max-age=600, private"],
  ['private="x-foo", max-age=600', 'private, private="x-foo", max-age=600'],
  ['max-age=600, private="a", PRIVATE=b', 'private, max-age=600, private="a", PRIVATE=b'],
])("%s doesn't keep the body from others, and becomes %s", (control, expected) => {
  expect(marked(control)).toBe(expected);
});

test.each(["private", "max-age=600, Private", 'private="x-foo", private', "no-store", "No-Store, max-age=1"])(
  "%s says it already",
  (control) => expect(marked(control)).toBe(control),
);

test("an answer without Cache-Control gets one", () => {
  const fields = new Fields();
  markPrivate(fields);
  expect([...fields]).toEqual([["cache-control", "private"]]);
});

test("what single caches may keep is for somebody", () => {
  expect(isForNobody(Fields.of({ "cache-control": "no-store", "x-cdn-cache-control": "max-age=60" }))).toBe(false);
});

test.each([
  ["no-store", true],
  ["must-understand, no-store", false],
  ['community="no-store"', false],
  ["private", false],
])("%s: nobody may keep it: %s", (control, expected) => {
  expect(isForNobody(Fields.of({ "cache-control": control }))).toBe(expected);
});

const targeted = [
  "akamai-cdn-cache-control",
  "cdn-cache-control",
  "cloudflare-cdn-cache-control",
  "edge-control",
  "fastly-cache-control",
  "netlify-cdn-cache-control",
  "surrogate-control",
  "vercel-cdn-cache-control",
  "x-accel-expires",
];

test("what single caches are told goes: they would go by that instead", () => {
  const others = { "cache-control": "private", "cache-tag": "a", "x-control": "b", vary: "Accept" };
  const fields = Fields.of({ ...Object.fromEntries(targeted.map((name) => [name, "max-age=60"])), ...others });
  markPrivate(fields);
  expect(Object.fromEntries(fields)).toEqual(others);
});
