import { expect, test } from "vitest";
import { finishing } from "../../src/cache/finishing.ts";

const mb = 1 << 20;
const nobody = (): boolean => false;

test.each([
  ["all of it is little", mb, [1, 2, mb], [true, true, true]],
  ["little of it is to come", 10 * mb, [9 * mb, 10 * mb], [true, true]],
  ["half of it has come", 10 * mb, [5 * mb, 8 * mb], [true, true]],
  ["it has just begun", 10 * mb, [1], [false]],
  ["less than half of it has come", 10 * mb, [4 * mb], [false]],
  ["nobody knows how long it is: as much again", undefined, [4 * mb, 8 * mb, 8 * mb + 1], [true, true, false]],
  ["nobody knows how long it is: what is little", undefined, [1, mb + 1, mb + 2], [true, true, false]],
] as const)("a body is fetched on for nobody while %s", (_, length, at, goesOn) => {
  const decides = finishing(length, nobody);
  expect(at.map(decides)).toEqual(goesOn);
});

test("for those who wait, however long it is, until they have left, too", () => {
  let isAwaited = true;
  const decides = finishing(100 * mb, () => isAwaited);
  expect(decides(1)).toBe(true);
  isAwaited = false;
  expect(decides(2)).toBe(false);
});
