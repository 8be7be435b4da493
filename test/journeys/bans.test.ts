import { SignJWT } from "jose";
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

describe("what is no misdeed", () => {
  const ofAll = { ...bans, of: ["refused", 404, 502, 503] };
  const cross = { "sec-fetch-site": "cross-site" };
  const image = { ...cross, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" };
  const page = { ...cross, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  const frame = { ...page, "sec-fetch-dest": "iframe" };
  const basic = (text: string) => ({ authorization: `Basic ${btoa(text)}` });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const token = async (payload: object): Promise<string> =>
    new SignJWT({ ...payload })
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode("a key of the story, long enough"));
  const rules = [
    { when: 'request.path == "/closed"', block: 503 },
    { when: 'request.path == "/nobody"', access: { basic: "NOBODY" } },
    { when: 'request.path == "/staff"', access: { basic: "STAFF" } },
    { when: 'request.path == "/token"', access: { jwt: { secret: "JWT_KEY" } } },
    { when: 'request.path == "/signed"', access: { signed: "URL_KEY" } },
    { when: 'request.path == "/image"', access: { hotlink: {} } },
    { when: 'request.path == "/blocked"', block: 403 },
  ];
  const secrets = {
    STAFF: `anna:pbkdf2-sha256.1000.${"A".repeat(22)}.${"A".repeat(43)}`,
    JWT_KEY: "a key of the story, long enough",
    URL_KEY: "a key of the story",
    NOBODY: "",
  };

  async function isBannedFor(target: string, headers: Readonly<Record<string, string>>): Promise<boolean> {
    const world = createWorld({ vars: { SETTINGS: { bans: ofAll }, RULES: rules, ...secrets } });
    await world.origin("frankfurt").answers("/", { body: "page" });
    await world.origin("frankfurt").answers("/none", { body: "nothing", status: 404 });
    for (let time = 0; time < 8; time++) {
      expect(await statusOf(world, target, berlin, { headers })).toBeGreaterThanOrEqual(400);
    }
    world.clock.advance(6);
    await statusOf(world, "/", stranger);
    return (await statusOf(world, "/")) === 403;
  }

  test.each([
    ["what the operator has closed", "/closed", {}],
    ["what can't be decided", "/nobody", basic("anna:x")],
    ["no password", "/staff", {}],
    ["no token", "/token", {}],
    ["no signature", "/signed", {}],
    ["a signature that has expired", `/signed?signature=1.u.${"A".repeat(43)}`, {}],
    ["another site's page with an image of here", "/image", { referer: "https://other.example/" }],
    ["another site's page with an image that isn't here", "/none", image],
    ["another site's page with an image that is blocked", "/blocked", image],
    ["another site's page with such a path", "/..%2f..%2fetc/passwd", image],
    ["another site's page with a frame of what isn't here", "/none", frame],
  ])("%s", async (_, target, headers) => expect(await isBannedFor(target, headers)).toBe(false));

  test("an expired token", async () => {
    expect(await isBannedFor("/token", bearer(await token({ exp: 1 })))).toBe(false);
  });

  test.each([
    ["a wrong password", "/staff", basic("anna:guess")],
    ["a wrong password, from another site's page", "/staff", { ...image, ...basic("anna:guess") }],
    ["a token that is none", "/token", bearer("e30.e30.e30")],
    ["a signature that is none", `/signed?signature=99999999999.u.${"A".repeat(43)}`, {}],
    ["what isn't here, by a link from another site", "/none", page],
    ["what is blocked", "/blocked", { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }],
  ])("but %s is one", async (_, target, headers) => expect(await isBannedFor(target, headers)).toBe(true));
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
