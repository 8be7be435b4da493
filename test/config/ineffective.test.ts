/** What is noted of rules that do nothing. */
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import { bindingsWith } from "./load.ts";

function notesOf(...rules: readonly object[]): readonly unknown[] {
  const loaded = loadConfig(bindingsWith({ RULES: rules }));
  return loaded.kind === "config" ? loaded.notes : [loaded];
}

test("a field that is taken off before is renamed", () => {
  const says = 'It does nothing: "x-runtime" tells who the origin is, and is taken off before.';
  const rename = { "X-Runtime": "X-Origin-Time", "X-Build": "X-Version" };
  expect(notesOf({ score: 1 }, { headers: { response: { rename } } })).toEqual([
    { at: "RULES[1].headers.response.rename", says },
  ]);
});

test.each([
  [{ headers: { response: { rename: { "X-Build": "X-Runtime" } } } }],
  [{ headers: { request: { rename: { "X-Runtime": "X-Time" } } } }],
  [
    { headers: { response: { set: { "X-Runtime": "1" } } } },
    { headers: { response: { rename: { "X-Runtime": "X-Time" } } } },
  ],
  [{ headers: { response: { remove: ["X-Runtime"] } } }],
])("not of %j", (...rules) => {
  expect(notesOf(...rules)).toEqual([]);
});

test("images come as they are", () => {
  expect(notesOf({ image: { width: 100 } })).toEqual([
    { at: "RULES[0].image", says: expect.stringContaining("SETTINGS.images") as string },
  ]);
});
