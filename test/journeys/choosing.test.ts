import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import type { Edge } from "../../src/edge.ts";
import { berlin, createWorld, dawn, originUrl, tokyo, type World } from "../harness/world.ts";

const places = { frankfurt: [50.11, 8.68], virginia: [38.95, -77.45], singapore: [1.35, 103.99] } as const;
type Name = keyof typeof places;

interface Given {
  readonly origins?: Partial<Record<Name, Readonly<Record<string, unknown>>>>;
  readonly site?: Readonly<Record<string, unknown>>;
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Milliseconds to an origin's answer. */
  readonly takes?: Partial<Record<Name, number>>;
}

/** Every origin answers "/" with its name, unless told otherwise, and nobody keeps it. */
async function worldWith({ origins = {}, site = {}, rules = [], vars, takes = {} }: Given, answer: OriginAnswer = {}) {
  const script = crypto.randomUUID();
  const names = Object.keys(places) as Name[];
  const ORIGINS = names.map((name) => ({ name, url: originUrl(name, script), at: places[name], ...origins[name] }));
  const SITES = [{ name: "www", hosts: ["www.example.com"], ...site }];
  const clock = { now: dawn, advance: (seconds: number): void => void (clock.now += seconds * 1000) };
  // Each origin takes its time, by the story's clock.
  const ask: Edge["fetch"] = async (target, init) => {
    const response = await fetch(target, { ...init, redirect: "manual", encodeResponseBody: "manual" });
    const name = names.find((each) => response.url.startsWith(originUrl(each, script)));
    clock.now += name ? (takes[name] ?? 0) : 0;
    return response;
  };
  const world = createWorld({
    vars: { ORIGINS, SITES, RULES: rules, ...vars },
    ports: { fetch: ask },
    beside: { script, clock },
  });
  for (const name of names) await world.origin(name).answers("/", { body: name, ...answer });
  return world;
}

function trailOf({ log }: World): readonly string[] {
  return log.at(-1)!["trail"] as readonly string[];
}

async function see(world: World, headers: Readonly<Record<string, string>> = {}, from = berlin): Promise<string> {
  return (await world.visit("/", { headers, from })).text();
}

describe("the trail tells", () => {
  test("what the order follows from, the scores, and what they are made of", async () => {
    const world = await worldWith({});
    await see(world);
    const told = trailOf(world).filter((note) => note.startsWith("origin="));
    expect(told.slice(0, 4)).toEqual([
      "origin=by-position",
      "origin=score:frankfurt=6.35,distance:6.35",
      "origin=score:virginia=101,distance:101",
      "origin=score:singapore=149,distance:149",
    ]);
  });

  test("of nobody else's address, nor to the client", async () => {
    const world = await worldWith({});
    const response = await world.visit("/");
    expect(JSON.stringify([...response.headers])).not.toContain("frankfurt");
  });
});

describe("policies", () => {
  test("a site's policy, and a rule's in its place", async () => {
    const world = await worldWith({
      site: { balance: "first", origins: ["singapore", "virginia"] },
      rules: [{ name: "near", when: '"x-near" in request.headers', balance: "nearest" }],
    });
    expect(await see(world)).toBe("singapore");
    expect(await see(world, { "x-near": "1" })).toBe("virginia");
    expect(trailOf(world)).toContain("route=balance=near");
  });

  test("hash: the same key, the same origin, whoever asks and wherever from", async () => {
    const key = "${request.headers['x-user']}";
    const world = await worldWith({ site: { balance: { by: "hash", key } } });
    const seen = new Set<string>();
    for (let user = 0; user < 12; user++) {
      const home = await see(world, { "x-user": `u${user}` });
      expect(await see(world, { "x-user": `u${user}` }, tokyo)).toBe(home);
      seen.add(home);
    }
    expect(seen.size).toBe(3);
  });

  test("round-robin: one after the other", async () => {
    const world = await worldWith({ site: { balance: "round-robin" } });
    const six = [];
    for (let visit = 0; visit < 6; visit++) six.push(await see(world));
    expect(six.slice(3)).toEqual(six.slice(0, 3));
    expect(new Set(six).size).toBe(3);
  });

  test("nearest learns: an origin that takes longer than a farther one is left", async () => {
    const world = await worldWith({ takes: { frankfurt: 140, virginia: 95, singapore: 160 } });
    const firsts: string[] = [];
    for (let visit = 0; visit < 20; visit++) firsts.push(await see(world));
    // The first measures frankfurt, and of those that could then get to know virginia the sixteenth does.
    const [before, after] = [firsts.slice(0, 16), firsts.slice(16)];
    expect([new Set(before), new Set(after)]).toEqual([new Set(["frankfurt"]), new Set(["virginia"])]);
    expect(trailOf(world).join(" ")).toMatch(
      /score:virginia=88\.\d,distance:101,(work:[\d.]+,)?measured:95,trust:[\d.]+,lead:-6\.\d/,
    );
  });

  test("what it has learnt from visits around here is nothing to visitors from elsewhere", async () => {
    const world = await worldWith({ takes: { frankfurt: 20, virginia: 95, singapore: 160 } });
    expect(await see(world)).toBe("frankfurt");
    expect(await see(world, {}, tokyo)).toBe("singapore");
  });

  test("least-connections: a body that isn't through counts", async () => {
    const world = await worldWith({ site: { balance: "least-connections", origins: ["frankfurt", "virginia"] } });
    for (const name of ["frankfurt", "virginia"] as const)
      await world.origin(name).answers("/", { bytes: 4 << 20, headers: { "x-from": name } });
    const first = await world.visit("/", { method: "POST" });
    const second = await world.visit("/", { method: "POST" });
    const from = (response: Response): string => response.headers.get("x-from")!;
    expect(new Set([from(first), from(second)]).size).toBe(2);
    expect((await second.arrayBuffer()).byteLength).toBe(4 << 20);
    await expect.poll(() => world.edge.fleet.origin(from(second)).inFlight).toBe(0);
    expect(world.edge.fleet.origin(from(first)).inFlight).toBe(1);
    await first.body!.cancel();
    await expect.poll(() => world.edge.fleet.origin(from(first)).inFlight).toBe(0);
  });
});

describe("priorities, drain, limits", () => {
  test("a backup serves when all before it fail, and only then", async () => {
    const world = await worldWith({ origins: { frankfurt: { priority: 1 }, virginia: { priority: 1 } } });
    expect(await see(world)).toBe("singapore");
    await world.origin("singapore").answers("/", { breaks: "before" });
    expect(await see(world)).toBe("frankfurt");
  });

  test("a drained origin gets nobody, not even when others fail", async () => {
    const world = await worldWith({ origins: { frankfurt: { drain: true } } }, { breaks: "before" });
    expect((await world.visit("/")).status).toBe(502);
    expect(await world.origin("frankfurt").seen()).toEqual([]);
  });

  test("a full origin is passed over", async () => {
    const world = await worldWith({ origins: { frankfurt: { maxConnections: 1 } } });
    await world.origin("frankfurt").answers("/", { bytes: 4 << 20 });
    const first = await world.visit("/", { method: "POST" });
    expect(await see(world)).toBe("virginia");
    await first.body!.cancel();
  });
});

describe("residency", () => {
  const origins = { frankfurt: { region: "EU" }, virginia: { region: "US" }, singapore: { region: "AP" } };

  test("a site kept to a region asks nobody outside, wherever the client is", async () => {
    const world = await worldWith({ origins, site: { regions: ["EU"] } });
    expect(await see(world, {}, tokyo)).toBe("frankfurt");
  });

  test("nor when all inside fail", async () => {
    const world = await worldWith({ origins, site: { regions: ["EU"] } });
    await world.origin("frankfurt").answers("/", { status: 503 });
    expect((await world.visit("/")).status).toBe(503);
    for (const name of ["virginia", "singapore"] as const) expect(await world.origin(name).seen()).toEqual([]);
  });
});

describe("sticky", () => {
  const sticky = { site: { sticky: "1h", balance: "round-robin" }, vars: { SIGNING_KEY: "a key of this test" } };
  const cookieOf = (response: Response): string => response.headers.getSetCookie()[0]!.split(";", 1)[0]!;

  test("a client comes back to the origin it had, and is told so once", async () => {
    const world = await worldWith(sticky);
    const first = await world.visit("/");
    const home = await first.text();
    expect(first.headers.getSetCookie()[0]).toMatch(
      /^perigee-sticky=[\w-]{24}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/,
    );
    for (let visit = 0; visit < 5; visit++) {
      const next = await world.visit("/", { headers: { cookie: `a=1; ${cookieOf(first)}; b=2` } });
      expect([await next.text(), next.headers.getSetCookie()]).toEqual([home, []]);
      expect(trailOf(world)).toContain("origin=by-cookie");
    }
    const seen = await world.origin(home as Name).seen();
    expect(seen.at(-1)!.headers["cookie"]).toBe("a=1; b=2");
  });

  test("of several cookies of the name, the first counts that stands for one of the origins", async () => {
    const world = await worldWith(sticky);
    const cookies = new Map<string, string>();
    for (let visit = 0; visit < 3; visit++) {
      const response = await world.visit("/");
      cookies.set(await response.text(), cookieOf(response));
    }
    const [[one, first], [other, second]] = [...cookies] as [[string, string], [string, string]];
    const forged = "perigee-sticky=AAAAAAAAAAAAAAAAAAAAAAAA";
    for (const [cookie, home] of [
      [`${forged}; ${first}`, one],
      [`a=1; ${second}; ${forged}; b=2; ${first}`, other],
      [`${first}; ${second}`, one],
    ] as const) {
      const response = await world.visit("/", { headers: { cookie } });
      expect([await response.text(), response.headers.getSetCookie()]).toEqual([home, []]);
      expect(trailOf(world)).toContain("origin=by-cookie");
    }
    const seen = (await Promise.all([one, other].map((home) => world.origin(home as Name).seen()))).flat();
    expect(seen.map(({ headers }) => headers["cookie"])).toContain("a=1; b=2");
    expect(JSON.stringify(seen)).not.toContain("perigee-sticky");
  });

  test("also when that origin is drained by then", async () => {
    const world = await worldWith(sticky);
    const first = await world.visit("/");
    const home = await first.text();
    const drained = await worldWith({ ...sticky, origins: { [home]: { drain: true } } });
    const headers = { cookie: cookieOf(first) };
    for (let visit = 0; visit < 4; visit++) expect(await see(drained, headers)).toBe(home);
    for (let visit = 0; visit < 4; visit++) expect(await see(drained)).not.toBe(home);
  });

  test("when it fails, another serves, and the client sticks to that", async () => {
    const world = await worldWith(sticky);
    const first = await world.visit("/");
    await world.origin((await first.text()) as Name).answers("/", { breaks: "before" });
    const second = await world.visit("/", { headers: { cookie: cookieOf(first) } });
    const home = await second.text();
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    for (let visit = 0; visit < 4; visit++) expect(await see(world, { cookie: cookieOf(second) })).toBe(home);
  });

  test("nobody sticks to an origin for its failure", async () => {
    const world = await worldWith(sticky, { status: 503 });
    const response = await world.visit("/");
    expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
  });

  test.each(["frankfurt", "AAAAAAAAAAAAAAAAAAAAAAAA", ""])(
    "%j, which nobody signed, sticks to nothing",
    async (forged) => {
      const world = await worldWith(sticky);
      const response = await world.visit("/", { headers: { cookie: `perigee-sticky=${forged}` } });
      expect(response.headers.getSetCookie()).toHaveLength(1);
      expect(trailOf(world)).toContain("origin=sticky:unknown");
    },
  );

  test("a cookie of another key is none", async () => {
    const first = await (await worldWith(sticky)).visit("/");
    const other = await worldWith({ ...sticky, vars: { SIGNING_KEY: "another key" } });
    const response = await other.visit("/", { headers: { cookie: cookieOf(first) } });
    expect(cookieOf(response)).not.toBe(cookieOf(first));
  });

  test("without a key there is no cookie, and the trail says why", async () => {
    const world = await worldWith({ site: sticky.site });
    expect((await world.visit("/")).headers.getSetCookie()).toEqual([]);
    expect(trailOf(world)).toContain("origin=sticky:no-key");
  });

  test("what is stored, and what comes from the store, sets none, and is the same for all", async () => {
    const world = await worldWith(sticky, { headers: { "cache-control": "max-age=60" } });
    const miss = await world.visit("/");
    const text = await miss.text();
    await world.settle();
    const hit = await world.visit("/", { headers: { cookie: "perigee-sticky=AAAAAAAAAAAAAAAAAAAAAAAA" } });
    expect([await hit.text(), miss.headers.getSetCookie(), hit.headers.getSetCookie()]).toEqual([text, [], []]);
    expect(hit.headers.get("cache-status")).toContain("hit");
  });

  test("the cookie keeps no answer out of the store, and makes no variant of one that varies by Cookie", async () => {
    const world = await worldWith(sticky, { headers: { "cache-control": "max-age=60", vary: "cookie" } });
    await see(world, { cookie: "perigee-sticky=AAAAAAAAAAAAAAAAAAAAAAAA" });
    await world.settle();
    expect((await world.visit("/")).headers.get("cache-status")).toContain("hit");
  });

  test("caches on the way to the client are told that an answer with it is the client's alone", async () => {
    const headers = { "cache-control": "public, max-age=60", "cdn-cache-control": "max-age=60" };
    const world = await worldWith(sticky, { headers });
    const response = await world.visit("/", { headers: { "cache-control": "no-store" } });
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(response.headers.get("cache-control")).toBe("public, max-age=60, private");
    expect(response.headers.get("cdn-cache-control")).toBeNull();
  });
});

describe("split", () => {
  const split = [{ name: "canary", origins: ["singapore"], weight: 10 }, { weight: 90 }];
  const clients = Array.from({ length: 60 }, (_, index) => ({ ...berlin, ip: `192.0.2.${index}` }));

  async function armsIn(world: World): Promise<readonly string[]> {
    const arms = [];
    for (const from of clients) arms.push(await see(world, {}, from));
    return arms;
  }

  test("some clients, always the same, go to the canary", async () => {
    const world = await worldWith({ rules: [{ name: "new shop", split }] });
    const first = await armsIn(world);
    const canaries = first.filter((name) => name === "singapore").length;
    expect(canaries).toBeGreaterThan(0);
    expect(canaries).toBeLessThan(20);
    expect(await armsIn(world)).toEqual(first);
    expect(new Set(first)).toEqual(new Set(["frankfurt", "singapore"]));
  });

  test("the trail tells which way", async () => {
    const world = await worldWith({ rules: [{ name: "new shop", split }] });
    const seen = new Map<string, string>();
    for (const from of clients) {
      const text = await see(world, {}, from);
      seen.set(
        text,
        trailOf(world).find((note) => note.startsWith("route="))!,
      );
    }
    expect(seen.get("singapore")).toBe("route=split=new-shop:canary");
    expect(seen.get("frankfurt")).toBe("route=split=new-shop:arm1");
  });

  test("who is in the canary stays there when its share grows", async () => {
    const few = await armsIn(await worldWith({ rules: [{ name: "new shop", split }] }));
    const grown = [{ ...split[0], weight: 40 }, { weight: 60 }];
    const many = await armsIn(await worldWith({ rules: [{ name: "new shop", split: grown }] }));
    for (const [index, name] of few.entries()) if (name === "singapore") expect(many[index]).toBe("singapore");
    expect(many.filter((name) => name === "singapore").length).toBeGreaterThan(10);
  });

  test("by a cookie of the site's own, where there is one", async () => {
    const per = "${request.cookies.user}";
    const world = await worldWith({ rules: [{ split: { per, among: split } }] });
    const of = async (user: string, from = berlin): Promise<string> => see(world, { cookie: `user=${user}` }, from);
    for (let user = 0; user < 30; user++) expect(await of(`u${user}`, clients[user])).toBe(await of(`u${user}`));
  });

  test("what the canary says is kept for canary clients alone, and the other way round", async () => {
    const world = await worldWith({ rules: [{ split }] }, { headers: { "cache-control": "max-age=60" } });
    const [first, again] = [await armsIn(world), (await world.settle(), await armsIn(world))];
    expect(again).toEqual(first);
    expect(new Set(first)).toEqual(new Set(["frankfurt", "singapore"]));
    for (const name of ["frankfurt", "singapore"] as const) {
      const { length } = await world.origin(name).seen();
      expect(length).toBeLessThan(60);
    }
  });
});
