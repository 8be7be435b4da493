import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { Edge } from "../../src/edge.ts";
import { createCounters } from "../../src/platform/cloudflare/rates.ts";
import type { Counters } from "../../src/rates.ts";
import { counted } from "../harness/counted.ts";
import { seal } from "../../src/seal.ts";
import { berlin, createWorld, type VisitOptions, type World } from "../harness/world.ts";

const stranger = { ...berlin, ip: "192.0.2.99" };

interface Options {
  readonly rules: readonly object[];
  readonly ports?: Partial<Edge>;
  readonly beside?: World;
}

async function worldWith({ rules, ports = {}, beside }: Options): Promise<World> {
  const world = createWorld({
    vars: { RULES: rules, SIGNING_KEY: "a key of the story" },
    ports,
    ...(beside && { beside }),
  });
  const page = { body: "page", headers: { "cache-control": "no-store" } };
  await world.origin("frankfurt").answers("/", page);
  await world.origin("frankfurt").answers("/kept", { body: "kept", headers: { "cache-control": "max-age=600" } });
  await world.origin("frankfurt").answers("/missing", { body: "page", status: 404 });
  return world;
}

/** The answer's status, after which its body is through and what it left behind is done. */
async function statusOf(world: World, target = "/", options: VisitOptions = {}): Promise<number> {
  const response = await world.visit(target, options);
  await response.text();
  await world.settle();
  return response.status;
}

async function statuses(world: World, count: number, target = "/", options: VisitOptions = {}): Promise<number[]> {
  const all: number[] = [];
  for (let visit = 0; visit < count; visit++) all.push(await statusOf(world, target, options));
  return all;
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("a rate in the isolate", () => {
  const rules = [{ name: "slowly", limit: { rate: "6/1m", burst: 2, scope: "isolate" } }];

  test("lets its burst through at once, and then one each interval", async () => {
    const world = await worldWith({ rules });
    expect(await statuses(world, 3)).toEqual([200, 200, 429]);
    world.clock.advance(9.999);
    expect(await statusOf(world)).toBe(429);
    world.clock.advance(0.001);
    expect(await statuses(world, 2)).toEqual([200, 429]);
    world.clock.advance(3_600);
    expect(await statuses(world, 3)).toEqual([200, 200, 429]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(5);
  });

  test("tells how it stands, and when to come again, to the second", async () => {
    const world = await worldWith({ rules });
    const fields = async () => {
      const { headers } = await world.visit("/");
      return [headers.get("ratelimit-policy"), headers.get("ratelimit"), headers.get("retry-after")];
    };
    const policy = '"slowly";q=6;w=60';
    expect(await fields()).toEqual([policy, '"slowly";r=1;t=10', null]);
    world.clock.advance(3.5);
    expect(await fields()).toEqual([policy, '"slowly";r=0;t=7', null]);
    expect(await fields()).toEqual([policy, '"slowly";r=0;t=7', "7"]);
    world.clock.advance(7);
    expect(await fields()).toEqual([policy, '"slowly";r=0;t=10', null]);
  });

  test("refuses with little to read, a reason, and no word of whose rule it was but its name in the fields", async () => {
    const world = await worldWith({ rules });
    await statuses(world, 2);
    const refused = await world.visit("/");
    expect(refused.status).toBe(429);
    expect(await refused.text()).toMatch(/^Too many requests\. Please try again later\.\nVisit \w+\n$/);
    expect(refused.headers.get("cache-control")).toBe("no-store");
    expect(refused.headers.get("cache-status")).toBe("perigee; detail=rate-limited");
    expect(world.log.at(-1)).toMatchObject({ status: 429, because: "rate-limited" });
    expect(world.log.at(-1)!["trail"]).toEqual(["site=www.example.com", "scrub=rate-limited:slowly"]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(2);
  });

  test("counts each client by itself, and an IPv6 network as one", async () => {
    const world = await worldWith({ rules });
    expect(await statuses(world, 3)).toEqual([200, 200, 429]);
    expect(await statusOf(world, "/", { from: stranger })).toBe(200);
    const from = (ip: string): VisitOptions => ({ from: { ...berlin, ip } });
    const all = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"];
    const found: number[] = [];
    for (const ip of all) found.push(await statusOf(world, "/", from(ip)));
    expect(found).toEqual([200, 200, 429, 200]);
  });

  test("no forged field makes a client another one", async () => {
    const world = await worldWith({ rules });
    const found: number[] = [];
    for (const name of ["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "client-ip"]) {
      found.push(await statusOf(world, "/", { headers: { [name]: `203.0.113.${found.length}` } }));
    }
    expect(found).toEqual([200, 200, 429, 429, 429]);
  });

  test("counts under any key; those who have none are counted together", async () => {
    const per = 'request.headers["x-key"]';
    const world = await worldWith({ rules: [{ limit: { rate: "1/1m", per, scope: "isolate" } }] });
    const withKey = (key: string): VisitOptions => ({ headers: { "x-key": key } });
    expect(await statusOf(world, "/", withKey("a"))).toBe(200);
    expect(await statusOf(world, "/", withKey("b"))).toBe(200);
    expect(await statusOf(world, "/", withKey("a"))).toBe(429);
    expect(await statuses(world, 2)).toEqual([200, 429]);
    expect(await statusOf(world, "/", { from: stranger })).toBe(429);
  });

  test("long keys are told apart", async () => {
    const per = 'request.headers["x-key"]';
    const world = await worldWith({ rules: [{ limit: { rate: "1/1m", per, scope: "isolate" } }] });
    const withKey = (end: string): VisitOptions => ({ headers: { "x-key": "k".repeat(5_000) + end } });
    expect(await statusOf(world, "/", withKey("a"))).toBe(200);
    expect(await statusOf(world, "/", withKey("b"))).toBe(200);
    expect(await statusOf(world, "/", withKey("a"))).toBe(429);
  });

  test("counts hits of the cache, too; two limits tell of themselves side by side", async () => {
    const world = await worldWith({
      rules: [
        { name: "burst", limit: { rate: "3/1s", scope: "isolate" } },
        { name: "daily", limit: { rate: "100/1d", scope: "isolate" } },
      ],
    });
    expect(await statuses(world, 2, "/kept")).toEqual([200, 200]);
    const third = await world.visit("/kept");
    expect(third.headers.get("ratelimit-policy")).toBe('"burst";q=3;w=1, "daily";q=100;w=86400');
    expect(third.headers.get("ratelimit")).toBe('"burst";r=0;t=1, "daily";r=97;t=864');
    expect(await statusOf(world, "/kept")).toBe(429);
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });
});

describe("what counts", () => {
  test("is only what an origin is asked for, when the rule says so", async () => {
    const world = await worldWith({ rules: [{ limit: { rate: "2/1m", count: "origin", scope: "isolate" } }] });
    expect(await statuses(world, 5, "/kept")).toEqual(times(5, 200));
    expect(await statuses(world, 2)).toEqual([200, 429]);
    // What the store has is over the limit, too: nobody knows before.
    expect(await statusOf(world, "/kept")).toBe(429);
  });

  test("is one question for several visits that wait for one answer", async () => {
    const world = await worldWith({
      rules: [{ name: "few", limit: { rate: "9/1m", count: "origin", scope: "isolate" } }],
    });
    const headers = { "cache-control": "max-age=600" };
    await world.origin("frankfurt").answers("/cold", { body: "cold", headers, delay: 100 });
    const visits = await Promise.all([world.visit("/cold"), world.visit("/cold"), world.visit("/cold")]);
    expect(await Promise.all(visits.map(async (visit) => visit.text()))).toEqual(times(3, "cold"));
    expect((await world.visit("/cold")).headers.get("ratelimit")).toBe('"few";r=8;t=7');
  });

  test("is only the answers that the rule says", async () => {
    const count = "response.status == 404";
    const world = await worldWith({ rules: [{ limit: { rate: "2/1m", count, scope: "isolate" } }] });
    expect(await statuses(world, 5)).toEqual(times(5, 200));
    await world.origin("frankfurt").answers("/gone", { body: "gone", status: 404 });
    expect(await statuses(world, 3, "/gone")).toEqual([404, 404, 429]);
    expect(await statusOf(world)).toBe(429);
    expect(await statusOf(world, "/", { from: stranger })).toBe(200);
  });

  test("is told by fields of the answer, and of the request beside", async () => {
    const count = 'request.method == "GET" && "x-failed" in response.headers';
    const world = await worldWith({ rules: [{ limit: { rate: "1/1m", count, scope: "isolate" } }] });
    await world.origin("frankfurt").answers("/login", { body: "no", headers: { "x-failed": "1" } });
    expect(await statuses(world, 2, "/login")).toEqual([200, 429]);
  });

  test.each(["response.status == 502", "origin"])("an origin that fails is an answer, too: %s", async (count) => {
    const ORIGINS = [{ name: "nobody", url: "http://127.0.0.1:1" }];
    const SITES = [{ hosts: ["www.example.com"] }];
    const RULES = [{ limit: { rate: "2/1m", count, scope: "isolate" } }];
    const world = createWorld({ vars: { ORIGINS, SITES, RULES } });
    expect(await statuses(world, 3)).toEqual([502, 502, 429]);
    expect(world.log.map(({ because }) => because)).toEqual([
      "no-origin-answered",
      "no-origin-answered",
      "rate-limited",
    ]);
  });
});

describe("visits over a limit", () => {
  test("wait for their turn, when the rule says so, and are let in as the rate has it", async () => {
    const waits: (readonly [ms: number, go: () => void])[] = [];
    const after: Edge["after"] = (ms, act) => (waits.push([ms, act]), () => undefined);
    const rules = [{ name: "queue", limit: { rate: "1/1s", then: "delay", scope: "isolate" } }];
    const world = await worldWith({ rules, ports: { after } });
    expect(await statusOf(world)).toBe(200);
    waits.length = 0;
    const visits = [world.visit("/"), world.visit("/")];
    await expect.poll(() => waits.map(([ms]) => ms)).toEqual([1_000, 2_000]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
    for (const [ms, go] of [...waits]) {
      world.clock.now += ms;
      go();
    }
    expect((await Promise.all(visits)).map(({ status }) => status)).toEqual([200, 200]);
    expect(world.log.at(-1)!["trail"]).toContain("scrub=delayed:queue 2000ms");
  });

  test("don't wait for longer than ten seconds, nor more than a hundred at a time", async () => {
    const after: Edge["after"] = () => () => undefined;
    const rules = [{ limit: { rate: "100/1s", then: "delay", burst: 1, scope: "isolate" } }];
    const world = await worldWith({ rules, ports: { after } });
    const visits = times(102, 0).map(async () => (await world.visit("/missing")).status);
    expect(await Promise.any(visits.slice(101))).toBe(429);
    expect(world.edge.rates.delayed).toBe(100);

    const slow = await worldWith({
      rules: [{ limit: { rate: "1/11s", then: "delay", scope: "isolate" } }],
      ports: { after },
    });
    const [, second] = [slow.visit("/missing"), await slow.visit("/missing")];
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, "11"]);
  });

  test("that wait give up their turn when their client leaves", async () => {
    const leaving = new AbortController();
    const after: Edge["after"] = () => () => undefined;
    const rules = [{ name: "queue", limit: { rate: "1/5s", then: "delay", scope: "isolate" } }];
    const world = await worldWith({ rules, ports: { after } });
    await statusOf(world);
    const asked = (await world.origin("frankfurt").seen()).length;
    const left = world.visit("/", { signal: leaving.signal });
    await expect.poll(() => world.edge.rates.delayed).toBe(1);
    const ahead = () => world.edge.rates.tally("queue 1/5000/1 192.0.2.1").tat - world.clock.now;
    expect(ahead()).toBe(10_000);
    leaving.abort();
    await expect.poll(() => world.edge.rates.delayed).toBe(0);
    await left.catch(() => undefined);
    // The next one waits for what that one would have had, and the origin hears of neither.
    expect(ahead()).toBe(5_000);
    expect(await world.origin("frankfurt").seen()).toHaveLength(asked);
  });

  test("that wait for a turn of all locations and leave give it back there, too", async () => {
    const leaving = new AbortController();
    const scene = createWorld();
    const counters = counted(() => scene.clock.now);
    const rules = [{ name: "queue", limit: { rate: "1/5s", then: "delay" } }];
    const place = async () => worldWith({ rules, ports: { counters, after: () => () => undefined }, beside: scene });
    const [here, there] = [await place(), await place()];
    await statusOf(here);
    const left = here.visit("/", { signal: leaving.signal });
    await expect.poll(() => here.edge.rates.delayed).toBe(1);
    await here.settle();
    leaving.abort();
    await left.catch(() => undefined);
    here.clock.advance(5);
    await statusOf(here);
    here.clock.advance(5);
    expect(await statusOf(here)).toBe(200);
    await expect.poll(() => here.edge.rates.tally("queue 1/5000/1 192.0.2.1").sent).toBe(0);
    expect(await statusOf(there)).toBe(200);
    await expect.poll(() => there.edge.rates.tally("queue 1/5000/1 192.0.2.1").tat).toBe(here.clock.now + 10_000);
  });
});

describe("visits at once", () => {
  const rules = [{ name: "few", limit: { atOnce: 2 } }];

  test("are let in as long as there is a place, which the body's end gives back", async () => {
    const world = await worldWith({ rules });
    const [first, second] = [await world.visit("/"), await world.visit("/")];
    expect(first.headers.get("ratelimit-policy")).toBe('"few";q=2;qu="concurrent-requests"');
    expect([first, second].map(({ headers }) => headers.get("ratelimit"))).toEqual(['"few";r=1', '"few";r=0']);
    const third = await world.visit("/");
    expect([third.status, third.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(third.headers.get("ratelimit")).toBe('"few";r=0');
    expect(world.log.at(-1)).toMatchObject({ because: "rate-limited" });
    expect(await statusOf(world, "/", { from: stranger })).toBe(200);

    expect(await first.text()).toBe("page");
    await expect.poll(async () => (await world.visit("/")).status).toBe(200);
    await second.body!.cancel();
  });

  test("give their place back when the client leaves in the middle of the body", async () => {
    const world = await worldWith({ rules: [{ limit: { atOnce: 1 } }] });
    const first = await world.visit("/");
    expect((await world.visit("/")).status).toBe(429);
    await first.body!.cancel();
    await world.settle();
    expect(world.edge.rates.underWay.size).toBe(0);
    expect(await statusOf(world)).toBe(200);
  });

  test("give it back when the client leaves before there is an answer", async () => {
    const world = await worldWith({ rules: [{ limit: { atOnce: 1 } }] });
    await world.origin("frankfurt").answers("/slow", { body: "late", delay: 300 });
    const leaving = new AbortController();
    const visit = world.visit("/slow", { signal: leaving.signal }).catch(() => undefined);
    await expect.poll(() => world.edge.rates.underWay.size).toBe(1);
    leaving.abort();
    await expect.poll(() => world.edge.rates.underWay.size).toBe(0);
    await visit;
  });

  test("give it back when the origin fails, a later rule refuses, or there is no body", async () => {
    const world = await worldWith({
      rules: [
        { limit: { atOnce: 1 } },
        { when: 'request.path == "/blocked"', block: 403 },
        { when: 'request.path == "/moved"', redirect: "/" },
      ],
    });
    for (const name of ["frankfurt", "virginia", "singapore"] as const) {
      await world.origin(name).answers("/broken", { breaks: "before" });
    }
    const all = ["/blocked", "/moved", "/broken", "/", "/kept", "/kept"];
    const found: number[] = [];
    for (const path of all) found.push(await statusOf(world, path));
    found.push(await statusOf(world, "/", { method: "HEAD" }));
    expect(found).toEqual([403, 302, 502, 200, 200, 200, 200]);
    expect(world.edge.rates.underWay.size).toBe(0);
  });

  test("count no longer than an hour", async () => {
    const world = await worldWith({ rules: [{ limit: { atOnce: 1 } }] });
    await world.visit("/");
    world.clock.advance(3_599);
    expect((await world.visit("/")).status).toBe(429);
    world.clock.advance(1);
    expect((await world.visit("/")).status).toBe(200);
  });
});

describe("a rate for all locations", () => {
  const rules = [{ name: "api", limit: { rate: "4/1m" } }];

  async function twoPlaces(way: (counters: Counters) => Counters = (same) => same, limits: Options["rules"] = rules) {
    const clock = createWorld();
    const counters = way(counted(() => clock.clock.now));
    const here = await worldWith({ rules: limits, ports: { counters }, beside: clock });
    const there = await worldWith({ rules: limits, ports: { counters }, beside: clock });
    return { here, there, clock: clock.clock };
  }

  test("is one in all of them", async () => {
    const { here, there, clock } = await twoPlaces();
    expect(await statuses(here, 2)).toEqual([200, 200]);
    // The first visit there is decided before anything is heard of those here; the next one isn't.
    expect(await statuses(there, 3)).toEqual([200, 200, 429]);
    const refused = await there.visit("/");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "15"]);
    clock.advance(15);
    expect(await statuses(there, 2)).toEqual([200, 429]);
  });

  test("keeps no visit waiting for those who count", async () => {
    const { here } = await twoPlaces(() => ({ count: async () => new Promise(() => undefined) }));
    const found: number[] = [];
    for (let visit = 0; visit < 5; visit++) found.push((await here.visit("/")).status);
    expect(found).toEqual([200, 200, 200, 200, 429]);
    expect(here.log.at(-1)!["trail"]).toContain("scrub=rate-limited:api");
  });

  test("asks again when a question got lost, so that nobody is shut out for it", async () => {
    let asked = 0;
    const quick = [{ name: "quick", limit: { rate: "1/1s", burst: 4 } }];
    const way = (counters: Counters): Counters => ({
      count: async (...told) => (asked++ === 0 ? new Promise(() => undefined) : counters.count(...told)),
    });
    const { here, clock } = await twoPlaces(way, quick);
    const visit = async () => {
      const { status, headers } = await here.visit("/");
      return [status, headers.get("ratelimit")];
    };
    const all = [await visit(), await visit(), await visit(), await visit()];
    expect(all).toEqual([3, 2, 1, 0].map((left) => [200, `"quick";r=${left};t=1`]));
    clock.advance(3.001);
    expect([await visit(), asked]).toEqual([[200, '"quick";r=2;t=1'], 2]);
    await expect.poll(() => here.edge.rates.tally("quick 1/1000/4 192.0.2.1").sent).toBe(0);
    // What came back while nobody heard of it did so for those who count, too.
    expect(await visit()).toEqual([200, '"quick";r=1;t=1']);
  });

  test("lets its burst in at once, and its fields are true", async () => {
    const named = [{ name: "api", limit: { rate: "100/1m", burst: 20 } }];
    const silent = { count: async () => new Promise<never>(() => undefined) };
    const { here } = await twoPlaces(() => silent, named);
    const visits = await Promise.all(times(21, 0).map(async () => here.visit("/")));
    const found = visits.map(({ status, headers }) => [status, Number(/;r=(\d+)/.exec(headers.get("ratelimit")!)![1])]);
    expect(found.filter(([status]) => status === 429)).toEqual([[429, 0]]);
    // Answers come in any order; each says how many were left when it did.
    expect(Math.max(...found.map(([, left]) => left!))).toBeLessThan(20);
    expect(Math.min(...found.map(([, left]) => left!))).toBe(0);
  });

  test("falls back to the isolate's own count when those who count fail, and says so", async () => {
    const { here, clock } = await twoPlaces(() => ({ count: async () => Promise.reject(new Error("down")) }));
    expect(await statuses(here, 5)).toEqual([200, 200, 200, 200, 429]);
    expect(here.log[1]!["trail"]).toContain("scrub=rates-unreachable");
    clock.advance(15);
    expect(await statusOf(here)).toBe(200);
  });

  test("tells them what they missed when they are back", async () => {
    let isDown = true;
    const { here, there, clock } = await twoPlaces((counters) => ({
      count: async (...asked) => (isDown ? Promise.reject(new Error("down")) : counters.count(...asked)),
    }));
    expect(await statuses(here, 4)).toEqual(times(4, 200));
    isDown = false;
    clock.advance(15);
    expect(await statusOf(here)).toBe(200);
    // Now it is known: four and one, less the one that came back.
    expect(await statuses(there, 2)).toEqual([200, 429]);
  });

  test("is the isolate's own when nobody is bound, and the trail says so", async () => {
    const world = await worldWith({ rules });
    expect(await statuses(world, 5)).toEqual([200, 200, 200, 200, 429]);
    expect(world.log[0]!["trail"]).toContain("scrub=rates-not-bound");
  });

  test("is one over the platform's own objects, too", async () => {
    const { RATES } = env as unknown as { RATES: DurableObjectNamespace };
    const named = [{ name: `of these two ${crypto.randomUUID()}`, limit: { rate: "4/1h" } }];
    const place = async () => worldWith({ rules: named, ports: { counters: createCounters(RATES) } });
    const [here, there] = [await place(), await place()];
    expect(await statuses(here, 2)).toEqual([200, 200]);
    expect(await statuses(there, 3)).toEqual([200, 200, 429]);
    expect(await statusOf(there, "/", { from: stranger })).toBe(200);
  });

  test("of answers counts those of all places", async () => {
    const clock = createWorld();
    const counters = counted(() => clock.clock.now);
    const bad = [{ limit: { rate: "4/1m", count: "response.status == 404" } }];
    const here = await worldWith({ rules: bad, ports: { counters }, beside: clock });
    const there = await worldWith({ rules: bad, ports: { counters }, beside: clock });
    await here.origin("frankfurt").answers("/gone", { body: "gone", status: 404 });
    expect(await statuses(here, 3, "/gone")).toEqual([404, 404, 404]);
    expect(await statuses(there, 10)).toEqual(times(10, 200));
    expect(await statuses(there, 2, "/gone")).toEqual([404, 429]);
  });
});

test("a visit over a limit that challenges is answered by the challenge, and goes on when it passed one", async () => {
  const rules = [{ name: "prove", limit: { rate: "1/1m", then: "challenge", scope: "isolate" } }];
  const world = await worldWith({ rules });
  const page = { accept: "text/html" };
  const visit = async (headers: Readonly<Record<string, string>>) => {
    const response = await world.visit("/", { headers });
    return [response.status, response.headers.get("ratelimit-policy"), response.headers.get("ratelimit")];
  };
  const full = ['"prove";q=1;w=60', '"prove";r=0;t=60'];
  expect([await visit(page), await visit(page)]).toEqual([
    [200, ...full],
    [403, ...full],
  ]);
  expect(world.log.at(-1)).toMatchObject({ because: "challenged" });
  expect(world.log.at(-1)!["trail"]).toEqual(
    expect.arrayContaining(["scrub=rate-limited:prove", "scrub=challenged:rate-limited"]),
  );
  expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  const until = world.clock.now + 60_000;
  const sealed = await seal(world.edge, "clearance 192.0.2.1 www.example.com", { text: "", until });
  expect(await visit({ ...page, cookie: `perigee-clearance=${sealed}` })).toEqual([200, ...full]);
});
