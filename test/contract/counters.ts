/** What every implementation of the port Counters does. */
import { describe, expect, test } from "vitest";
import type { Counters, Spending } from "../../src/rates.ts";

const minute = 60_000;
const quota = { interval: minute, burst: 10 };

/** So many minutes, less what the counting itself took. */
function minutes(count: number): unknown {
  return {
    asymmetricMatch: (ahead: unknown) => Number(ahead) <= count * minute && Number(ahead) > count * minute - 5_000,
  };
}

let keys = 0;

/** Of a key that nobody has counted under. */
function spending(spent: number, key = `key ${++keys} ${crypto.randomUUID()}`): Spending {
  return { key, quota, spent };
}

export function countersContract(what: string, create: () => Counters): void {
  describe(`counters ${what}`, () => {
    test("count what is spent, wherever from, and tell how the key stands", async () => {
      const counters = create();
      const { key } = spending(0);
      expect(await counters.count(1, [spending(0, key)])).toEqual([0]);
      expect(await counters.count(1, [spending(2, key)])).toEqual([minutes(2)]);
      expect(await counters.count(1, [spending(3, key)])).toEqual([minutes(5)]);
      expect(await counters.count(1, [spending(0, key)])).toEqual([minutes(5)]);
    });

    test("count each key by itself, in the order asked", async () => {
      const [one, two] = [spending(1), spending(4)];
      expect(await create().count(2, [one, two, spending(0), one])).toEqual([minutes(1), minutes(4), 0, minutes(2)]);
    });

    test("count what was spent too much, too", async () => {
      expect(await create().count(3, [spending(25)])).toEqual([minutes(25)]);
    });

    test("count what was spent a while ago without what has come back since, and take back what wasn't used", async () => {
      const counters = create();
      const [idle, busy] = [spending(0), spending(5)];
      const ago = { spent: 3, ahead: minute };
      expect(await counters.count(3, [{ ...idle, ...ago }, busy, { ...busy, ...ago }])).toEqual([1, 5, 8].map(minutes));
      expect(await counters.count(3, [{ ...busy, spent: -1, ahead: 0 }])).toEqual([minutes(7)]);
    });

    test("are asked by many at once, and lose nothing", async () => {
      const counters = create();
      const { key } = spending(0);
      await Promise.all(Array.from({ length: 20 }, async () => counters.count(4, [spending(1, key)])));
      expect(await counters.count(4, [spending(0, key)])).toEqual([minutes(20)]);
    });

    test("take any key, and a hundred at a time", async () => {
      const many = Array.from({ length: 100 }, (_, number) => spending(1, `${number} "'\0 ü 🛰 ${crypto.randomUUID()}`));
      expect(await create().count(5, many)).toEqual(many.map(() => minutes(1)));
    });
  });
}
