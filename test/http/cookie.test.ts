import { expect, test } from "vitest";
import { takeCookie } from "../../src/http/cookie.ts";

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
