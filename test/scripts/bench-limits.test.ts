import { expect, test } from "vitest";
import { limits } from "../../scripts/bench/limits.ts";

test("each wanted crowd is timed, and judged by the target", async () => {
  const said: string[] = [];
  const stage = { rounds: 2, progress: (says: string) => void said.push(says) } as Parameters<typeof limits.run>[1];
  const { figures, tables, failures } = await limits.run((title) => title.endsWith(" 1"), stage);
  expect(said).toEqual(["limits: isolate, clients: 1", "limits: global, clients: 1"]);
  expect(failures).toEqual([]);
  const spread = { lowest: expect.any(Number), middle: expect.any(Number), highest: expect.any(Number) };
  expect(figures["limits"]).toMatchObject([
    { scope: "isolate", clients: 1, spread, verdict: { atMost: 10 } },
    { scope: "global", clients: 1, spread, verdict: { atMost: 10 } },
  ]);
  expect(tables[0]).toMatch(/isolate +1 +\d+\.\d\d/);
});
