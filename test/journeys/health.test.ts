import { describe, expect, test, vi } from "vitest";
import { createTimers } from "../harness/timers.ts";
import { createWorld, type World } from "../harness/world.ts";

const names = ["frankfurt", "virginia", "singapore"] as const;
const fine = { body: "fine" };
const broken = { breaks: "before" } as const;

async function seenBy(world: World): Promise<readonly number[]> {
  return Promise.all(names.map(async (name) => (await world.origin(name).seen()).length));
}

function trailOf({ log }: World): readonly string[] {
  return log.at(-1)!["trail"] as readonly string[];
}

async function visits(world: World, times: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let visit = 0; visit < times; visit++) {
    const response = await world.visit("/");
    await response.text();
    statuses.push(response.status);
  }
  return statuses;
}

/** Nobody is asked beside an origin that is silent, or on trial. */
const patient = [{ hosts: ["www.example.com"], retry: { patience: false } }];

/** Visits from Berlin, so that frankfurt is asked first. Chance never moves anybody, unless the story says. */
async function createStory(first: object, vars: Readonly<Record<string, unknown>> = {}) {
  const chance = { value: 0.999 };
  const world = createWorld({ vars, ports: { random: () => chance.value } });
  await world.origin("frankfurt").answers("/", first);
  for (const name of ["virginia", "singapore"] as const) await world.origin(name).answers("/", fine);
  return { world, chance };
}

describe("an origin that fails", () => {
  test.each([
    ["breaks its connections", broken],
    ["answers 503", { status: 503 }],
    ["answers 502", { status: 502 }],
    ["answers 504", { status: 504 }],
  ])("is asked no more after five times when it %s, and no visit notices", async (_, answer) => {
    const { world } = await createStory(answer);
    expect(await visits(world, 20)).toEqual(Array(20).fill(200));
    expect(await seenBy(world)).toEqual([5, 20, 0]);
    expect(trailOf(world)).toContain("origin=out:frankfurt=ejected");
  });

  test.each([500, 404, 429])("with %i shows that it works", async (status) => {
    const { world } = await createStory({ status });
    expect(await visits(world, 20)).toEqual(Array(20).fill(status));
    expect(await seenBy(world)).toEqual([20, 0, 0]);
  });

  test("with 500 doesn't, where the settings say so", async () => {
    const { world } = await createStory({ status: 500 }, { SETTINGS: { eject: { statuses: [500], failures: 2 } } });
    await visits(world, 10);
    expect(await seenBy(world)).toEqual([2, 8, 0]);
  });

  test("is asked for ever where nothing is ejected", async () => {
    const { world } = await createStory({ status: 503 }, { SETTINGS: { eject: false } });
    await visits(world, 20);
    expect(await seenBy(world)).toEqual([20, 20, 0]);
  });

  test("is told when it is ejected, tried and back, and gets more visits by and by", async () => {
    const { world, chance } = await createStory(broken, { SITES: patient });
    await visits(world, 5);
    expect(trailOf(world)).toContain("origin=ejected:frankfurt=failures");
    world.clock.advance(10);
    await visits(world, 1);
    expect(trailOf(world)).toContain("origin=ejected:frankfurt=trial");
    world.clock.advance(20);
    await world.origin("frankfurt").answers("/", fine);
    await visits(world, 1);
    expect(trailOf(world)).toContain("origin=returned:frankfurt");
    expect(await seenBy(world)).toEqual([7, 6, 0]);

    await visits(world, 1);
    expect(trailOf(world)).toContain("origin=out:frankfurt=returning");
    chance.value = 0.05;
    await visits(world, 1);
    chance.value = 0.999;
    world.clock.advance(30);
    await visits(world, 1);
    expect(await seenBy(world)).toEqual([9, 7, 0]);
  });

  test("isn't tried again by what can't be repeated elsewhere", async () => {
    const { world } = await createStory(broken);
    await visits(world, 5);
    world.clock.advance(10);
    expect((await world.visit("/", { method: "POST", body: "x" })).status).toBe(200);
    expect(await seenBy(world)).toEqual([5, 6, 0]);
  });

  test("because its clients leave, doesn't", async () => {
    const { world } = await createStory({ delay: 1000, body: "late" });
    for (let visit = 0; visit < 6; visit++) {
      const leaving = new AbortController();
      const response = world.visit("/", { method: "POST", signal: leaving.signal });
      setTimeout(() => leaving.abort(), 10);
      expect((await response).status).toBe(400);
    }
    expect(world.edge.fleet.origin("frankfurt").condition).toMatchObject({ failures: 0, ejection: undefined });
  });

  test("in the middle of bodies is ejected too, and no client notices", async () => {
    const file = { bytes: 200_000, ranges: true, headers: { etag: '"1"', "cache-control": "no-store" } };
    const { world } = await createStory({ ...file, breaks: 70_000 });
    for (const name of ["virginia", "singapore"] as const) await world.origin(name).answers("/", file);
    for (let visit = 0; visit < 14; visit++) expect((await (await world.visit("/")).bytes()).length).toBe(200_000);
    expect((await seenBy(world))[0]).toBeLessThan(14);
    expect(world.edge.fleet.origin("frankfurt").condition.ejection).toMatchObject({ why: "rate" });
  });
});

describe("an origin that falls silent", () => {
  test("gets no further visits while those wait that it has, and is back with its first answer", async () => {
    const timers = createTimers();
    const world = createWorld({ vars: { SITES: patient }, ports: { after: timers.after } });
    const { unheard } = world.edge.fleet.origin("frankfurt");
    for (const name of names) await world.origin(name).answers("/well", { body: name });
    await world.origin("frankfurt").answers("/", { stalls: "before" });
    await world.origin("virginia").answers("/", fine);

    const waiting = Array.from({ length: 5 }, () => world.visit("/", { method: "DELETE" }));
    await vi.waitFor(() => expect(unheard.count).toBe(5));
    expect(await (await world.visit("/well")).text()).toBe("frankfurt");
    world.clock.advance(10);
    expect(await (await world.visit("/well?again")).text()).toBe("virginia");
    expect(trailOf(world)).toContain("origin=out:frankfurt=silent");

    for (let visit = 0; visit < 5; visit++) timers.pass(30_000, world.clock);
    expect(await Promise.all(waiting.map(async (visit) => (await visit).status))).toEqual(Array(5).fill(200));
    expect(unheard.count).toBe(0);
  });
});

describe("when all fail", () => {
  test("all are tried all the same, as far as the budget goes, and the first that is well again serves", async () => {
    const { world } = await createStory(broken, { SETTINGS: { eject: { share: "100%" } } });
    for (const name of ["virginia", "singapore"] as const) await world.origin(name).answers("/", broken);
    expect(await visits(world, 12)).toEqual(Array(12).fill(502));
    expect(world.edge.fleet.ejected.size).toBe(3);
    await world.origin("singapore").answers("/", fine);
    const statuses: number[] = [];
    for (let second = 0; second < 30; second++) {
      world.clock.advance(1);
      statuses.push(...(await visits(world, 1)));
    }
    const back = statuses.indexOf(200);
    expect(back).toBeGreaterThanOrEqual(0);
    expect(back).toBeLessThan(20);
    expect(statuses.slice(back)).toEqual(statuses.slice(back).map(() => 200));
    expect(world.log.slice(-30).flatMap(({ trail }) => trail)).toContain("origin=none-usable");
  });

  test("one of two is never out: a backup that fails too leaves the first in use", async () => {
    const { world } = await createStory(broken, {
      SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt", "virginia"] }],
    });
    await world.origin("virginia").answers("/", broken);
    await visits(world, 20);
    expect(world.edge.fleet.ejected.size).toBe(2);
    expect(trailOf(world)).not.toContain("origin=none-usable");
  });

  test("a backup serves when all before it are out", async () => {
    const { world } = await createStory(broken);
    await world.origin("virginia").answers("/", broken);
    expect(await visits(world, 20)).toEqual(Array(20).fill(200));
    expect((await seenBy(world)).map((count) => count < 20)).toEqual([true, true, false]);
  });
});
