import { expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { keepFromOthers } from "../../src/http/private.ts";

test.each([
  [undefined, "private"],
  ["max-age=60", "max-age=60, private"],
  ["public", "public, private"],
  ["Private, max-age=60", "Private, max-age=60"],
  ["no-store", "no-store"],
  // About one field alone.
  ['private="set-cookie"', 'private="set-cookie", private'],
])("%s", (before, after) => {
  const fields = Fields.of({ "cdn-cache-control": "max-age=60", ...(before && { "cache-control": before }) });
  keepFromOthers(fields);
  expect(Object.fromEntries(fields)).toEqual({ "cache-control": after });
});
