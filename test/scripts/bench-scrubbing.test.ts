import { afterAll, beforeAll, expect, test } from "vitest";
import { stop, type Server } from "../../scripts/bench/children.ts";
import { steps } from "../../scripts/bench/scrub-steps.ts";
import { renderScrubbed, scrubbing, toScrubbed, worker } from "../../scripts/bench/scrubbing.ts";
import { startWorkerd } from "../../scripts/bench/workerd.ts";
import { openWorkshop, type Workshop } from "../../scripts/bench/workshop.ts";

let workshop: Workshop;
let server: Server;

beforeAll(async () => {
  workshop = await openWorkshop("");
  server = await startWorkerd(await workshop.furnish(worker));
});

afterAll(async () => {
  await stop(server.child);
  workshop.close();
});

const statusOf = async (path: string): Promise<number> => (await fetch(server.url + path)).status;

test.each(steps.map(({ name }, index) => [name, index + 1] as const))(
  "with %s, people are let in",
  async (_, count) => {
    expect(await statusOf(`/prepare/${count}/20`)).toBe(200);
    expect(await statusOf("/scrub")).toBe(200);
  },
);

test("who shows less than a step asks for isn't let in, and that is no figure", async () => {
  const asking = steps.flatMap(({ show }, index) => (show ? [index + 1] : []));
  expect(asking).toHaveLength(3);
  for (const count of asking) {
    expect(await statusOf(`/prepare/${count}/20/${count - 1}`)).toBe(200);
    expect(await statusOf("/scrub")).toBe(500);
  }
});

test("all of it is judged, to the digit; less isn't", () => {
  const last = steps.length - 1;
  const spread = (middle: number) => ({ middle, lowest: 1, highest: 200 });
  expect(toScrubbed(last, spread(100)).verdict).toMatchObject({ atMost: 100, met: true });
  expect(toScrubbed(last, spread(100.04)).verdict?.met).toBe(false);
  expect(toScrubbed(0, spread(200))).not.toHaveProperty("verdict");
  expect(renderScrubbed([toScrubbed(0, spread(5)), toScrubbed(last, spread(105.5))])).toMatch(
    /\nnothing on +5\.0 +1\.0–200\.0\n.+ 105\.5 +1\.0–200\.0 +100\.5 +≤ 100 µs: NOT met$/,
  );
});

test("the section measures every step, and says what goes on", async () => {
  const said: string[] = [];
  const stage = { rounds: 1, workshop, progress: (says: string) => void said.push(says) } as unknown as Parameters<
    typeof scrubbing.run
  >[1];
  const { figures } = await scrubbing.run(() => true, stage);
  const rows = figures["scrubbing"] as readonly { readonly spread: { readonly middle: number } }[];
  expect(rows).toHaveLength(steps.length);
  expect(rows.every(({ spread }) => spread.middle > 0 && spread.middle < 10_000)).toBe(true);
  expect(said).toEqual(steps.map(({ name }) => `scrubbing an ordinary visit: ${name}`));
});
