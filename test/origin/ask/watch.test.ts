import { expect, test } from "vitest";
import { watch } from "../../../src/origin/ask/watch.ts";
import { createTimers } from "../../harness/timers.ts";

function createWatch() {
  const clock = { now: 1e12 };
  const timers = createTimers();
  const stalls: number[] = [];
  const watching = watch(
    60_000,
    { now: () => clock.now, after: timers.after },
    () => void stalls.push(clock.now - 1e12),
  );
  return { clock, timers, stalls, watching };
}

test("a wait that takes too long is noticed when it does", () => {
  const { clock, timers, stalls, watching } = createWatch();
  watching.begin();
  timers.pass(60_000, clock);
  expect(stalls).toEqual([60_000]);
});

test("every wait has the whole time, by one timer", () => {
  const { clock, timers, stalls, watching } = createWatch();
  watching.begin();
  clock.now += 45_000;
  watching.end();
  watching.begin();
  expect(timers.waiting()).toEqual([60_000]);
  clock.now += 15_000;
  timers.pass(60_000, { ...clock });
  expect([stalls, timers.waiting()]).toEqual([[], [45_000]]);
  timers.pass(45_000, clock);
  expect(stalls).toEqual([105_000]);
});

test("a reader that takes its time is not taken for a sender that does", () => {
  const { clock, timers, stalls, watching } = createWatch();
  watching.begin();
  watching.end();
  for (let minute = 0; minute < 10; minute++) timers.pass(60_000, clock);
  expect(stalls).toEqual([]);
});

test("nothing is waited for when it is closed", () => {
  const { timers, watching } = createWatch();
  watching.begin();
  watching.close();
  expect(timers.waiting()).toEqual([]);
});
