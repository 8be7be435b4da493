import fc from "fast-check";
import { expect, test } from "vitest";
import type { Origin } from "../../../src/config/upstream.ts";
import { enter, fullness, isFull, keepPromise, wakeNext } from "../../../src/origin/health/gate.ts";
import { createTimers } from "../../harness/timers.ts";
import { edgeWith } from "../../harness/rooms.ts";
import { originWith } from "../choose/asker.ts";

/** An origin that takes two at once, and lets three wait for a second. */
function createGate(parts: Partial<Origin> = {}) {
  const clock = { now: 1e12 };
  const timers = createTimers();
  const edge = edgeWith({}, { now: () => clock.now, after: timers.after });
  const origin = originWith("o", { maxConnections: 2, queue: { length: 3, wait: 1_000 }, ...parts });
  const state = edge.fleet.origin("o");
  const got: string[] = [];

  /** Somebody comes, who is asked for when it is let in. */
  async function comes(name: string): Promise<void> {
    const entry = enter(origin, edge);
    const isIn = entry === true || (await entry);
    if (isIn && entry !== true) keepPromise(state);
    if (isIn) state.inFlight++;
    got.push(`${name}:${isIn ? "in" : "full"}`);
  }
  async function goes(): Promise<void> {
    state.inFlight--;
    wakeNext(state, clock.now);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { clock, timers, edge, origin, state, got, comes, goes };
}

test("as many enter as it takes, the next wait in line, and who finds the line full doesn't", async () => {
  const { got, comes, goes, state } = createGate();
  const visits = ["a", "b", "c", "d", "e", "f"].map(comes);
  await Promise.all([visits[0], visits[1], visits[5]]);
  expect(got).toEqual(["a:in", "b:in", "f:full"]);
  for (let each = 0; each < 3; each++) await goes();
  expect(got.slice(3)).toEqual(["c:in", "d:in", "e:in"]);
  expect([state.inFlight, state.gate.promised, state.gate.waiting]).toEqual([2, 0, []]);
});

test("nobody waits longer than that", async () => {
  const { got, comes, timers, clock, state } = createGate({ maxConnections: 1 });
  await comes("a");
  const waiting = comes("b");
  await timers.elapse(1_000, clock);
  await waiting;
  expect([got, state.gate.waiting, timers.waiting()]).toEqual([["a:in", "b:full"], [], []]);
});

test("who comes when a place is free, but others wait, goes behind them", async () => {
  const { got, comes, state, origin, goes, clock } = createGate({ maxConnections: 1 });
  await comes("a");
  const [b] = [comes("b")];
  state.inFlight--;
  expect(isFull(origin, state, clock.now)).toBe(true);
  const c = comes("c");
  wakeNext(state, clock.now);
  await b;
  await goes();
  await c;
  expect(got).toEqual(["a:in", "b:in", "c:in"]);
});

test("one that can't go on waiting, because its client has left, is forgotten when its time is up", () => {
  const { edge, origin, state, clock } = createGate({ queue: { length: 1, wait: 1_000 } });
  state.inFlight = 2;
  state.gate.waiting.push({ until: clock.now + 1_000, wake: () => undefined });
  expect(enter(origin, edge)).toBe(false);
  clock.now += 1_001;
  expect(enter(origin, edge)).toBeInstanceOf(Promise);
  expect(state.gate.waiting).toHaveLength(1);
  state.inFlight = 0;
  clock.now += 1_001;
  expect(enter(origin, edge)).toBe(true);
});

test("one without a limit takes all at once", () => {
  const { edge, origin, state, clock } = createGate({ maxConnections: undefined });
  state.inFlight = 1e6;
  expect([enter(origin, edge), fullness(origin, state, clock.now)]).toEqual([true, 0]);
});

test("how full it is, with its line", () => {
  const { origin, state, clock } = createGate();
  const at = (inFlight: number): number => {
    state.inFlight = inFlight;
    return fullness(origin, state, clock.now);
  };
  expect([0, 1, 5, 9].map(at)).toEqual([0, 0.2, 1, 1]);
});

test("never more than its limit are in, and who is let in was in front, whatever the order of coming and going", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 40 }), async (steps) => {
      const { got, comes, goes, state, timers, clock } = createGate();
      const visits: Promise<void>[] = [];
      for (const isComing of steps) {
        if (isComing) visits.push(comes(String(visits.length)));
        else if (state.inFlight > 0) await goes();
        expect(state.inFlight + state.gate.promised).toBeLessThanOrEqual(2);
      }
      while (state.gate.waiting.length > 0) {
        timers.pass(1_000, clock);
        await Promise.resolve();
      }
      await Promise.all(visits);
      const entered = got.filter((each) => each.endsWith(":in")).map((each) => Number.parseInt(each, 10));
      expect(entered).toEqual(entered.toSorted((one, other) => one - other));
      expect([state.gate.promised, state.gate.waiting]).toEqual([0, []]);
    }),
    { numRuns: 30 },
  );
});
