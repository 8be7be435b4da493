/** Origins that are probed in the background, and visits that never wait for that. */
import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createWatched, names, type Watched } from "../harness/watched.ts";

const down: OriginAnswer = { status: 500 };
const up: OriginAnswer = {};

async function set(world: Watched, name: (typeof names)[number], health: OriginAnswer): Promise<void> {
  await world.origin(name).answers("/healthz", health);
  await world.origin(name).answers("/", { body: name });
}

async function storyOf(frankfurt: OriginAnswer, check?: object, options?: Parameters<typeof createWatched>[1]) {
  const world = createWatched(check, options);
  for (const name of names) await set(world, name, name === "frankfurt" ? frankfurt : up);
  return world;
}

/** Who answers, and what is left behind comes to its end. */
async function see(world: Watched): Promise<string> {
  const text = await (await world.visit("/")).text();
  await world.settle();
  return text;
}

function trailOf({ log }: Watched): readonly string[] {
  return log.at(-1)!["trail"] as readonly string[];
}

async function probesOf(world: Watched, name: (typeof names)[number]): Promise<number> {
  return (await world.origin(name).seen()).filter(({ target }) => target === "/healthz").length;
}

/** Seconds pass in which somebody visits every five. */
async function live(world: Watched, seconds: number): Promise<readonly string[]> {
  const seen: string[] = [];
  for (let at = 0; at < seconds; at += 5) {
    await world.pass(5);
    seen.push(await see(world));
  }
  return seen;
}

describe("an origin that probes find bad", () => {
  test("isn't asked from the third on, and is again from the second good one on", async () => {
    const world = await storyOf(down);
    const before = await live(world, 30);
    expect(new Set(before.slice(0, 4))).toEqual(new Set(["frankfurt"]));
    expect(await live(world, 10)).toEqual(["virginia", "virginia"]);
    expect(trailOf(world)).toContain("origin=out:frankfurt=down");

    await set(world, "frankfurt", up);
    const risen = await live(world, 60);
    expect([risen[0], risen.at(-1)]).toEqual(["virginia", "frankfurt"]);
  });

  test("is asked like any other when all are", async () => {
    const world = await storyOf(down);
    for (const name of names) await set(world, name, down);
    expect((await live(world, 60)).at(-1)).toBe("frankfurt");
    expect(trailOf(world)).toContain("origin=none-usable");
  });

  test("and was ejected is tried as soon as it rises", async () => {
    const world = await storyOf(down);
    await live(world, 40);
    const { condition } = world.edge.fleet.origin("frankfurt");
    const now = world.clock.now;
    condition.ejection = { why: "trial", since: now, at: now, until: now + 300_000 };
    world.edge.fleet.ejected.add("frankfurt");
    await set(world, "frankfurt", up);
    await live(world, 30);
    expect(condition.ejection).toBeUndefined();
  });
});

describe("probing", () => {
  test("begins with the first visit, goes on at its interval, and stops a minute after the last", async () => {
    const world = await storyOf(up);
    await world.pass(60);
    expect([await probesOf(world, "frankfurt"), world.isProbing()]).toEqual([0, false]);
    await see(world);
    await world.pass(60);
    expect(await probesOf(world, "frankfurt")).toBe(6);
    await world.pass(300);
    expect([await probesOf(world, "frankfurt"), world.isProbing()]).toEqual([6, false]);
    await see(world);
    await world.pass(1);
    expect(await probesOf(world, "frankfurt")).toBe(7);
  });

  test("is hastened by a location that has ejected an origin, and one bad probe then is enough", async () => {
    const world = await storyOf(up);
    await live(world, 20);
    await world.origin("frankfurt").answers("/", { breaks: "before" });
    await world.origin("frankfurt").answers("/healthz", down);
    for (let visit = 0; visit < 5; visit++) await see(world);
    await world.pass(6);
    await see(world);
    expect(world.looks.at(-1)).toEqual([{ origin: "frankfurt", why: "failures" }]);
    await world.pass(6);
    await see(world);
    expect(world.edge.fleet.origin("frankfurt").probed).toMatchObject({ isUp: false, why: "500" });
  });
});

describe("a location", () => {
  test("looks every five seconds at most", async () => {
    const world = await storyOf(up);
    for (let second = 0; second < 20; second++) {
      await see(world);
      await see(world);
      world.clock.advance(1);
    }
    expect(world.looks).toHaveLength(4);
  });

  test("waits for nobody who says nothing, and asks no second time meanwhile", async () => {
    let looks = 0;
    const silent = () => async () => {
      looks += 1;
      return new Promise<never>(() => undefined);
    };
    const world = await storyOf(up, {}, { way: silent });
    for (let visit = 0; visit < 5; visit++) {
      expect(await (await world.visit("/")).text()).toBe("frankfurt");
      world.clock.advance(60);
    }
    expect(looks).toBe(1);
  });

  test("believes a view no longer than three intervals, and a little more", async () => {
    let isThere = true;
    const world = await storyOf(
      down,
      {},
      {
        way: (look) => async (region, reports) => {
          if (!isThere) throw new Error("not reachable");
          return look(region, reports);
        },
      },
    );
    expect((await live(world, 40)).at(-1)).toBe("virginia");
    isThere = false;
    expect((await live(world, 25)).at(-1)).toBe("virginia");
    expect((await live(world, 30)).at(-1)).toBe("frankfurt");
  });
});
