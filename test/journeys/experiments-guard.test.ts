import { describe, expect, test } from "vitest";
import { createChance } from "../../scripts/simulate/chance.ts";
import type { Analytics } from "../../src/analytics.ts";
import { markOf } from "../../src/config/experiments.ts";
import { createBatchedAnalytics } from "../../src/platform/memory/analytics.ts";
import { createExperimentBook } from "../../src/platform/memory/experiment-book.ts";
import { linkParameter, linkPurpose } from "../../src/route/experiments/forced.ts";
import { seal } from "../../src/seal.ts";
import { createTimers } from "../harness/timers.ts";
import { chrome, createBrowser, type Browser } from "../harness/browser.ts";
import { createShielded } from "../harness/shielded.ts";
import { createWorld, type World, type WorldOptions } from "../harness/world.ts";

/** Half of the clients get the new version, from another origin. */
const canary = {
  name: "release",
  sticky: "30d",
  guard: { errors: "2%", least: 50 },
  variants: [
    { name: "stable", weight: 1, origins: ["frankfurt"] },
    { name: "canary", weight: 1, origins: ["virginia"] },
  ],
};

const other = {
  name: "colour",
  variants: [
    { name: "red", weight: 1 },
    { name: "blue", weight: 1, security: true },
  ],
};

async function worldWith(options: Partial<WorldOptions> = {}, changes: object = {}): Promise<World> {
  const vars = {
    EXPERIMENTS: [{ ...canary, ...changes }, other],
    SIGNING_KEY: "a key of the story",
    ADMIN_TOKEN: "token",
    SETTINGS: { tries: 1, eject: false, trail: true },
  };
  const { uniform: random } = createChance(20_261_126, 0);
  const world = createWorld({ vars, ...options, ports: { random, ...options.ports } });
  const fresh = { headers: { "cache-control": "no-store" } };
  await world.origin("frankfurt").answers("/", { ...fresh, body: "stable" });
  return world;
}

async function seen(browser: Browser): Promise<string> {
  return (await browser.go("/")).text();
}

/** So many people, each at another second. */
async function come(world: World, people: number): Promise<readonly Browser[]> {
  const browsers: Browser[] = [];
  for (let person = 0; person < people; person++) {
    const browser = createBrowser(world);
    await browser.go("/");
    browsers.push(browser);
    world.clock.advance(1);
  }
  return browsers;
}

async function sees(browsers: readonly Browser[]): Promise<ReadonlySet<string>> {
  const all = new Set<string>();
  for (const browser of browsers) all.add(await seen(browser));
  return all;
}

const failing = { status: 500, body: "broken", headers: { "cache-control": "no-store" } };
const working = { body: "canary", headers: { "cache-control": "no-store" } };
const operator = { authorization: "Bearer token" };

describe("a canary that fails", () => {
  test("is rolled back: those who saw it get the control, and so does who is new", async () => {
    const world = await worldWith();
    await world.origin("virginia").answers("/", failing);
    const people = await come(world, 160);
    expect(await sees([...people, ...(await come(world, 20))])).toEqual(new Set(["stable"]));
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /^The guard has rolled back the variant canary of the experiment release: 100 % of \d+ answers failed, of the control's 0 % of \d+: more than 2 % above, beyond chance\.$/,
      ),
    ]);
    const decisions = world.log.slice(-20).flatMap(({ trail }) => trail as readonly string[]);
    expect(decisions).toContain("route=experiment=release:stable;by=guard");
  });

  test("is told of in report and status, and other experiments go on", async () => {
    const world = await worldWith();
    await world.origin("virginia").answers("/", failing);
    await come(world, 160);
    const get = async (page: string) => (await world.visit(`/.perigee/${page}`, { headers: operator })).json();
    expect(await get("experiments")).toMatchObject({
      experiments: [
        {
          name: "release",
          variants: [
            { name: "stable", isRolledBack: false },
            {
              name: "canary",
              isRolledBack: true,
              why: expect.stringContaining("answers failed"),
              at: expect.any(String),
            },
          ],
        },
        { name: "colour", variants: [{ isRolledBack: false }, { isRolledBack: false }] },
      ],
    });
    expect(await get("status")).toMatchObject({ experiments: { release: { canary: { why: "errors" } }, colour: {} } });
    const secured = await Promise.all((await come(world, 20)).map(async (browser) => (await browser.go("/")).headers));
    expect(new Set(secured.map((headers) => headers.has("strict-transport-security")))).toEqual(new Set([true, false]));
  });

  test("counts no more, so that the control's counts aren't those of its clients", async () => {
    const world = await worldWith();
    await world.origin("virginia").answers("/", failing);
    const people = await come(world, 160);
    const counts = async () => (await world.edge.analytics.read("release")).variants;
    const before = await counts();
    expect(await sees(people)).toEqual(new Set(["stable"]));
    const after = await counts();
    expect(after["canary"]).toEqual(before["canary"]);
    expect(after["stable"]!.clients).toBe(before["stable"]!.clients);
    const stable = after["stable"]!.visits - before["stable"]!.visits;
    expect(stable).toBe(before["stable"]!.clients);
  });

  test("comes back when it is resumed, to those who had it, and is watched again", async () => {
    const world = await worldWith();
    await world.origin("virginia").answers("/", failing);
    const people = await come(world, 160);
    await sees(people);
    await world.origin("virginia").answers("/", working);
    const order = { method: "POST", body: '{"resume":"release"}', headers: operator };
    const response = await world.visit("/.perigee/experiments", order);
    expect([response.status, await response.json()]).toEqual([200, { resumed: "release" }]);
    world.clock.advance(10);
    expect(await sees(people)).toEqual(new Set(["stable", "canary"]));
    await world.origin("virginia").answers("/", failing);
    await come(world, 200);
    expect(world.warnings).toHaveLength(2);
  });

  test("is still shown to testers", async () => {
    const world = await worldWith();
    await world.origin("virginia").answers("/", failing);
    await come(world, 160);
    await world.origin("virginia").answers("/", working);
    const sealed = await seal(world.edge, linkPurpose("www.example.com"), {
      text: markOf("release", "canary"),
      until: world.clock.now + 60_000,
    });
    const before = await world.edge.analytics.read("release");
    const response = await createBrowser(world).go(`/?${linkParameter}=${sealed}`);
    expect(await response.text()).toBe("canary");
    expect(await world.edge.analytics.read("release")).toEqual(before);
  });
});

test("a resume of what isn't there, or isn't one, is refused", async () => {
  const world = await worldWith();
  const order = async (body: string) =>
    (await world.visit("/.perigee/experiments", { method: "POST", body, headers: operator })).status;
  expect(await order('{"resume":"none"}')).toBe(400);
  for (const body of ["", "null", "{", '{"resume":7}', `{"resume":"${"a".repeat(2_000)}"}`]) {
    expect(await order(body)).toBe(400);
  }
});

describe("a canary that does as well as the control", () => {
  test("stays, also when both fail", async () => {
    const world = await worldWith();
    await world.origin("virginia").answers("/", working);
    await come(world, 200);
    for (const name of ["frankfurt", "virginia"] as const) await world.origin(name).answers("/", failing);
    await come(world, 200);
    expect(world.warnings).toEqual([]);
    await world.origin("frankfurt").answers("/", { ...working, body: "stable" });
    await world.origin("virginia").answers("/", working);
    expect(await sees(await come(world, 40))).toEqual(new Set(["stable", "canary"]));
  });

  test("stays, when one client of it asks for something broken again and again", async () => {
    const world = await worldWith();
    await world.origin("virginia").answers("/", working);
    await world.origin("virginia").answers("/broken", failing);
    await world.origin("frankfurt").answers("/broken", failing);
    const people = await come(world, 200);
    const [one] = await Promise.all(
      people.map(async (browser) => ((await seen(browser)) === "canary" ? [browser] : [])),
    ).then((all) => all.flat());
    for (let time = 0; time < 200; time++) expect((await one!.fetch("/broken")).status).toBe(500);
    expect(world.warnings).toEqual([]);
  });
});

describe("one client that fails all the time, of a canary that is fine", () => {
  async function withOne(bother: (one: Browser, second: number) => Promise<void>) {
    const world = await worldWith();
    await world.origin("virginia").answers("/", working);
    await world.origin("virginia").answers("/broken", failing);
    await world.origin("frankfurt").answers("/broken", failing);
    const one = createBrowser(world);
    while ((await seen(one)) !== "canary") one.cookies.clear();
    for (let second = 0; second < 200; second++) {
      await come(world, 1);
      await bother(one, second);
    }
    return world;
  }

  test("rolls nothing back with 80 names of browsers", async () => {
    const world = await withOne(async (one, second) => {
      for (const more of [0, 1, 2, 3]) {
        const headers = { "user-agent": `${chrome}.${(second * 4 + more) % 80}` };
        expect((await one.fetch("/broken", { headers })).status).toBe(500);
      }
    });
    expect(world.warnings).toEqual([]);
    const { answers } = (await world.edge.analytics.read("release")).variants["canary"]!;
    expect(answers.failures).toBeGreaterThan(300);
  });

  test("rolls nothing back by a page that asks every five seconds", async () => {
    const world = await withOne(async (one, second) => {
      if (second % 5 === 0) await one.fetch("/broken");
    });
    expect(world.warnings).toEqual([]);
    const { answers } = (await world.edge.analytics.read("release")).variants["canary"]!;
    expect(answers.failures).toBeGreaterThan(35);
  });
});

test("an outage of both is no difference, though the store answers for the canary in quiet times", async () => {
  const variants = [
    { name: "stable", weight: 1 },
    { name: "canary", weight: 1, cache: { ttl: "20s" } },
  ];
  const world = await worldWith({}, { variants });
  const quiet = { body: "page", headers: {} };
  const for40 = async () => {
    for (let at = 0; at < 200; at++) {
      await createBrowser(world).go("/");
      world.clock.advance(0.2);
    }
  };
  const both = async (answer: typeof quiet | typeof failing) => {
    for (const name of ["frankfurt", "virginia"] as const) await world.origin(name).answers("/", answer);
  };
  await both(quiet);
  await for40();
  await for40();
  await both(failing);
  await for40();
  await both(quiet);
  await for40();
  const { variants: counted } = await world.edge.analytics.read("release");
  const share = ({ failures, count }: { failures: number; count: number }) => failures / count;
  // Over the whole time they differ by far more than the margin.
  expect(share(counted["canary"]!.answers) - share(counted["stable"]!.answers)).toBeGreaterThan(0.3);
  expect(world.warnings).toEqual([]);
});

test("what comes from the store tells nothing of a variant", async () => {
  const world = await worldWith();
  for (const name of ["frankfurt", "virginia"] as const) {
    await world.origin(name).answers("/", { body: name, headers: { "cache-control": "max-age=3600" } });
  }
  await come(world, 40);
  const { variants } = await world.edge.analytics.read("release");
  expect(Object.values(variants).map(({ answers }) => answers.count)).toEqual([1, 1]);
  expect(Object.values(variants).reduce((sum, { visits }) => sum + visits, 0)).toBe(40);
});

test("a failure for which a stale answer stands in is one", async () => {
  const world = await worldWith();
  const stored = { "cache-control": "max-age=1, stale-if-error=3600" };
  await world.origin("virginia").answers("/", { body: "canary", headers: stored }, failing);
  await world.origin("frankfurt").answers("/", { body: "stable", headers: stored });
  const people = await come(world, 30);
  expect(await sees(people)).toEqual(new Set(["stable", "canary"]));
  const { variants } = await world.edge.analytics.read("release");
  expect(variants["canary"]!.answers.failures).toBeGreaterThan(5);
  expect(variants["stable"]!.answers.failures).toBe(0);
});

describe("a canary whose pages are refreshed behind its clients' backs", () => {
  const swr = { "cache-control": "max-age=1, stale-while-revalidate=3600" };
  const page = (body: string) => ({ body, headers: swr });

  /** So many see what is stored; what is asked meanwhile is answered before the next comes. */
  async function comeAndRefresh(world: World, people: number): Promise<ReadonlySet<string>> {
    const pages = new Set<string>();
    for (let person = 0; person < people; person++) {
      pages.add(await seen(createBrowser(world)));
      await world.settle();
      world.clock.advance(1);
    }
    return pages;
  }

  async function stored(options: Partial<WorldOptions> = {}): Promise<World> {
    const world = await worldWith(options);
    await world.origin("frankfurt").answers("/", page("stable"));
    await world.origin("virginia").answers("/", page("canary"));
    await comeAndRefresh(world, 10);
    return world;
  }

  /** The cookie of a client that is kept in the variant. */
  async function keptIn({ edge, clock }: World, variant: string): Promise<string> {
    const text = `1234567${markOf("release", variant)}`;
    const value = await seal(edge, "experiments www.example.com", { text, until: clock.now + 60_000 });
    return `perigee-experiments=${value}`;
  }

  test.each([
    ["fails", failing],
    ["gives no answer", { breaks: "before" as const }],
  ])("is rolled back when its origin %s, though nobody sees that", async (_, broken) => {
    const world = await stored();
    await world.origin("virginia").answers("/", broken);
    expect(await comeAndRefresh(world, 160)).toEqual(new Set(["stable", "canary"]));
    expect(world.warnings).toContainEqual(expect.stringMatching(/^The guard has rolled back the variant canary /));
    expect(await comeAndRefresh(world, 20)).toEqual(new Set(["stable"]));
  });

  test("stays when its origin is well, by answers of both that are seen to be so", async () => {
    const world = await stored();
    await comeAndRefresh(world, 160);
    const { variants } = await world.edge.analytics.read("release");
    for (const { answers } of Object.values(variants)) {
      expect(answers).toMatchObject({ failures: 0 });
      expect(answers.count).toBeGreaterThan(50);
    }
    expect(world.warnings).toEqual([]);
  });

  test.each(["dealt", "forced"])(
    "counts the shield's answers behind what it has stored, and not a tester's: %s",
    async (how) => {
      const vars = {
        EXPERIMENTS: [{ ...canary, variants: [{ ...canary.variants[0], origins: ["virginia"] }, canary.variants[1]] }],
      };
      const { here, there, shield, settle } = createShielded({ vars: { SIGNING_KEY: "a key", ...vars } });
      await shield.origin("virginia").answers("/", page("canary"), failing);
      const sealed = await seal(here.edge, linkPurpose("www.example.com"), {
        text: markOf("release", "canary"),
        until: here.clock.now + 60_000,
      });
      const [first, second] = [createBrowser(here), createBrowser(there)];
      await first.go(`/?${linkParameter}=${sealed}`);
      await settle();
      here.clock.advance(10);
      if (how === "forced") await second.go(`/?${linkParameter}=${sealed}`);
      else await second.go("/", { headers: { cookie: await keptIn(there, "canary") } });
      await settle();
      expect(await shield.origin("virginia").seen()).toHaveLength(2);
      const { variants } = await shield.edge.analytics.read("release");
      expect(variants).toEqual(
        how === "forced"
          ? {}
          : { canary: expect.objectContaining({ answers: { count: 1, failures: 1, logs: 0, squares: 0 } }) },
      );
    },
  );

  test("is no failure of an origin that isn't asked, because all are too full", async () => {
    const scene = createWorld();
    const names = ["frankfurt", "virginia"] as const;
    for (const name of names) await scene.origin(name).answers("/", page(name));
    const world = await worldWith({
      vars: {
        EXPERIMENTS: [canary],
        SIGNING_KEY: "a key of the story",
        ORIGINS: names.map((name) => ({ name, url: scene.origin(name).url, maxConnections: 9 })),
        SITES: [{ hosts: ["*"], brownout: { stale: "0%" } }],
      },
    });
    await comeAndRefresh(world, 40);
    const { variants } = await world.edge.analytics.read("release");
    expect(Object.values(variants).map(({ answers }) => [answers.count, answers.failures])).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(world.log.slice(-20).flatMap(({ trail }) => trail)).toContainEqual(
      expect.stringMatching(/^cache=stale-while-revalidate/),
    );
  });

  test("counts nothing of a tester's", async () => {
    const world = await stored();
    const before = await world.edge.analytics.read("release");
    const sealed = await seal(world.edge, linkPurpose("www.example.com"), {
      text: markOf("release", "canary"),
      until: world.clock.now + 60_000,
    });
    await world.origin("virginia").answers("/", failing);
    const response = await createBrowser(world).go(`/?${linkParameter}=${sealed}`);
    expect(await response.text()).toBe("canary");
    await world.settle();
    expect((await world.origin("virginia").seen()).length).toBeGreaterThan(1);
    expect(await world.edge.analytics.read("release")).toEqual(before);
  });
});

test("a canary that takes longer is rolled back by its latency", async () => {
  // The clock stands still while an origin answers: it is the story that makes the canary slow.
  const world = await worldWith({}, { guard: { latency: "20%", least: 50 } });
  await world.origin("virginia").answers("/", working);
  const { fetch } = world.edge;
  const slow: World["edge"]["fetch"] = async (target, init, via) => {
    const response = await fetch(target, init, via);
    const [, port] = /:(\d+)\//.exec(target instanceof Request ? target.url : target) ?? [];
    world.clock.now += port === virginiaPort(world) ? 80 : 40;
    return response;
  };
  const slowed = await worldWith(
    { beside: world, ports: { fetch: slow, now: () => world.clock.now } },
    { guard: { latency: "20%", least: 50 } },
  );
  await come(slowed, 160);
  expect(slowed.warnings).toEqual([
    expect.stringMatching(/canary of the experiment release: Answers take 80 ms, the control's 40 ms/),
  ]);
});

function virginiaPort(world: World): string {
  return new URL(world.origin("virginia").url).port;
}

describe("in all locations", () => {
  /** One who counts for both, and batches that go when the story says so. */
  async function twoPlaces() {
    const scene = createWorld();
    const said: string[] = [];
    const books = new Map<string, ReturnType<typeof createExperimentBook>>();
    const bookOf = (name: string) => {
      const book =
        books.get(name) ?? createExperimentBook({ now: () => scene.clock.now, warn: (line) => void said.push(line) });
      books.set(name, book);
      return book;
    };
    const ledger = {
      tell: async (told: Parameters<ReturnType<typeof createExperimentBook>["hear"]>[0]) =>
        structuredClone(bookOf(told.experiment.name).hear(structuredClone(told))),
      read: async (name: string) => structuredClone(bookOf(name).account()),
      resume: async (name: string) => bookOf(name).resume(),
    };
    const place = async (by: string) => {
      const { after } = createTimers();
      const now = () => scene.clock.now;
      const analytics: Analytics = createBatchedAnalytics({ ledger, by, now, after, defer: (work) => void work });
      return worldWith({ ports: { analytics }, beside: scene });
    };
    return { here: await place("here"), there: await place("there"), said, clock: scene.clock };
  }

  test("a canary is rolled back within seconds, wherever it failed, and the operator told once", async () => {
    const { here, there, said, clock } = await twoPlaces();
    await here.origin("virginia").answers("/", failing);
    await come(here, 80);
    await come(there, 80);
    clock.advance(16);
    for (let second = 0; second < 20; second++) {
      await come(here, 1);
      await come(there, 1);
    }
    expect(said).toHaveLength(1);
    expect(await sees([...(await come(here, 20)), ...(await come(there, 20))])).toEqual(new Set(["stable"]));
  });
});
