import { describe, expect, test } from "vitest";
import type { StoredAnswer } from "../../src/cache/entry.ts";
import { bridgesError, useOf } from "../../src/cache/reuse.ts";
import { parseDirectives } from "../../src/http/directives.ts";
import { Fields } from "../../src/http/fields.ts";

/** Fresh for 60 s, then stale-while-revalidate for 30, and stale-if-error for 100. */
const stored: StoredAnswer = {
  kind: "answer",
  status: 200,
  fields: new Fields(),
  askedAt: 0,
  took: 1,
  bornAt: 0,
  lifetime: 60_000,
  staleWhileRevalidate: 30_000,
  staleIfError: 100_000,
  validate: "whenever",
};

describe("what a stored answer is good for", () => {
  test.for<[age: number, request: string, expected: string, validate?: StoredAnswer["validate"]]>([
    [0, "", "hit"],
    [59.999, "", "hit"],
    [60, "", "stale-while-revalidate"],
    [89.999, "", "stale-while-revalidate"],
    [90, "", "stale"],
    [10, "", "stale", "always"],
    [10, "", "hit", "stale"],
    [61, "", "stale", "stale"],
    [10, "no-cache", "request"],
    [10, "max-age=9", "request"],
    [10, "max-age=10", "hit"],
    [10, "max-age=0", "request"],
    [10, "max-age=x", "hit"],
    [10, "min-fresh=50", "hit"],
    [10, "min-fresh=51", "request"],
    [100, "max-stale", "max-stale"],
    [100, "max-stale=40", "max-stale"],
    [100, "max-stale=39", "stale"],
    [100, "max-stale=x", "stale"],
    [100, "max-stale", "stale", "stale"],
    [100, "max-age=1000", "stale"],
    [100, "max-age=10, max-stale=100", "max-stale"],
  ])("at %d s, asked with '%s' → %s %s", ([age, request, expected, validate = "whenever"]) => {
    const use = useOf({ ...stored, validate }, parseDirectives(request), age * 1000);
    expect(use.kind === "serve" ? use.as : use.because).toBe(expected);
  });

  test.for<[age: number, expected: boolean, validate?: StoredAnswer["validate"]]>([
    [61, true],
    [159, true],
    [160, false],
    [61, false, "stale"],
    [10, false, "always"],
  ])("at %d s it bridges an error: %s %s", ([age, expected, validate = "whenever"]) => {
    expect(bridgesError({ ...stored, validate }, age * 1000)).toBe(expected);
  });
});
