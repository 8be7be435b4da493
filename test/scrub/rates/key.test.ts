import * as fc from "fast-check";
import { expect, test } from "vitest";
import { keyOf } from "../../../src/scrub/rates/key.ts";

test("a short text is its own key", () => {
  expect(keyOf("api 1/1", "192.0.2.1")).toBe("api 1/1 192.0.2.1");
  expect(keyOf("api 1/1", "")).toBe("api 1/1 ");
});

test("whatever is sent, a key is bounded, and the same for the same text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      expect(keyOf("", text).length).toBeLessThanOrEqual(101);
      expect(keyOf("", text)).toBe(keyOf("", [...text].join("")));
    }),
    { numRuns: 30 },
  );
});

test("long texts that differ anywhere have other keys", () => {
  const text = "k".repeat(1_000);
  const others = Array.from({ length: 1_000 }, (_, at) => `${text.slice(0, at)}x${text.slice(at + 1)}`);
  expect(new Set([text, `${text}k`, ...others].map((each) => keyOf("", each))).size).toBe(1_002);
});
