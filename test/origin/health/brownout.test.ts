import { expect, test } from "vitest";
import type { Brownout } from "../../../src/config/upstream.ts";
import { stepOf } from "../../../src/origin/health/brownout.ts";

const declared: Brownout = { stale: 0.5, shed: { at: 0.7, bots: new Set(["gptbot"]) }, refuse: 0.9 };
const person = { bot: "", hasStandIn: false };

test.each([
  [0.49, undefined, undefined, undefined],
  [0.5, "stale", undefined, undefined],
  [0.7, "stale", "shed", undefined],
  [0.9, "stale", "shed", "refuse"],
  [1, "stale", "shed", "refuse"],
])("at %d: what is stored, a named bot, all others", (load, stored, bot, other) => {
  const steps = [{ ...person, hasStandIn: true }, { ...person, bot: "gptbot" }, person];
  expect(steps.map((each) => stepOf(declared, load, each))).toEqual([stored, bot, other]);
});

test("a bot that isn't named is like anybody", () => {
  expect(stepOf(declared, 0.8, { ...person, bot: "bingbot" })).toBeUndefined();
});

test("what isn't declared is never done", () => {
  const nothing = { stale: undefined, shed: undefined, refuse: undefined };
  expect(stepOf(nothing, 1, { bot: "gptbot", hasStandIn: true })).toBeUndefined();
});
