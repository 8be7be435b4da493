import { expect, test } from "vitest";
import { pauseBefore } from "../../../src/origin/ask/backoff.ts";

test.each([
  [1, 25],
  [2, 50],
  [3, 100],
  [4, 200],
  [5, 250],
  [60, 250],
])("the pause before an origin is asked again, %i times, is anywhere up to %i ms", (again, most) => {
  expect([0, 0.5, 1].map((random) => pauseBefore(again, 25, random))).toEqual([0, most / 2, most]);
});
