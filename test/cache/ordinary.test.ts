import { expect, test } from "vitest";
import { isOrdinary } from "../../src/cache/ordinary.ts";
import { Fields } from "../../src/http/fields.ts";

test.for<[what: string, headers: Record<string, string>, expected: boolean]>([
  ["nothing", {}, true],
  ["a browser's fields", { accept: "text/html;q=0.9", "accept-language": "de, en;q=0.5", cookie: "a=1" }, true],
  ["4 KB in all", { "x-long": "x".repeat(4090) }, true],
  ["more than that", { "x-long": "x".repeat(4091) }, false],
  ["more in several", { "x-a": "x".repeat(2048), "x-b": "x".repeat(2048) }, false],
  ["64 fields", Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`x-${index}`, "1"])), true],
  ["more of them", Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`x-${index}`, "1"])), false],
  ["a byte beyond ASCII", { "x-odd": "a\u00ffb" }, false],
  ["a tab", { "x-odd": "a\tb" }, true],
  ["credentials", { authorization: "Basic eDp5" }, false],
])("a request with %s", ([, headers, expected]) => {
  expect(isOrdinary({ fields: Fields.of(headers) })).toBe(expected);
});
