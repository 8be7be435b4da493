import { expect, test } from "vitest";
import { hasPassed } from "../../src/http/cdn-loop.ts";

const cases: readonly [cdnLoop: string | undefined, passed: boolean][] = [
  [undefined, false],
  ["", false],
  ["perigee", true],
  ["Perigee", true],
  ["foo.example, perigee", true],
  ['foo123.foocdn.example, barcdn.example; trace="abcdef"', false],
  ["foo.example;x=1 , perigee ; v=2, last", true],
  ["perigee.example", false],
  ["notperigee", false],
  ["foo;name=perigee", false],
  ['foo;x="never closed, perigee', true],
];

test.each(cases)("CDN-Loop: %s", (cdnLoop, passed) => {
  expect(hasPassed(cdnLoop, "perigee")).toBe(passed);
});
