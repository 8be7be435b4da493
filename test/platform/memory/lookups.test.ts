import { expect, test } from "vitest";
import type { Found } from "../../../src/lookups.ts";
import { createLookups } from "../../../src/platform/memory/lookups.ts";

/** A teller that is asked, each time for the next of its answers; those that are errors are thrown. */
function scene(...answers: (string | Error)[]) {
  const clock = { now: 1_000_000 };
  const deferred: Promise<unknown>[] = [];
  const lookups = createLookups({ now: () => clock.now, defer: (work) => void deferred.push(work) });
  const asked: number[] = [];
  const ask = async (): Promise<Found<string>> => {
    const answer = answers[asked.push(clock.now) - 1] ?? expect.unreachable("asked too often");
    if (answer instanceof Error) throw answer;
    return { value: answer, fresh: 60_000 };
  };
  const lookup = { ask, stale: 600_000, again: 10_000 };
  const settle = async (): Promise<void> => void (await Promise.all(deferred.splice(0)));
  return { lookups, lookup, clock, asked, settle };
}

test("what isn't known is asked for in the background, once, and then known", async () => {
  const { lookups, lookup, asked, settle } = scene("one");
  expect(lookups.known("key", lookup)).toBeUndefined();
  expect(lookups.known("key", lookup)).toBeUndefined();
  await settle();
  expect(lookups.known("key", lookup)).toBe("one");
  expect(asked).toHaveLength(1);
});

test("those who wait get the same answer, asked for once", async () => {
  const { lookups, lookup, asked } = scene("one");
  expect(await Promise.all([lookups.wait("key", lookup), lookups.wait("key", lookup)])).toEqual(["one", "one"]);
  expect(await lookups.wait("key", lookup)).toBe("one");
  expect(asked).toHaveLength(1);
});

test("past being fresh it is used while it is asked for anew, by those who would wait too", async () => {
  const { lookups, lookup, clock, asked, settle } = scene("one", "two");
  await lookups.wait("key", lookup);
  clock.now += 59_999;
  expect(await lookups.wait("key", lookup)).toBe("one");
  expect(asked).toHaveLength(1);
  clock.now += 1;
  expect(await lookups.wait("key", lookup)).toBe("one");
  await settle();
  expect(lookups.known("key", lookup)).toBe("two");
});

test("one that fails is not asked again at once, and what was known holds until it is too old", async () => {
  const { lookups, lookup, clock, asked, settle } = scene("one", new Error("down"), new Error("down"), "two");
  await lookups.wait("key", lookup);
  clock.now += 60_000;
  expect(lookups.known("key", lookup)).toBe("one");
  await settle();
  clock.now += 9_999;
  expect(lookups.known("key", lookup)).toBe("one");
  expect(asked).toHaveLength(2);
  clock.now += 600_000;
  expect(await lookups.wait("key", lookup)).toBeUndefined();
  expect(await lookups.wait("key", lookup)).toBeUndefined();
  expect(asked).toHaveLength(3);
  clock.now += 10_000;
  expect(await lookups.wait("key", lookup)).toBe("two");
});

test("a newer one is asked for though it is fresh, but not again and again", async () => {
  const { lookups, lookup, clock, asked } = scene("one", "two");
  expect(await lookups.renew("key", lookup)).toBe("one");
  expect(await lookups.renew("key", lookup)).toBe("one");
  clock.now += 10_000;
  expect(await lookups.renew("key", lookup)).toBe("two");
  expect(asked).toHaveLength(2);
});

test("is bounded: what was asked for longest ago is forgotten", async () => {
  const { lookups, clock } = scene();
  const about = (value: string) => ({ ask: async () => ({ value, fresh: 60_000 }), stale: 0, again: 0 });
  await lookups.wait("first", about("first"));
  for (let at = 0; at < 9_999; at++) await lookups.wait(`key ${at}`, about(String(at)));
  expect(lookups.known("first", about("changed"))).toBe("first");
  await lookups.wait("one more", about("one more"));
  expect(await lookups.wait("key 0", about("changed"))).toBe("changed");
  expect(await lookups.wait("first", about("changed"))).toBe("first");
  expect(clock.now).toBe(1_000_000);
});
