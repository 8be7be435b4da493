import { describe, expect, test } from "vitest";
import { createBanBook } from "../../src/platform/memory/banning.ts";
import type { Banning } from "../../src/rates.ts";
import { berlin, createWorld, type Place, type VisitOptions, type World } from "../harness/world.ts";

const stranger = { ...berlin, ip: "192.0.2.99" };
const bans = { after: "3/1m", first: "10m", most: "1h", except: ["198.51.100.0/24"] };

interface Options {
  readonly settings?: object;
  readonly rules?: readonly object[];
  readonly banning?: Banning;
  readonly beside?: World;
}

async function worldWith({ settings = bans, rules = [], banning, beside }: Options = {}): Promise<World> {
  const vars = { SETTINGS: { bans: settings }, RULES: rules };
  const world = createWorld({ vars, ports: banning ? { banning } : {}, ...(beside && { beside }) });
  await world.origin("frankfurt").answers("/", { body: "page", headers: { "cache-control": "no-store" } });
  await world.origin("frankfurt").answers("/none", { body: "nothing", status: 404 });
  return world;
}

async function statusOf(world: World, target: string, from: Place = berlin, init: VisitOptions = {}): Promise<number> {
  const response = await world.visit(target, { from, ...init });
  await response.text();
  await world.settle();
  return response.status;
}

async function expectMisdeeds(world: World, times: number, from?: Place): Promise<void> {
  for (let time = 0; time < times; time++) expect(await statusOf(world, "/none", from)).toBe(404);
}

describe("who asks for what isn't there again and again", () => {
  test("is banned, and nobody else is", async () => {
    const world = await worldWith();
    await expectMisdeeds(world, 4);
    world.clock.advance(1);
    await statusOf(world, "/", stranger);
    const before = (await world.origin("frankfurt").seen()).length;

    const banned = await world.visit("/");
    expect(banned.status).toBe(403);
    expect(banned.headers.get("retry-after")).toBe("600");
    expect(banned.headers.get("cache-control")).toBe("no-store");
    expect(banned.headers.get("cache-status")).toBe("perigee; detail=banned");
    expect(await banned.text()).toMatch(/^Access denied for now\. Please try again later\.\nVisit \w+\n$/);
    expect(world.log.at(-1)).toMatchObject({
      status: 403,
      because: "banned",
      trail: ["site=www.example.com", "scrub=banned"],
    });
    expect((await world.origin("frankfurt").seen()).length).toBe(before);
    expect(await statusOf(world, "/", stranger)).toBe(200);
  });

  test("is let in again when the time is up, and out for longer the next time", async () => {
    const world = await worldWith();
    await expectMisdeeds(world, 4);
    world.clock.advance(1);
    await statusOf(world, "/", stranger);
    world.clock.advance(598.5);
    const { headers, status } = await world.visit("/");
    expect([status, headers.get("retry-after")]).toEqual([403, "2"]);
    world.clock.advance(1.5);
    expect(await statusOf(world, "/")).toBe(200);
    await expectMisdeeds(world, 4);
    world.clock.advance(1);
    await statusOf(world, "/", stranger);
    expect((await world.visit("/")).headers.get("retry-after")).toBe("1200");
  });

  test("slowly is not", async () => {
    const world = await worldWith();
    for (let time = 0; time < 12; time++) {
      await expectMisdeeds(world, 1);
      world.clock.advance(20);
    }
    expect(await statusOf(world, "/")).toBe(200);
  });

  test("by any address of an IPv6 network is banned with all of them", async () => {
    const world = await worldWith();
    for (let time = 1; time <= 4; time++) await expectMisdeeds(world, 1, { ...berlin, ip: `2001:db8::${time}` });
    world.clock.advance(1);
    await statusOf(world, "/", stranger);
    expect(await statusOf(world, "/", { ...berlin, ip: "2001:db8::99" })).toBe(403);
    expect(await statusOf(world, "/", { ...berlin, ip: "2001:db8:0:1::99" })).toBe(200);
  });

  test("is not when it is excepted, or of no known address", async () => {
    const world = await worldWith();
    for (const ip of ["198.51.100.7", ""]) {
      await expectMisdeeds(world, 10, { ...berlin, ip });
      world.clock.advance(6);
      await statusOf(world, "/", stranger);
      expect(await statusOf(world, "/", { ...berlin, ip })).toBe(200);
    }
  });

  test("is not without the setting", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/none", { body: "nothing", status: 404 });
    await expectMisdeeds(world, 30);
    world.clock.advance(6);
    await expectMisdeeds(world, 1);
  });
});

describe("what is a misdeed", () => {
  const rules = [{ when: 'request.path == "/admin"', block: 404 }];

  test.each([
    ["a refusal by a rule", "/admin", {}, 404],
    ["a path that is none", "/..%2f..%2fetc/passwd", {}, 400],
    ["too large a request", "/", { headers: { cookie: "a".repeat(10_000) } }, 431],
  ])("%s", async (_, target, init, status) => {
    const world = await worldWith({ settings: { ...bans, of: ["refused"] }, rules });
    for (let time = 0; time < 4; time++) expect(await statusOf(world, target, berlin, init)).toBe(status);
    world.clock.advance(1);
    await statusOf(world, "/", stranger);
    expect(await statusOf(world, "/")).toBe(403);
  });

  test("a status of an answer, when it is among them; being banned is none", async () => {
    const world = await worldWith({ settings: { ...bans, of: [401] }, rules });
    await world.origin("frankfurt").answers("/login", { body: "no", status: 401 });
    await expectMisdeeds(world, 10);
    for (let time = 0; time < 10; time++) await statusOf(world, "/admin");
    world.clock.advance(6);
    expect(await statusOf(world, "/")).toBe(200);
    for (let time = 0; time < 4; time++) await statusOf(world, "/login");
    world.clock.advance(1);
    await statusOf(world, "/", stranger);
    for (let time = 0; time < 10; time++) expect(await statusOf(world, "/")).toBe(403);
    world.clock.advance(600);
    expect(await statusOf(world, "/")).toBe(200);
  });
});

describe("in all locations", () => {
  async function twoPlaces(way: (banning: Banning) => Banning = (same) => same) {
    const scene = createWorld();
    const book = createBanBook(() => scene.clock.now);
    const banning = way({ look: async (told) => structuredClone(book.look(structuredClone(told))) });
    const here = await worldWith({ banning, beside: scene });
    const there = await worldWith({ banning, beside: scene });
    return { here, there, clock: scene.clock };
  }

  test("a ban holds within ten seconds, wherever the misdeeds were", async () => {
    const { here, there, clock } = await twoPlaces();
    await expectMisdeeds(here, 2);
    await expectMisdeeds(there, 2);
    for (let second = 0; second < 5; second++) {
      clock.advance(1);
      for (const place of [here, there]) await statusOf(place, "/", stranger);
    }
    for (let second = 0; second < 5; second++) {
      clock.advance(1);
      for (const place of [here, there]) await statusOf(place, "/", stranger);
    }
    expect([await statusOf(here, "/"), await statusOf(there, "/")]).toEqual([403, 403]);
    expect([await statusOf(here, "/", stranger), await statusOf(there, "/", stranger)]).toEqual([200, 200]);
  });

  test("no visit waits for the one who bans", async () => {
    const { here } = await twoPlaces(() => ({ look: async () => new Promise(() => undefined) }));
    for (let time = 0; time < 10; time++) expect((await here.visit("/none")).status).toBe(404);
  });

  test("asks no more than once in five seconds, where nobody misbehaves", async () => {
    let looks = 0;
    const { here, clock } = await twoPlaces((banning) => ({
      async look(told) {
        looks += 1;
        return banning.look(told);
      },
    }));
    for (let second = 0; second < 60; second++) {
      for (let visit = 0; visit < 3; visit++) await statusOf(here, "/");
      clock.advance(1);
    }
    expect(looks).toBe(12);
  });

  test("what was done while nobody answered is told later", async () => {
    let isDown = true;
    const { here, there, clock } = await twoPlaces((banning) => ({
      look: async (told) => (isDown ? Promise.reject(new Error("down")) : banning.look(told)),
    }));
    await expectMisdeeds(here, 4);
    isDown = false;
    clock.advance(5);
    await statusOf(here, "/", stranger);
    clock.advance(5);
    await statusOf(there, "/", stranger);
    expect(await statusOf(there, "/")).toBe(403);
  });
});
