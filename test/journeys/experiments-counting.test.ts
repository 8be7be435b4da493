import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assess } from "../../scripts/experiments/assess.ts";
import { createChance } from "../../scripts/simulate/chance.ts";
import { markOf } from "../../src/config/experiments.ts";
import type { Edge } from "../../src/edge.ts";
import type { ExperimentReport } from "../../src/count/report.ts";
import { linkParameter, linkPurpose } from "../../src/route/experiments/forced.ts";
import { seal } from "../../src/seal.ts";
import { createBrowser, type Browser } from "../harness/browser.ts";
import { person } from "../harness/experiments.ts";
import { createTimers } from "../harness/timers.ts";
import { createWorld, type Place, type World } from "../harness/world.ts";

const variants = [
  { name: "usual", weight: 1 },
  { name: "short", weight: 1, headers: { response: { set: { "x-form": "short" } } } },
];
const goals = [
  { name: "bought", path: "/thanks" },
  { name: "browsed", path: "/shop/*", status: [200, 304] },
  { name: "asked", event: "question" },
];

async function worldWith(changes: object = {}, vars: object = {}, ports: Partial<Edge> = {}): Promise<World> {
  const EXPERIMENTS = [{ name: "form", when: 'request.path == "/form"', sticky: "30d", variants, goals, ...changes }];
  const { uniform: random } = createChance(20_261_126, 0);
  const secrets = { SIGNING_KEY: "a key of the story", ADMIN_TOKEN: "token" };
  const world = createWorld({ vars: { EXPERIMENTS, ...secrets, ...vars }, ports: { random, ...ports } });
  const fresh = { "cache-control": "max-age=3600" };
  await world.origin("frankfurt").answers("/form", { body: "the form", headers: fresh });
  await world.origin("frankfurt").answers("/thanks", { body: "thanks" });
  await world.origin("frankfurt").answers("/shop/a", { body: "goods" });
  return world;
}

async function reportOf(world: World): Promise<ExperimentReport> {
  const response = await world.visit("/.perigee/experiments", { headers: { authorization: "Bearer token" } });
  const { experiments } = (await response.json()) as { readonly experiments: readonly ExperimentReport[] };
  return experiments[0]!;
}

/** Over both variants. */
async function totals(world: World) {
  const { variants: all } = await reportOf(world);
  const sum = (value: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + value(one), 0);
  return {
    visits: sum(({ visits }) => visits),
    clients: sum(({ clients }) => clients),
    ...Object.fromEntries(goals.map(({ name }) => [name, sum((one) => one.goals[name] ?? 0)])),
  };
}

async function exposed(world: World): Promise<Browser> {
  const browser = createBrowser(world);
  await browser.go("/form");
  return browser;
}

describe("a client", () => {
  test("counts once, however often it comes, and each of its goals once", async () => {
    const world = await worldWith();
    const browser = createBrowser(world);
    for (let time = 0; time < 3; time++) {
      await browser.go("/form");
      await browser.go("/thanks");
      await browser.go("/shop/a");
      world.clock.advance(3_600);
    }
    expect(await totals(world)).toEqual({ visits: 3, clients: 1, bought: 1, browsed: 1, asked: 0 });
    const noted = world.log.flatMap(({ trail }) => (trail as string[]).filter((step) => step.startsWith("count=")));
    expect(noted).toEqual([
      expect.stringMatching(/^count=exposed:form:(usual|short)$/),
      expect.stringMatching(/^count=converted:form:(usual|short):bought$/),
      expect.stringMatching(/^count=converted:form:(usual|short):browsed$/),
    ]);
  });

  test("is told in the trail that it was counted", async () => {
    const world = await worldWith({}, { SETTINGS: { trail: true } });
    const trail = (await createBrowser(world).go("/form")).headers.get("perigee-trail");
    expect(trail).toMatch(/; count=exposed:form:(usual|short)(;|$)/);
  });

  test("counts for the variant that it saw, with the visits beside it", async () => {
    const world = await worldWith();
    const saw = { usual: 0, short: 0 };
    for (let time = 0; time < 30; time++) {
      const browser = createBrowser(world);
      const variant = (await browser.go("/form")).headers.get("x-form") === "short" ? "short" : "usual";
      saw[variant] += 1;
      if (variant === "short") await browser.go("/thanks");
    }
    const { variants: counted, by, since } = await reportOf(world);
    expect(counted).toMatchObject([
      { name: "usual", visits: saw.usual, clients: saw.usual, expected: 15, goals: {} },
      { name: "short", visits: saw.short, clients: saw.short, expected: 15, goals: { bought: saw.short } },
    ]);
    expect(Math.min(saw.usual, saw.short)).toBeGreaterThan(5);
    expect([by, since]).toEqual(["cookie", "2026-03-01T00:00:00.000Z"]);
  });

  test("that was never exposed reaches no goal", async () => {
    const world = await worldWith();
    const browser = createBrowser(world);
    await browser.go("/thanks");
    await browser.beacon("question");
    expect(await totals(world)).toEqual({ visits: 0, clients: 0, bought: 0, browsed: 0, asked: 0 });
    expect(browser.cookies.size).toBe(0);
  });

  test("reaches a goal only by an answer that is one", async () => {
    const world = await worldWith();
    await world.origin("frankfurt").answers("/thanks", { body: "no", status: 404 });
    await world.origin("frankfurt").answers("/shop/a", { body: "made", status: 201 });
    const browser = await exposed(world);
    await browser.go("/thanks");
    await browser.go("/shop/a");
    await browser.go("/thanks/again");
    expect(await totals(world)).toMatchObject({ bought: 0, browsed: 0 });
    await world.origin("frankfurt").answers("/thanks", { body: "", status: 303, headers: { location: "/" } });
    await browser.fetch("/thanks", { method: "POST", body: "order" });
    expect(await totals(world)).toMatchObject({ bought: 1, browsed: 0 });
  });

  test("whose requests cross counts once", async () => {
    const world = await worldWith();
    const browser = createBrowser(world);
    await Promise.all([browser.go("/form"), browser.go("/form"), browser.go("/form")]);
    await Promise.all([browser.go("/thanks"), browser.fetch("/thanks"), browser.go("/thanks")]);
    expect(await totals(world)).toMatchObject({ visits: 3, clients: 1, bought: 1 });
  });

  test("that keeps no cookies is no new one within seconds, and none at all where it isn't a browser that goes to a page", async () => {
    const world = await worldWith();
    const old = "Mozilla/5.0 (X11; Linux x86_64; rv:80.0) Gecko/20100101 Firefox/80.0";
    for (let time = 0; time < 10; time++) await world.visit("/form", { headers: { "user-agent": old } });
    const browser = createBrowser(world);
    await browser.fetch("/form");
    await browser.go("/form", { headers: { "sec-purpose": "prefetch" } });
    expect(await totals(world)).toMatchObject({ visits: 12, clients: 0 });
    for (let time = 0; time < 10; time++) {
      browser.cookies.clear();
      await browser.go("/form", { from: { ip: "203.0.113.1", tlsClientRandom: "one" } });
      world.clock.advance(0.4);
    }
    expect(await totals(world)).toMatchObject({ visits: 22, clients: 1 });
  });
});

/** Whether somebody new at that address is counted. */
const newcomer = async (world: World, from: Place, headers: Readonly<Record<string, string>> = {}) => {
  const browser = createBrowser(world);
  await browser.go("/form", { from, headers });
  return browser;
};

describe("clients behind one address", () => {
  const office = { ip: "203.0.113.7" };

  test("count, though their browsers are alike", async () => {
    const world = await worldWith();
    for (let number = 0; number < 60; number++) {
      const browser = await newcomer(world, office);
      await browser.go("/thanks", { from: office });
      world.clock.advance(0.2);
    }
    expect(await totals(world)).toMatchObject({ visits: 60, clients: 60, bought: 60 });
  });

  test("count at once, where they can be told apart, and each once", async () => {
    const world = await worldWith({ per: "${request.cookies.user}" });
    const told = [
      ...["a", "b"].map((tlsClientRandom) => [{ ...office, tlsClientRandom }, {}] as const),
      ...["c", "d"].map((user) => [office, { cookie: `user=${user}` }] as const),
    ];
    for (let time = 0; time < 3; time++) {
      for (const [from, headers] of told) await newcomer(world, from, headers);
      world.clock.advance(1);
    }
    expect(await totals(world)).toMatchObject({ clients: 4 });
  });

  test("count by the cookie that keeps them in their variants", async () => {
    const world = await worldWith({ when: 'request.path == "/form"' });
    const browsers = [createBrowser(world), createBrowser(world)];
    for (const browser of browsers) await browser.fetch("/form", { from: office });
    for (let time = 0; time < 3; time++) {
      for (const { cookies, go } of browsers) {
        cookies.delete("perigee-counted");
        await go("/form", { from: office });
      }
      world.clock.advance(1);
    }
    expect(await totals(world)).toMatchObject({ clients: 2 });
  });

  test("count by the cookie that they have of another experiment", async () => {
    const other = { name: "other", when: 'request.path == "/shop/a"', variants };
    const world = await worldWith({}, { EXPERIMENTS_1: [other] });
    const browsers = [await newcomer(world, office, {}), createBrowser(world)];
    for (const { cookies, go } of browsers) {
      cookies.clear();
      world.clock.advance(1);
      await go("/shop/a", { from: office });
    }
    for (const { go } of browsers) await go("/form", { from: office });
    expect(await totals(world)).toMatchObject({ clients: 3 });
  });

  test("count without a limit where no address is known", async () => {
    const world = await worldWith();
    for (let number = 0; number < 100; number++) {
      await newcomer(world, { ip: "" });
      world.clock.advance(0.2);
    }
    expect(await totals(world)).toMatchObject({ clients: 100 });
  });

  test("are no more than may well be there, with whatever browsers", async () => {
    const world = await worldWith();
    const other = { ip: "203.0.113.8" };
    const crowd = async (many: number, from: Place) => {
      for (let number = 0; number < many; number++) {
        await newcomer(
          world,
          { ...from, tlsClientRandom: String(number) },
          { "user-agent": `${person["user-agent"]} ${number}` },
        );
      }
    };
    await crowd(200, office);
    expect(await totals(world)).toMatchObject({ visits: 200, clients: 64 });
    await crowd(1, other);
    expect(await totals(world)).toMatchObject({ clients: 65 });
    world.clock.advance(300);
    await crowd(200, office);
    expect(await totals(world)).toMatchObject({ clients: 75 });
  });
});

describe("after a rollback and its end", () => {
  const broken = { name: "short", weight: 1, rewrite: { path: "/broken" } };
  const guard = { errors: "2%", least: 50 };

  async function resumedWorld() {
    const world = await worldWith({ variants: [variants[0], broken], guard });
    const come = async (many: number) => {
      const browsers = Array.from({ length: many }, () => createBrowser(world));
      for (const { go } of browsers) {
        await go("/form");
        world.clock.advance(1);
      }
      return browsers;
    };
    await world.origin("frankfurt").answers("/broken", { body: "no", status: 500 });
    await world.origin("frankfurt").answers("/form", { body: "the form", headers: { "cache-control": "no-store" } });
    const early = await come(20);
    const exposed = world.log.map(({ trail }) => String(trail).match(/exposed:form:(\w+)/)?.[1]);
    for (let time = 0; time < 50 && !world.edge.analytics.standing("form")["short"]; time++) await come(20);
    const before = await reportOf(world);
    expect(before.variants[1]!.isRolledBack).toBe(true);
    const meanwhile = await come(200);
    const sawIt = early[exposed.indexOf("short")]!;
    const marked = sawIt.cookies.get("perigee-counted");
    await sawIt.go("/form");
    expect(sawIt.cookies.get("perigee-counted")).toBe(marked);
    await world.origin("frankfurt").answers("/broken", { body: "mended" });
    await world.edge.analytics.resume("form");
    return { world, before, sawIt, meanwhile, come };
  }

  test("who came meanwhile isn't counted for what was taken away, and the ratio is as expected", async () => {
    const { world, before, meanwhile, come } = await resumedWorld();
    const counted = await reportOf(world);
    const clientsOf = ({ variants: all }: ExperimentReport) => all.map(({ clients }) => clients);
    expect(clientsOf(counted)[1]).toBe(clientsOf(before)[1]);
    for (const { go } of meanwhile) {
      await go("/form");
      await go("/thanks");
    }
    const returned = await reportOf(world);
    expect(clientsOf(returned)).toEqual(clientsOf(counted));
    expect(returned.variants[1]!.goals).toEqual({});
    await come(100);
    const { ratio, variants: all, isInterrupted } = assess(await reportOf(world));
    expect(all[1]!.clients).toBeGreaterThan(clientsOf(before)[1]! + 30);
    expect([ratio.isMismatch, isInterrupted]).toEqual([false, true]);
  });

  test("who was counted for it before still is", async () => {
    const { world, before, sawIt } = await resumedWorld();
    await sawIt.go("/form");
    await sawIt.go("/thanks");
    const { clients } = before.variants[1]!;
    expect((await reportOf(world)).variants[1]).toMatchObject({ clients, goals: { bought: 1 } });
  });
});

/** What a client has that was counted for these, which stand behind its number. */
async function sealedBy(
  { edge, clock }: World,
  text: string,
  purpose = "counted www.example.com",
  lasts = 60_000,
): Promise<string> {
  return (await seal(edge, purpose, { text, until: clock.now + lasts }))!;
}

/** A number, and a mark. */
const short = `1234567${markOf("form", "short")}`;

describe("the cookie", () => {
  test("is for the edge alone, for this client, and for none of the caches between", async () => {
    const world = await worldWith();
    const browser = createBrowser(world);
    const first = await browser.go("/form");
    const cookie = first.headers.getSetCookie().find((line) => line.startsWith("perigee-counted="));
    expect(cookie).toMatch(
      /^perigee-counted=[0-9a-z]{6}\.[0-9a-z]{14}\.[\w-]{43}; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(first.headers.get("cache-control")).toContain("private");
    const second = await browser.go("/form", {
      headers: { cookie: `a=1; ${[...browser.cookies].map((pair) => pair.join("=")).join("; ")}` },
    });
    expect(second.headers.getSetCookie().filter((line) => line.startsWith("perigee-counted"))).toEqual([]);
    await browser.go("/thanks", { headers: { cookie: "a=1; perigee-counted=0000000" } });
    expect((await world.origin("frankfurt").seen()).map(({ headers }) => headers["cookie"])).toEqual([
      undefined,
      "a=1",
    ]);
  });

  test("of any content harms nothing, and counts nobody", async () => {
    const world = await worldWith();
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[!-+\--:<-~]{0,60}$/), async (value) => {
        const response = await world.visit("/thanks", { headers: { cookie: `perigee-counted=${value}` } });
        expect(response.status).toBe(200);
        expect(response.headers.getSetCookie()).toEqual([]);
      }),
      { numRuns: 50 },
    );
    expect(await totals(world)).toMatchObject({ clients: 0, bought: 0 });
  });

  test.each<readonly [string, (world: World) => Promise<string>]>([
    ["that was made up", async () => markOf("form", "short")],
    ["that was sealed by another key", async () => sealedBy(await worldWith({}, { SIGNING_KEY: "another" }), short)],
    ["that was sealed for another site", async (world) => sealedBy(world, short, "counted other")],
    ["to which a mark was added", async (world) => (await sealedBy(world, "1234567")).replace(".1234567", `.${short}`)],
    ["of which the time is up", async (world) => sealedBy(world, short, undefined, -1)],
  ])("%s reaches no goal", async (_, make) => {
    const world = await worldWith();
    const browser = createBrowser(world);
    browser.cookies.set("perigee-counted", await make(world));
    await browser.go("/thanks");
    await browser.beacon("question");
    expect(await totals(world)).toMatchObject({ bought: 0, asked: 0 });
    expect(world.log[0]!["trail"]).toContain("count=unknown-cookie");
    browser.cookies.set("perigee-counted", await sealedBy(world, short));
    await browser.go("/thanks");
    expect(await totals(world)).toMatchObject({ bought: 1 });
  });

  test("needs the key, and nobody is counted without", async () => {
    const world = await worldWith({}, { SIGNING_KEY: "" });
    const browser = createBrowser(world);
    for (const path of ["/form", "/form", "/thanks"]) await browser.go(path);
    expect(await totals(world)).toMatchObject({ visits: 2, clients: 0, bought: 0 });
    expect(world.log[0]!["trail"]).toContain("count=no-key");
  });

  test("of an experiment that is no more is cleared of it, when it is set again", async () => {
    const world = await worldWith();
    const browser = createBrowser(world);
    const [had, bought] = [markOf("form", "short"), markOf("form", "goal bought")];
    browser.cookies.set("perigee-counted", await sealedBy(world, `1234567zzzzzzz${had}`));
    await browser.go("/thanks");
    expect(browser.cookies.get("perigee-counted")).toMatch(new RegExp(`^[0-9a-z]+\\.1234567${had}${bought}\\.`));
  });
});

describe("an event", () => {
  test("counts once a client", async () => {
    const world = await worldWith();
    const browser = await exposed(world);
    const response = await browser.beacon("question");
    expect([response.status, await response.text()]).toEqual([204, ""]);
    world.clock.advance(60);
    await browser.beacon("question");
    await browser.beacon("no such");
    expect(await totals(world)).toMatchObject({ clients: 1, asked: 1 });
    expect((await world.origin("frankfurt").seen()).map(({ method }) => method)).toEqual(["GET"]);
  });

  test.each([
    ["from another site's page", { "sec-fetch-site": "cross-site" }, 403],
    ["from a sibling's page", { "sec-fetch-site": "same-site" }, 403],
    ["of nobody knows whom", { "sec-fetch-site": "none" }, 403],
  ])("%s is refused", async (_, headers, status) => {
    const world = await worldWith();
    const browser = await exposed(world);
    expect((await browser.beacon("question", { headers })).status).toBe(status);
    expect(await totals(world)).toMatchObject({ asked: 0 });
  });

  test("of an older browser is known by its Origin", async () => {
    const world = await worldWith();
    const browser = await exposed(world);
    const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
    const tell = async (origin: Readonly<Record<string, string>>) =>
      (
        await world.visit("/.perigee/event", {
          method: "POST",
          body: "question",
          headers: { ...person, cookie, ...origin },
        })
      ).status;
    expect(await tell({})).toBe(403);
    expect(await tell({ origin: "https://evil.example" })).toBe(403);
    expect(await tell({ origin: "https://www.example.com" })).toBe(204);
    expect(await totals(world)).toMatchObject({ asked: 1 });
  });

  test("that is too long is refused, and another method too", async () => {
    const world = await worldWith();
    const browser = await exposed(world);
    expect((await browser.beacon("a".repeat(257))).status).toBe(400);
    expect((await browser.fetch("/.perigee/event")).status).toBe(405);
  });

  test("whose body never comes is given up", async () => {
    const timers = createTimers();
    const world = await worldWith({}, {}, { after: timers.after });
    const browser = await exposed(world);
    const answered = browser.beacon("", { body: new ReadableStream({}) });
    await timers.elapse(10_000, world.clock);
    expect((await answered).status).toBe(408);
    expect((await browser.beacon("question")).status).toBe(204);
    expect([timers.waiting(), await totals(world)]).toMatchObject([[], { asked: 1 }]);
  });

  test("is limited by rules as any visit", async () => {
    const rules = [{ when: 'request.path == "/.perigee/event"', block: 403 }];
    const world = await worldWith({}, { RULES: rules });
    const browser = await exposed(world);
    expect((await browser.beacon("question")).status).toBe(403);
    expect(await totals(world)).toMatchObject({ asked: 0 });
  });

  test("that is told by one cookie again and again counts once", async () => {
    const world = await worldWith();
    const browser = await exposed(world);
    const cookie = `perigee-counted=${browser.cookies.get("perigee-counted")}`;
    for (let time = 0; time < 100; time++) {
      const from = { ip: `203.0.113.${time}` };
      await browser.beacon("question", { from, headers: { cookie, "user-agent": `${person["user-agent"]} ${time}` } });
      world.clock.advance(60);
    }
    expect(await totals(world)).toMatchObject({ clients: 1, asked: 1 });
  });

  test("of many at one address counts for as many as may well be there", async () => {
    const world = await worldWith();
    const from = { ip: "203.0.113.7" };
    for (let time = 0; time < 100; time++) {
      const browser = await exposed(world);
      await browser.beacon("question", { from });
      await browser.go("/thanks", { from });
    }
    expect(await totals(world)).toMatchObject({ clients: 100, asked: 64, bought: 64 });
    world.clock.advance(30);
    const browser = await exposed(world);
    await browser.beacon("question", { from });
    expect(await totals(world)).toMatchObject({ clients: 101, asked: 65 });
  });
});

describe("what doesn't count", () => {
  test.each([
    ["before it begins", { start: "2026-03-01T01:00:00Z" }],
    ["when it is paused", { paused: true }],
  ])("a visit %s", async (_, changes) => {
    const world = await worldWith(changes);
    const browser = await exposed(world);
    await browser.go("/thanks");
    expect(await totals(world)).toMatchObject({ visits: 0, clients: 0, bought: 0 });
  });

  test("a goal that is reached when it is over", async () => {
    const world = await worldWith({ end: "2026-03-01T01:00:00Z" });
    const browser = await exposed(world);
    world.clock.advance(3_600);
    await browser.go("/thanks");
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 0 });
  });

  /** What a client that was counted does besides going to pages. */
  const googlebot = { "user-agent": "Googlebot/2.1" };
  test.each<readonly [string, object, Readonly<Record<string, string>>]>([
    ["fetched in case it is wanted", {}, { "sec-purpose": "prefetch" }],
    ["asked for without its content", { method: "HEAD" }, {}],
    ["asked for by a bot", {}, googlebot],
  ])("a page of a goal that is %s", async (_, options, headers) => {
    const world = await worldWith();
    const browser = await exposed(world);
    await browser.go("/thanks", { ...options, headers });
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 0 });
    await browser.go("/thanks");
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 1 });
  });

  test.each<readonly [string, object, Readonly<Record<string, string>>]>([
    ["that a page loads by itself", {}, {}],
    ["that a frame goes to", {}, { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" }],
    ["that another site's page sends something to", { method: "POST" }, { "sec-fetch-site": "cross-site" }],
  ])("a page of a goal %s", async (_, options, headers) => {
    const world = await worldWith();
    const browser = await exposed(world);
    await browser.fetch("/thanks", { ...options, headers });
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 0 });
    await browser.fetch("/thanks", { method: "POST" });
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 1 });
  });

  test.each([
    ["before its page is shown", { "sec-purpose": "prefetch;prerender" }],
    ["by a bot", googlebot],
  ])("an event that is sent %s", async (_, headers) => {
    const world = await worldWith();
    const browser = await exposed(world);
    expect((await browser.beacon("question", { headers })).status).toBe(204);
    expect(await totals(world)).toMatchObject({ asked: 0 });
    await browser.beacon("question");
    expect(await totals(world)).toMatchObject({ asked: 1 });
  });

  test("a page of the experiment that is asked for without its content", async () => {
    const world = await worldWith();
    await createBrowser(world).go("/form", { method: "HEAD" });
    expect(await totals(world)).toMatchObject({ clients: 0 });
  });

  test("what a tester does, who was a client like others before", async () => {
    const world = await worldWith({}, { RULES: [{ when: 'request.path == "/shop/b"', respond: { status: 200 } }] });
    const browser = await exposed(world);
    const sealed = await seal(world.edge, linkPurpose("www.example.com"), {
      text: markOf("form", "short"),
      until: world.clock.now + 60_000,
    });
    await browser.go(`/form?${linkParameter}=${sealed}`);
    for (const path of ["/thanks", "/shop/b"]) await browser.go(path);
    await browser.beacon("question");
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 0, browsed: 0, asked: 0 });
    await browser.go(`/form?${linkParameter}=off`);
    for (const path of ["/thanks", "/shop/b"]) await browser.go(path);
    await browser.beacon("question");
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 1, browsed: 1, asked: 1 });
  });

  test("what a tester sees of experiments that the link doesn't name", async () => {
    const other = { name: "other", guard: { errors: "2%" }, variants };
    const world = await worldWith({}, { EXPERIMENTS_1: [other] });
    const sealed = await seal(world.edge, linkPurpose("www.example.com"), {
      text: markOf("form", "short"),
      until: world.clock.now + 60_000,
    });
    const browser = createBrowser(world);
    await browser.go(`/form?${linkParameter}=${sealed}`);
    await browser.go("/thanks");
    expect(world.log.at(-1)!["trail"]).toContainEqual(expect.stringMatching(/^route=experiment=other:\w+;by=hash$/));
    expect((await world.edge.analytics.read("other")).variants).toEqual({});
    await browser.go("/thanks?perigee-experiment=off");
    const [counted] = Object.values((await world.edge.analytics.read("other")).variants);
    expect(counted).toMatchObject({ visits: 1, clients: 1, answers: { count: 1 } });
  });

  test("a bot's visit", async () => {
    const world = await worldWith();
    const browser = createBrowser(world);
    await browser.go("/form", { headers: { "user-agent": "Googlebot/2.1" } });
    expect(await totals(world)).toMatchObject({ visits: 0, clients: 0 });
  });
});

describe("a page that browsers may keep", () => {
  const prefetch = { headers: { "sec-purpose": "prefetch" } };
  const html = { "cache-control": "max-age=60", "content-type": "text/html;charset=utf-8", etag: '"1"' };
  const strict = [...goals, { name: "read", path: "/read", status: 200 }];
  const controlOf = ({ headers }: Response) => headers.get("cache-control");

  async function worldOfPages(fields: object = {}) {
    const world = await worldWith({ goals: strict });
    for (const path of ["/form", "/thanks", "/read", "/other"]) {
      await world.origin("frankfurt").answers(path, { body: "page", headers: { ...html, ...fields } });
    }
    return world;
  }

  /** What a browser asks that must ask. */
  async function again({ go }: Browser, path: string, { headers }: Response) {
    return go(path, { headers: { "if-none-match": headers.get("etag")! } });
  }

  test("is asked for again, and counted, when its client sees a variant on it or may reach a goal by it", async () => {
    const world = await worldOfPages();
    const browser = createBrowser(world);
    for (const path of ["/form", "/thanks", "/read"]) {
      const fetched = await browser.go(path, prefetch);
      expect(controlOf(fetched)).toBe("max-age=60, private, no-cache");
      const seen = await again(browser, path, fetched);
      expect([seen.status, controlOf(seen)]).toEqual([304, "max-age=60, private, no-cache"]);
    }
    expect(await totals(world)).toMatchObject({ clients: 1, bought: 1 });
    const { variants: counted } = await reportOf(world);
    expect(counted.reduce((sum, one) => sum + (one.goals["read"] ?? 0), 0)).toBe(1);
    expect(controlOf(await browser.go("/thanks"))).toBe("max-age=60");
  });

  test("is asked for again when a tester sees a variant on it, and when its client was counted and is a tester meanwhile", async () => {
    const world = await worldOfPages();
    const browser = await exposed(world);
    const text = markOf("form", "short");
    const sealed = await sealedBy(world, text, linkPurpose("www.example.com"));
    for (const path of [`/form?${linkParameter}=${sealed}`, "/form", "/thanks"]) {
      expect(controlOf(await browser.go(path))).toBe("max-age=60, private, no-cache");
    }
  });

  test("is known by what was asked for where the origin's 304 doesn't tell its type", async () => {
    const world = await worldWith({}, { RULES: [{ cache: false }] });
    await world.origin("frankfurt").answers("/form", { status: 304, headers: { "cache-control": "max-age=60" } });
    const ask = async (accept: string) => controlOf(await createBrowser(world).fetch("/form", { headers: { accept } }));
    expect(await ask("text/html,*/*;q=0.8")).toBe("max-age=60, private, no-cache");
    expect(await ask("*/*")).toBe("max-age=60, private");
  });

  test("is kept where neither is so", async () => {
    const world = await worldOfPages();
    const browser = createBrowser(world);
    expect(controlOf(await browser.go("/thanks"))).toBe("max-age=60");
    await browser.go("/form");
    expect(controlOf(await browser.go("/other"))).toBe("max-age=60");
  });

  test.each([
    [{ "cache-control": "no-store" }, "no-store"],
    [{ "cache-control": "no-cache" }, "no-cache, private"],
    [{ "cache-control": 'max-age=60, no-cache="set-cookie"' }, 'max-age=60, no-cache="set-cookie", private, no-cache'],
    [{ "content-type": "text/javascript" }, "max-age=60, private"],
    [{ "content-type": "image/png" }, "max-age=60, private"],
    [{ "content-type": "application/json" }, "max-age=60, private"],
  ])("says so only where it has to: %j", async (fields, expected) => {
    const world = await worldOfPages(fields);
    const browser = createBrowser(world);
    const first = await browser.go("/form");
    const kept = await again(browser, "/form", first);
    expect([first, kept].map(controlOf)).toEqual([expected, expected]);
  });
});

test("fragments of a page count for nobody: the page does", async () => {
  const world = await worldWith({ when: "true" }, { RULES: [{ when: 'request.path == "/page"', esi: true }] });
  const page = '<p><esi:include src="/form"/><esi:include src="/thanks"/></p>';
  const html = { "content-type": "text/html", "cache-control": "no-store" };
  await world.origin("frankfurt").answers("/page", { body: page, headers: html });
  const browser = createBrowser(world);
  for (let time = 0; time < 2; time++) {
    expect(await (await browser.go("/page")).text()).toBe("<p>the formthanks</p>");
    world.clock.advance(60);
  }
  expect(await totals(world)).toMatchObject({ visits: 6, clients: 1, bought: 0 });
});

test("the report is for who has the token", async () => {
  const world = await worldWith();
  expect((await world.visit("/.perigee/experiments")).status).toBe(401);
  const nobody = { authorization: "Bearer wrong" };
  expect((await world.visit("/.perigee/experiments", { headers: nobody })).status).toBe(401);
  expect((await world.visit("/.perigee/experiments", { method: "POST", body: "{}", headers: nobody })).status).toBe(
    401,
  );
  const all = await worldWith({}, { ADMIN_TOKEN: "" });
  expect((await all.visit("/.perigee/experiments")).status).toBe(404);
});
