import * as fc from "fast-check";
import { parseList } from "structured-headers";
import { expect, test } from "vitest";
import { limitItem, policyItem } from "../../src/http/rate-limit.ts";

test.each([
  [{ name: "default", quota: 100, window: 10_000 }, '"default";q=100;w=10'],
  [{ name: "often", quota: 5, window: 250 }, '"often";q=5'],
  [{ name: "slow", quota: 5, window: 1_500 }, '"slow";q=5'],
  [{ name: "at once", quota: 10, unit: "concurrent-requests" } as const, '"at once";q=10;qu="concurrent-requests"'],
])("the policy %j", (policy, item) => expect(policyItem(policy)).toBe(item));

test.each([
  ["default", 50, 30_000, '"default";r=50;t=30'],
  ["default", 0, 1, '"default";r=0;t=1'],
  ["default", 0, 1_001, '"default";r=0;t=2'],
  ["default", 100, 0, '"default";r=100'],
] as const)("of %s %i are left for %i ms", (name, available, wait, item) =>
  expect(limitItem(name, available, wait)).toBe(item),
);

test("names that ASCII can't print stay apart", () => {
  expect(["für ü", "für ö", "\ud800"].map((name) => limitItem(name, 1, 0))).toEqual([
    '"f%C3%BCr %C3%BC";r=1',
    '"f%C3%BCr %C3%B6";r=1',
    '"%EF%BF%BD";r=1',
  ]);
});

test("whatever its name, it is a list of one text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(), fc.nat(), (name, number, ms) => {
      const policies = parseList(policyItem({ name, quota: number, window: ms * 1000 }));
      expect(policies.map(([, parameters]) => parameters.get("q"))).toEqual([number]);
      const limits = parseList(limitItem(name, number, ms));
      expect(limits.map(([, parameters]) => parameters.get("r"))).toEqual([number]);
    }),
    { numRuns: 30 },
  );
});
