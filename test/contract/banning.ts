/** What every implementation of the port Banning does. */
import { describe, expect, test } from "vitest";
import type { Banning, BanPolicy } from "../../src/rates.ts";

const minute = 60_000;

/** More than three misdeeds in an hour: ten minutes, then twenty, at most half an hour. */
const policy: BanPolicy = { quota: { interval: 20 * minute, burst: 3 }, first: 10 * minute, most: 30 * minute };

function lasting(minutes: number): unknown {
  return {
    asymmetricMatch: (lasts: unknown) => Number(lasts) <= minutes * minute && Number(lasts) > minutes * minute - 5_000,
  };
}

export function banningContract(what: string, create: () => Banning): void {
  describe(`banning ${what}`, () => {
    const somebody = (): string => crypto.randomUUID();
    const since = async (banning: Banning): Promise<number> =>
      (await banning.look({ policy, offences: [], since: Number.MAX_SAFE_INTEGER })).seen;

    test("bans who does more than is let pass, wherever, and nobody else", async () => {
      const banning = create();
      const from = await since(banning);
      const [bad, good] = [somebody(), somebody()];
      const once = await banning.look({
        policy,
        offences: [
          [bad, 2],
          [good, 3],
        ],
        since: from,
      });
      expect(once).toEqual({ bans: [], seen: from });
      const again = await banning.look({ policy, offences: [[bad, 2]], since: from });
      expect(again).toEqual({ bans: [[bad, lasting(10)]], seen: expect.any(Number) });
      expect(again.seen).toBeGreaterThan(from);
    });

    test("tells each ban once to who looks on, and all of them to who is new", async () => {
      const banning = create();
      const [one, other] = [somebody(), somebody()];
      const first = await banning.look({ policy, offences: [[one, 4]], since: await since(banning) });
      const second = await banning.look({ policy, offences: [[other, 4]], since: first.seen });
      expect(second.bans).toEqual([[other, lasting(10)]]);
      expect((await banning.look({ policy, offences: [], since: second.seen })).bans).toEqual([]);
      const all = (await banning.look({ policy, offences: [], since: 0 })).bans.map(([group]) => group);
      expect(all).toEqual(expect.arrayContaining([one, other]));
    });

    test("hears nothing more of who is banned", async () => {
      const banning = create();
      const bad = somebody();
      const { seen } = await banning.look({ policy, offences: [[bad, 4]], since: 0 });
      expect((await banning.look({ policy, offences: [[bad, 100]], since: seen })).bans).toEqual([]);
    });

    test("takes any name, and a thousand at a time", async () => {
      const banning = create();
      const offences = Array.from({ length: 1_000 }, () => [`'"\0ü🛰 ${somebody()}`, 4] as const);
      const { bans } = await banning.look({ policy, offences, since: await since(banning) });
      expect(bans.map(([group]) => group)).toEqual(offences.map(([group]) => group));
    });
  });
}
