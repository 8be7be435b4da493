import { expect, test, vi } from "vitest";
import type { Edge } from "../../../src/edge.ts";
import { hashOf } from "../../../src/http/hash.ts";
import { createRates } from "../../../src/platform/memory/rates.ts";
import { mostSpendings, shards, type Counters } from "../../../src/rates.ts";
import { isHeard, report, type Told } from "../../../src/scrub/rates/report.ts";

const quota = { interval: 1_000, burst: 8 };

/** An isolate, what it asked, and a way to answer that. */
function isolate() {
  const clock = { now: 1e12 };
  const asked: (readonly [key: string, spent: number])[][] = [];
  const answers: PromiseWithResolvers<readonly number[]>[] = [];
  const deferred: Promise<unknown>[] = [];
  const counters: Counters = {
    async count(_, spendings) {
      asked.push(spendings.map(({ key, spent }) => [key, spent]));
      answers.push(Promise.withResolvers());
      return answers.at(-1)!.promise;
    },
  };
  const rates = createRates();
  const edge = { now: () => clock.now, counters, rates, defer: (work: Promise<unknown>) => void deferred.push(work) };
  const tell = (key: string, spent = 0): Told => {
    const told: Told = { key, tally: rates.tally(key), quota, tellAfter: 1 };
    told.tally.spent += spent;
    report(told, edge as unknown as Edge);
    return told;
  };
  const answer = async (...ahead: number[]): Promise<void> => {
    answers.shift()!.resolve(ahead);
    await Promise.all(deferred.splice(0));
  };
  const fail = async (): Promise<void> => {
    vi.spyOn(console, "error").mockImplementationOnce(() => undefined);
    answers.shift()!.reject(new Error("down"));
    await Promise.all(deferred.splice(0));
  };
  return { clock, asked, tell, answer, fail, edge: edge as unknown as Edge };
}

test("the first visit of a key asks at once, and hears how it stands", async () => {
  const { asked, tell, answer, clock } = isolate();
  const { tally } = tell("a", 1);
  expect(asked).toEqual([[["a", 1]]]);
  expect(tally).toMatchObject({ spent: 0, sent: 1 });
  tally.spent++;
  await answer(5_000);
  // What was spent meanwhile comes on top.
  expect(tally).toMatchObject({ tat: clock.now + 6_000, spent: 1, sent: 0, heardAt: clock.now });
});

test("later ones ask when enough is spent, or five seconds have passed", async () => {
  const { asked, tell, answer, clock, edge } = isolate();
  tell("a", 1);
  await answer(1_000);
  const big: Told = { key: "a", tally: edge.rates.tally("a"), quota, tellAfter: 10 };
  big.tally.spent = 9;
  report(big, edge);
  expect(asked).toHaveLength(1);
  big.tally.spent++;
  report(big, edge);
  expect(asked.at(-1)).toEqual([["a", 10]]);
  await answer(11_000);
  clock.now += 4_999;
  report(big, edge);
  expect(asked).toHaveLength(2);
  clock.now += 1;
  report(big, edge);
  expect(asked.at(-1)).toEqual([["a", 0]]);
});

test("one shard is asked once at a time, then for what came meanwhile, a hundred keys at most", async () => {
  const { asked, tell, answer } = isolate();
  const shardOf = (key: string): number => hashOf(key) % shards;
  const keys = Array.from({ length: 20_000 }, (_, number) => `key ${number}`).filter(
    (key) => shardOf(key) === shardOf("first"),
  );
  tell("first", 1);
  for (const key of keys) tell(key, 1);
  expect([keys.length > 150, asked.length]).toEqual([true, 1]);
  await answer(1_000);
  tell("first", 4);
  expect(asked.at(-1)).toEqual(keys.slice(0, mostSpendings).map((key) => [key, 1]));
});

test("a shard that fails is left alone for ten seconds, and told of everything then", async () => {
  const { asked, tell, fail, answer, clock, edge } = isolate();
  const told = tell("a", 2);
  await fail();
  expect(isHeard(told, edge)).toBe(false);
  expect(told.tally).toMatchObject({ spent: 2, sent: 0 });
  clock.now += 9_999;
  tell("a", 1);
  expect(asked).toHaveLength(1);
  clock.now += 1;
  tell("a", 1);
  expect(asked.at(-1)).toEqual([["a", 4]]);
  expect(isHeard(told, edge)).toBe(false);
  await answer(4_000);
  expect(isHeard(told, edge)).toBe(true);
});

test("a question that never comes back is given up after three seconds, and what it told is told again", () => {
  const { asked, tell, clock } = isolate();
  tell("a", 1);
  clock.now += 3_000;
  tell("a", 1);
  expect(asked).toHaveLength(1);
  clock.now += 1;
  tell("a", 1);
  expect(asked.at(-1)).toEqual([["a", 3]]);
});
