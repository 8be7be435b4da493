/** Experiments: who sees what, what the origin and the cache get to know of it, and what stays as it is. */
import { describe, expect, test } from "vitest";
import { markOf } from "../../src/config/experiments.ts";
import { linkPurpose } from "../../src/route/experiments/forced.ts";
import { seal } from "../../src/seal.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { createShielded } from "../harness/shielded.ts";
import { cacheStatus, createWorld, dawn, type World, type WorldOptions } from "../harness/world.ts";

const person = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const googlebot = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };

const SIGNING_KEY = "key of the story";

/** Told apart by a field, so that the story can have as many clients as it wants. */
const perUser = { name: "checkout", per: '${request.headers["x-user"]}' };
const control = { name: "control", weight: 1 };

/** Fresh for a minute, and its own text. */
const page = (body: string): OriginAnswer => ({ body, headers: { "cache-control": "max-age=60" } });

async function worldWith(experiments: readonly object[], { vars, ...options }: WorldOptions = {}): Promise<World> {
  const { ports, ...others } = options;
  const world = createWorld({
    vars: { EXPERIMENTS: experiments, SIGNING_KEY, ...vars },
    ports: { random: spread(), ...ports },
    ...others,
  });
  for (const name of ["frankfurt", "virginia"] as const) {
    for (const path of ["/", "/short", "/other"]) await world.origin(name).answers(path, page(`${name} ${path}`));
  }
  return world;
}

/** Chance that is the same each time, and evenly spread. */
function spread(): () => number {
  let at = 0;
  return () => (at = (at + (Math.sqrt(5) - 1) / 2) % 1);
}

interface Sight {
  /** "checkout:short;by=hash", and so on. */
  readonly seen: readonly string[];
  readonly body: string;
  readonly cache: string;
  readonly response: Response;
}

/** What a visit comes to; what it stores is stored before the next. */
async function see(world: World, headers: Readonly<Record<string, string>> = {}, target = "/"): Promise<Sight> {
  const response = await world.visit(target, { headers: { ...person, ...headers } });
  const body = await response.text();
  await world.settle();
  const trail = world.log.at(-1)!["trail"] as readonly string[];
  const seen = trail.flatMap((step) => (step.startsWith("route=experiment=") ? [step.slice(17)] : []));
  return { seen, body, cache: cacheStatus(response), response };
}

/** The first of u0, u1 … that sees this variant, as the header that it sends. */
async function userIn(world: World, variant: string, experiment = "checkout"): Promise<Record<string, string>> {
  for (let number = 0; number < 200; number++) {
    const user = { "x-user": `u${number}` };
    const { seen } = await see(world, user, "/other");
    if (seen.includes(`${experiment}:${variant};by=hash`)) return user;
  }
  throw new Error(`nobody sees ${variant}`);
}

/** So many, one after the other. */
async function seeTimes(world: World, times: number): Promise<readonly Sight[]> {
  const sights: Sight[] = [];
  for (let time = 0; time < times; time++) sights.push(await see(world));
  return sights;
}

/** The client's own cookies, as a browser would send them back. */
function cookiesOf({ response }: Sight): Record<string, string> {
  const pairs = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]!);
  return pairs.length === 0 ? {} : { cookie: pairs.join("; ") };
}

describe("a variant changes", () => {
  test("the path", async () => {
    const world = await worldWith([
      { ...perUser, variants: [control, { name: "short", weight: 1, rewrite: { path: "/short" } }] },
    ]);
    expect((await see(world, await userIn(world, "control"))).body).toBe("frankfurt /");
    expect((await see(world, await userIn(world, "short"))).body).toBe("frankfurt /short");
  });

  test("the origin", async () => {
    const world = await worldWith([
      { ...perUser, variants: [control, { name: "new", weight: 1, origins: ["virginia"] }] },
    ]);
    expect((await see(world, await userIn(world, "control"))).body).toBe("frankfurt /");
    expect((await see(world, await userIn(world, "new"))).body).toBe("virginia /");
  });

  test("fields, of the request and of the answer, over what rules say", async () => {
    const headers = {
      request: { set: { "x-theme": "dark" } },
      response: { set: { "x-seen": "${request.path} dark" } },
    };
    const RULES = [{ headers: { response: { set: { "x-seen": "usual" } } } }];
    const world = await worldWith([{ ...perUser, variants: [control, { name: "dark", weight: 1, headers }] }], {
      vars: { RULES },
    });
    const [light, dark] = [await userIn(world, "control"), await userIn(world, "dark")];
    expect((await see(world, light)).response.headers.get("x-seen")).toBe("usual");
    expect((await see(world, dark)).response.headers.get("x-seen")).toBe("/ dark");
    const asked = (await world.origin("frankfurt").seen()).filter(({ target }) => target === "/");
    expect(asked.map(({ headers: sent }) => sent["x-theme"])).toEqual([undefined, "dark"]);
  });

  test("the answer itself, and where it is found", async () => {
    const variants = [
      { name: "sent on", weight: 1 },
      { name: "elsewhere", weight: 1, redirect: "/short" },
      { name: "said", weight: 1, respond: { body: "said" } },
    ].map((one) => ({ ...one, name: one.name.replace(" ", "-") }));
    const world = await worldWith([{ ...perUser, when: 'request.path != "/short"', sticky: "1d", variants }]);
    const elsewhere = await see(world, await userIn(world, "elsewhere"));
    expect(elsewhere.response.headers.get("location")).toBe("/short");
    expect(elsewhere.response.headers.get("set-cookie")).toContain("perigee-experiments=");
    expect((await see(world, await userIn(world, "said"))).body).toBe("said");
    expect((await see(world, await userIn(world, "sent-on"))).body).toBe("frankfurt /");
  });

  test("how it is cached", async () => {
    const variants = [control, { name: "uncached", weight: 1, cache: false }];
    const world = await worldWith([{ ...perUser, variants }]);
    const user = await userIn(world, "uncached");
    for (const _ of [1, 2]) expect((await see(world, user)).cache).toContain("fwd=bypass");
  });
});

describe("the cache", () => {
  const variants = [control, { name: "short", weight: 1, headers: { request: { set: { "x-short": "1" } } } }];

  test("has each variant's answer for all who see it, and the usual one for all others", async () => {
    const world = await worldWith([
      { ...perUser, when: 'request.path == "/" && "x-user" in request.headers', variants },
    ]);
    const groups = new Map<string, string[]>();
    for (let number = 0; number < 12; number++) {
      const { seen, cache } = await see(world, { "x-user": `u${number}` });
      groups.set(seen.join(), [...(groups.get(seen.join()) ?? []), cache]);
    }
    expect([...groups.keys()].toSorted()).toEqual(["checkout:control;by=hash", "checkout:short;by=hash"]);
    for (const [first, ...others] of groups.values()) {
      expect(first).toBe("fwd=uri-miss; fwd-status=200; stored");
      expect(others.length).toBeGreaterThan(2);
      expect(new Set(others)).toEqual(new Set(["hit; ttl=60"]));
    }
    expect((await see(world)).cache).toBe("fwd=uri-miss; fwd-status=200; stored");
    expect((await see(world)).cache).toBe("hit; ttl=60");
    expect(await world.origin("frankfurt").seen()).toHaveLength(3);
  });

  test("has one answer for all where variants change only what comes after it", async () => {
    const after = { name: "after", weight: 1, headers: { response: { set: { "x-a": "1" } } }, security: true };
    const world = await worldWith([{ ...perUser, variants: [control, after] }]);
    const [one, other] = [await userIn(world, "control"), await userIn(world, "after")];
    await see(world, one);
    const { cache, response } = await see(world, other);
    expect([cache, response.headers.get("x-a")]).toEqual(["hit; ttl=60", "1"]);
    expect((await see(world, one)).response.headers.has("x-a")).toBe(false);
  });

  test("keeps answers to clients with a cookie of experiments, and never the cookie", async () => {
    const world = await worldWith([
      {
        name: "checkout",
        sticky: "30d",
        variants: [
          { ...control, weight: 1 },
          { name: "b", weight: 0 },
        ],
      },
    ]);
    // Only validators: an answer to a request with any other cookie isn't kept.
    await world
      .origin("frankfurt")
      .answers("/", { body: "a", headers: { etag: '"1"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" } });
    const first = await see(world, {}, "/other");
    const second = await see(world, cookiesOf(first));
    expect(second.seen).toEqual(["checkout:control;by=cookie"]);
    expect(second.cache).toContain("stored");
    const stranger = await see(world);
    expect(stranger.cache).toMatch(/^hit/);
    expect(stranger.response.headers.getSetCookie()).toHaveLength(1);
    expect(cookiesOf(stranger)).not.toEqual(cookiesOf(first));
    const asked = await world.origin("frankfurt").seen();
    expect(asked.map(({ headers }) => headers["cookie"])).toEqual([undefined, undefined]);
    expect((await see(world, { cookie: `a=1; ${cookiesOf(first)["cookie"]}; b=2` }, "/new")).seen).toHaveLength(1);
    expect((await world.origin("frankfurt").seen()).at(-1)!.headers["cookie"]).toBe("a=1; b=2");
  });

  test("further on is told that it is not for everybody, and keeps the usual answer", async () => {
    const world = await worldWith([{ ...perUser, when: '"x-user" in request.headers', variants }]);
    expect((await see(world, { "x-user": "u1" })).response.headers.get("cache-control")).toBe("max-age=60, private");
    expect((await see(world)).response.headers.get("cache-control")).toBe("max-age=60");
  });

  test("forgets a variant's answers when it does something else, and not when its weight changes", async () => {
    const world = await worldWith([{ ...perUser, variants }]);
    const user = await userIn(world, "short");
    await see(world, user);
    const store = world.edge.store;
    const again = async (short: object): Promise<string> => {
      const later = await worldWith([{ ...perUser, variants: [control, { ...variants[1], ...short }] }], {
        beside: world,
        ports: { store },
      });
      return (await see(later, user)).cache;
    };
    expect(await again({ weight: 1000 })).toBe("hit; ttl=60");
    expect(await again({ headers: { request: { set: { "x-short": "2" } } } })).toBe(
      "fwd=uri-miss; fwd-status=200; stored",
    );
  });
});

describe("takes part", () => {
  const variants = [control, { name: "short", weight: 1, rewrite: { path: "/short" } }];

  test("who is of the audience, and nobody else gets a cookie", async () => {
    const world = await worldWith([{ name: "checkout", sticky: "1d", when: 'client.country == "FR"', variants }]);
    const { seen, response } = await see(world);
    expect([seen, response.headers.getSetCookie(), response.headers.get("cache-control")]).toEqual([
      [],
      [],
      "max-age=60",
    ]);
    const french = await world.visit("/", { headers: person, from: { country: "FR" } });
    expect(french.headers.getSetCookie()).toHaveLength(1);
  });

  test("no bot, unless bots may", async () => {
    for (const bots of [false, true]) {
      const world = await worldWith([{ name: "checkout", sticky: "1d", bots, variants }]);
      for (const program of [googlebot, { "user-agent": "curl/8.11.0" }, { "user-agent": "" }]) {
        const { seen, response } = await see(world, program);
        expect(seen).toHaveLength(bots ? 1 : 0);
        expect(response.headers.getSetCookie()).toHaveLength(bots ? 1 : 0);
      }
    }
  });

  test("as many as its share says, at the same clients' every visit", async () => {
    const world = await worldWith([{ ...perUser, share: "30%", variants }]);
    const takingPart = async (): Promise<string[]> => {
      const users = Array.from({ length: 100 }, (_, index) => `u${index}`);
      const seen = await Promise.all(
        users.map(async (user) => {
          const response = await world.visit("/", { headers: { ...person, "x-user": user } });
          await response.text();
          return response.headers.get("cache-control")?.includes("private") ? [user] : [];
        }),
      );
      return seen.flat();
    };
    const taking = await takingPart();
    expect(taking.length).toBeGreaterThan(15);
    expect(taking.length).toBeLessThan(45);
    expect(await takingPart()).toEqual(taking);
  });

  test("nobody before its start, from its end on, or while it is paused", async () => {
    const at = (seconds: number): string => new Date(dawn + seconds * 1000).toISOString().replace(".000", "");
    const world = await worldWith([{ ...perUser, start: at(10), end: at(20), variants }]);
    const seen: number[] = [];
    for (const _ of [1, 2, 3, 4, 5]) {
      seen.push((await see(world)).seen.length);
      world.clock.advance(5);
    }
    expect(seen).toEqual([0, 0, 1, 1, 0]);
    const paused = await worldWith([{ ...perUser, paused: true, variants }]);
    expect((await see(paused)).seen).toEqual([]);
  });

  test("nobody whom a rule sends elsewhere", async () => {
    const RULES = [
      { when: 'request.path == "/old"', redirect: "/" },
      { when: "true", redirect: "https://www.example.com/" },
    ];
    const world = await worldWith([{ name: "checkout", sticky: "1d", variants }], { vars: { RULES } });
    const { seen, response } = await see(world, {}, "/old");
    expect([response.status, seen, response.headers.getSetCookie()]).toEqual([302, [], []]);
    // To itself it doesn't, and the visit goes on.
    expect((await see(world)).seen).toHaveLength(1);
  });

  test("on its sites alone", async () => {
    const SITES = [
      { name: "www", hosts: ["www.example.com"] },
      { name: "shop", hosts: ["shop.example.com"] },
    ];
    const world = await worldWith([{ ...perUser, sites: ["shop"], variants }], { vars: { SITES } });
    expect((await see(world)).seen).toEqual([]);
    expect((await see(world, {}, "https://shop.example.com/")).seen).toHaveLength(1);
  });

  test("in several at once", async () => {
    const shown = { request: { set: { "x-price": "low" } } };
    const price = { name: "price", per: perUser.per, variants: [control, { name: "low", weight: 1, headers: shown }] };
    const world = await worldWith([{ ...perUser, variants }, price]);
    const combinations = new Map<string, Sight>();
    for (let number = 0; number < 40; number++) {
      const sight = await see(world, { "x-user": `u${number}` });
      combinations.set(sight.seen.join(), sight);
    }
    expect([...combinations.keys()].toSorted()).toEqual([
      "checkout:control;by=hash,price:control;by=hash",
      "checkout:control;by=hash,price:low;by=hash",
      "checkout:short;by=hash,price:control;by=hash",
      "checkout:short;by=hash,price:low;by=hash",
    ]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(4);
  });
});

describe("a cookie", () => {
  const half = [
    { name: "a", weight: 1 },
    { name: "b", weight: 1 },
  ];
  const sticky = { name: "checkout", sticky: "30d" };

  /** The same world with another config. */
  const later = async (world: World, ...experiments: object[]): Promise<World> =>
    worldWith(experiments, { beside: world });

  test("is signed, small, for this host, out of reach of scripts, and keeps its client without being set anew", async () => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const first = await see(world);
    const [line] = first.response.headers.getSetCookie();
    expect(line).toMatch(
      /^perigee-experiments=[0-9a-z]{6}\.[0-9a-z]{14}\.[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/,
    );
    const [seen] = first.seen;
    expect(seen).toMatch(/^checkout:[ab];by=hash$/);
    for (const _ of [1, 2, 3]) {
      const again = await see(world, cookiesOf(first));
      expect(again.seen).toEqual([seen!.replace("hash", "cookie")]);
      expect(again.response.headers.getSetCookie()).toEqual([]);
    }
    expect((await world.visit("http://www.example.com/", { headers: person })).headers.get("set-cookie")).not.toContain(
      "Secure",
    );
  });

  test("keeps its client whatever becomes of the weights, and of the share", async () => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const clients = await seeTimes(world, 20);
    const seenBy = clients.map((client) => [cookiesOf(client), client.seen[0]!.replace("hash", "cookie")] as const);
    expect(new Set(seenBy.map(([, seen]) => seen)).size).toBe(2);
    const changed = await later(world, {
      ...sticky,
      share: "1%",
      variants: [
        { name: "a", weight: 0 },
        { name: "b", weight: 1 },
        { name: "c", weight: 50 },
      ],
    });
    for (const [cookie, seen] of seenBy) expect((await see(changed, cookie)).seen).toEqual([seen]);
    // New ones come by the new weights.
    const all = await later(world, {
      ...sticky,
      variants: [
        { name: "a", weight: 0 },
        { name: "b", weight: 1 },
      ],
    });
    for (const _ of [1, 2, 3, 4]) expect((await see(all)).seen).toEqual(["checkout:b;by=hash"]);
  });

  test("lets go of a variant that is no more, and of an experiment that is no more", async () => {
    const world = await worldWith([
      {
        ...sticky,
        variants: [
          { name: "old", weight: 1 },
          { name: "older", weight: 1 },
        ],
      },
    ]);
    const cookie = cookiesOf(await see(world));
    const changed = await later(world, { ...sticky, variants: half });
    const moved = await see(changed, cookie);
    expect(moved.seen).toHaveLength(1);
    expect(moved.seen[0]).toMatch(/;by=hash$/);
    expect(moved.response.headers.getSetCookie()).toHaveLength(1);
    const gone = await worldWith([], { beside: world });
    const { seen, response } = await see(gone, cookie);
    expect([seen, response.headers.getSetCookie()]).toEqual([[], []]);
    expect((await gone.origin("frankfurt").seen()).at(-1)!.headers["cookie"]).toBeUndefined();
  });

  test("keeps out who takes no part, until the share grows", async () => {
    const world = await worldWith([{ ...sticky, share: "0%", variants: half }]);
    const out = await see(world);
    expect([out.seen, out.response.headers.getSetCookie().length]).toEqual([[], 1]);
    const again = await see(world, cookiesOf(out));
    expect([again.seen, again.response.headers.getSetCookie()]).toEqual([[], []]);
    const grown = await later(world, { ...sticky, variants: half });
    const taking = await see(grown, cookiesOf(out));
    expect(taking.seen[0]).toMatch(/;by=hash$/);
    // By the number that its cookie had: so it would without what the new one keeps.
    expect((await see(grown, cookiesOf(out))).seen).toEqual(taking.seen);
    expect((await see(grown, cookiesOf(taking))).seen).toEqual([taking.seen[0]!.replace("hash", "cookie")]);
  });

  test.each<[string, (value: string) => string]>([
    ["of another variant", (value) => value.replace(/\..{14}\./, ".00000000000000.")],
    ["that lasts longer", (value) => value.replace(/^.{6}/, "zzzzzz")],
    ["that is cut", (value) => value.slice(0, -1)],
    ["of nothing", () => "x"],
    ["too long", (value) => value.padEnd(5_000, "x")],
  ])("that was forged is no cookie: one %s", async (_, forge) => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const first = await see(world);
    const forged = cookiesOf(first)["cookie"]!.replace(/(?<==).*/s, (value) => forge(value));
    const { seen, response } = await see(world, { cookie: forged });
    expect(seen[0]).toMatch(/;by=hash$/);
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:unknown-cookie");
    // A good one behind it counts.
    expect((await see(world, { cookie: `${forged}; ${cookiesOf(first)["cookie"]!}` })).seen).toEqual([
      first.seen[0]!.replace("hash", "cookie"),
    ]);
  });

  test("is old when its time is up, and set anew when half of it is over", async () => {
    const world = await worldWith([{ ...sticky, variants: half }]);
    const first = await see(world);
    world.clock.advance(14 * 24 * 3600);
    expect((await see(world, cookiesOf(first))).response.headers.getSetCookie()).toEqual([]);
    world.clock.advance(2 * 24 * 3600);
    const renewed = await see(world, cookiesOf(first));
    expect(renewed.response.headers.getSetCookie()).toHaveLength(1);
    world.clock.advance(20 * 24 * 3600);
    expect((await see(world, cookiesOf(first))).seen[0]).toMatch(/;by=hash$/);
    expect((await see(world, cookiesOf(renewed))).seen).toEqual([first.seen[0]!.replace("hash", "cookie")]);
  });

  test("is one for all experiments, and forgets none that its client isn't in just now", async () => {
    const others = { name: "other", when: 'request.path == "/other"', sticky: "60d", variants: half };
    const world = await worldWith([{ ...sticky, when: 'request.path == "/"', variants: half }, others]);
    const first = await see(world);
    const second = await see(world, cookiesOf(first), "/other");
    expect(second.response.headers.getSetCookie()).toHaveLength(1);
    expect(second.response.headers.get("set-cookie")).toContain(`Max-Age=${60 * 24 * 3600};`);
    expect((await see(world, cookiesOf(second))).seen).toEqual([first.seen[0]!.replace("hash", "cookie")]);
    const third = await see(world, cookiesOf(second), "/other");
    expect([third.seen, third.response.headers.getSetCookie()]).toEqual([
      [second.seen[0]!.replace("hash", "cookie")],
      [],
    ]);
  });

  test("of one site is none on another", async () => {
    const SITES = [
      { name: "www", hosts: ["www.example.com"] },
      { name: "shop", hosts: ["shop.example.com"] },
    ];
    const world = await worldWith([{ ...sticky, variants: half }], { vars: { SITES } });
    await see(world, cookiesOf(await see(world)), "https://shop.example.com/");
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:unknown-cookie");
  });

  test("needs a key: without, clients are told apart by their address", async () => {
    const world = await worldWith([{ ...sticky, variants: half }], { vars: { SIGNING_KEY: undefined } });
    const seen = await seeTimes(world, 5);
    expect(new Set(seen.map((one) => one.seen.join())).size).toBe(1);
    expect(seen.flatMap(({ response }) => response.headers.getSetCookie())).toEqual([]);
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:no-key");
  });

  test("is set with an error, too, and with none that the edge has itself before", async () => {
    const world = await worldWith([{ ...sticky, variants: half }], {
      vars: { RULES: [{ when: 'request.path == "/no"', block: 403 }] },
    });
    await world.origin("frankfurt").answers("/bad", { status: 500 });
    expect((await see(world, {}, "/bad")).response.headers.getSetCookie()).toHaveLength(1);
    expect((await see(world, {}, "/no")).response.headers.getSetCookie()).toEqual([]);
  });
});

describe("by an address, where nothing else is said", () => {
  test("a client sees the same, and so does all of its IPv6 network", async () => {
    const world = await worldWith([{ name: "checkout", variants: [control, { name: "b", weight: 1 }] }]);
    const from = async (ip: string): Promise<string> => {
      await (await world.visit("/", { headers: person, from: { ip } })).text();
      return (world.log.at(-1)!["trail"] as string[]).filter((step) => step.includes("experiment=")).join();
    };
    for (let net = 0; net < 10; net++) {
      expect(await from(`2001:db8:0:${net}::1`)).toBe(await from(`2001:db8:0:${net}:a:b:c:d`));
    }
    const seen = new Set<string>();
    for (let last = 0; last < 20; last++) seen.add(await from(`192.0.2.${last}`));
    expect(seen.size).toBe(2);
  });
});

describe("the origin", () => {
  const header = "X-Experiment";
  const variants = [control, { name: "short", weight: 1 }];

  test("gets to know what is seen, and nothing that clients say of it", async () => {
    const price = {
      name: "price",
      per: perUser.per,
      header,
      variants: [
        { name: "low", weight: 1 },
        { name: "high", weight: 0 },
      ],
    };
    const world = await worldWith([{ ...perUser, when: '"x-user" in request.headers', header, variants }, price]);
    const user = await userIn(world, "short");
    await see(world, { ...user, "x-experiment": "checkout=control" });
    const lie = { "x-experiment": "checkout=short" };
    await see(world, lie);
    const asked = (await world.origin("frankfurt").seen()).filter(({ target }) => target === "/");
    expect(asked.map(({ headers }) => headers["x-experiment"])).toEqual(["checkout=short, price=low", "price=low"]);
  });

  test("gets no such field of those who take no part, by which it could be made to give all others a variant", async () => {
    const world = await worldWith([{ ...perUser, paused: true, header, variants }]);
    await see(world, { "x-experiment": "checkout=short" });
    expect((await world.origin("frankfurt").seen())[0]!.headers["x-experiment"]).toBeUndefined();
  });

  test("may answer by it: each variant has its own stored answer", async () => {
    const world = await worldWith([{ ...perUser, header, variants }]);
    const [one, other] = [await userIn(world, "control"), await userIn(world, "short")];
    const cached = [await see(world, one), await see(world, other), await see(world, one), await see(world, other)];
    expect(cached.map(({ cache }) => cache.slice(0, 3))).toEqual(["fwd", "fwd", "hit", "hit"]);
  });
});

describe("a tester's link", () => {
  const variants = [control, { name: "short", weight: 0, rewrite: { path: "/short" } }];
  const short = markOf("checkout", "short");

  /** By which these variants are seen for an hour. */
  async function linkTo(marks: string, key = SIGNING_KEY): Promise<string> {
    const { edge } = createWorld({ vars: { SIGNING_KEY: key } });
    const value = await seal(edge, linkPurpose("www.example.com"), { text: marks, until: dawn + 3_600_000 });
    return `https://www.example.com/?a=b&perigee-experiment=${value}`;
  }

  test("shows the variant, at that visit and by a cookie at those that follow, until its time is up", async () => {
    const world = await worldWith([{ ...perUser, variants }]);
    await world.origin("frankfurt").answers("/short?a=b", page("short"));
    const first = await see(world, {}, await linkTo(short));
    expect([first.seen, first.body]).toEqual([["checkout:short;by=forced"], "short"]);
    expect((await world.origin("frankfurt").seen()).map(({ target }) => target)).toEqual(["/short?a=b"]);
    const [line] = first.response.headers.getSetCookie();
    expect(line).toMatch(/^perigee-forced=[\w.-]+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/);
    const second = await see(world, cookiesOf(first));
    expect([second.seen, second.body]).toEqual([["checkout:short;by=forced"], "frankfurt /short"]);
    expect(second.response.headers.getSetCookie()).toEqual([]);
    world.clock.advance(3_600);
    expect((await see(world, cookiesOf(first))).seen).toEqual(["checkout:control;by=hash"]);
    expect((await see(world, {}, await linkTo(short))).seen).toEqual(["checkout:control;by=hash"]);
    expect(world.log.at(-1)!["trail"]).toContain("route=experiments:unknown-link");
  });

  test("ends by another", async () => {
    const world = await worldWith([{ ...perUser, variants }]);
    const first = await see(world, {}, await linkTo(short));
    const ended = await see(world, cookiesOf(first), "/?perigee-experiment=off");
    expect(ended.seen).toEqual(["checkout:control;by=hash"]);
    expect(ended.response.headers.get("set-cookie")).toMatch(/^perigee-forced=; Path=\/; Max-Age=0;/);
  });

  test("is good before the start, of a paused one, and for any program; but not where the experiment isn't", async () => {
    const closed = { ...perUser, start: "2999-01-01", paused: true, when: 'request.path == "/"', variants };
    const world = await worldWith([closed]);
    expect((await see(world, { "user-agent": "curl/8.11.0" }, await linkTo(short))).seen).toEqual([
      "checkout:short;by=forced",
    ]);
    const cookies = cookiesOf(await see(world, {}, await linkTo(short)));
    expect((await see(world, cookies, "/other")).seen).toEqual([]);
  });

  test.each<[string, () => Promise<string>]>([
    ["with another key", async () => linkTo(short, "another")],
    ["for another host", async () => (await linkTo(short)).replace("www.example.com", "shop.example.com")],
    ["that was changed", async () => (await linkTo(short)).replace(/.(?=.{44}$)/, "0")],
    ["that is nothing", async () => "https://www.example.com/?perigee-experiment=short"],
    ["that is empty", async () => "https://www.example.com/?perigee-experiment="],
  ])("shows nothing %s, and no origin gets it", async (_, target) => {
    const SITES = [{ hosts: ["www.example.com", "shop.example.com"] }];
    const world = await worldWith([{ ...perUser, variants }], { vars: { SITES } });
    const { seen, response } = await see(world, {}, await target());
    expect([seen, response.headers.getSetCookie()]).toEqual([["checkout:control;by=hash"], []]);
    expect((await world.origin("frankfurt").seen())[0]!.target).not.toContain("perigee");
  });

  test("leaves what the client's own cookie keeps as it is", async () => {
    const world = await worldWith([{ name: "checkout", sticky: "1d", variants }]);
    const own = await see(world);
    const forced = await see(world, cookiesOf(own), await linkTo(short));
    const both = { cookie: `${cookiesOf(own)["cookie"]}; ${cookiesOf(forced)["cookie"]}` };
    const tester = await see(world, both);
    expect(tester.seen).toEqual(["checkout:short;by=forced"]);
    expect(tester.response.headers.getSetCookie()).toEqual([]);
    expect((await see(world, cookiesOf(own))).seen).toEqual(["checkout:control;by=cookie"]);
  });

  test("names several experiments", async () => {
    const price = { name: "price", per: perUser.per, variants: [control, { name: "low", weight: 0 }] };
    const world = await worldWith([{ ...perUser, variants }, price]);
    const { seen } = await see(world, {}, await linkTo(short + markOf("price", "low")));
    expect(seen).toEqual(["checkout:short;by=forced", "price:low;by=forced"]);
  });

  test("without experiments, what looks like one is a parameter like others", async () => {
    const world = await worldWith([]);
    await see(world, {}, "/?perigee-experiment=x");
    expect((await world.origin("frankfurt").seen())[0]!.target).toBe("/?perigee-experiment=x");
  });
});

describe("at a shield", () => {
  const SITES = [{ hosts: ["www.example.com"], balance: "first", cache: { shield: "weur" } }];
  const variants = [
    { name: "a", weight: 1 },
    { name: "b", weight: 1, headers: { request: { set: { "x-variant": "b" } } } },
  ];
  const EXPERIMENTS = [{ name: "checkout", sticky: "1d", variants }];

  test("the visit sees what it saw at its location, and each variant has one answer there for all locations", async () => {
    const { here, there, asked, settle } = createShielded({
      vars: { SITES, EXPERIMENTS, SIGNING_KEY },
      ports: { random: spread() },
    });
    const origin = here.origin("frankfurt");
    await origin.answers("/", page("page"));
    const visits = new Map<string, string[]>();
    for (let number = 0; number < 16; number++) {
      const place = number % 2 ? here : there;
      const response = await place.visit("/", { headers: person });
      await response.text();
      await settle();
      expect(response.headers.getSetCookie()).toHaveLength(1);
      const [seen] = (place.log.at(-1)!["trail"] as string[]).filter((step) => step.includes("experiment="));
      visits.set(seen!, [...(visits.get(seen!) ?? []), response.headers.get("cache-status")!]);
    }
    expect([...visits.keys()].toSorted()).toEqual([
      "route=experiment=checkout:a;by=hash",
      "route=experiment=checkout:b;by=hash",
    ]);
    for (const [, statuses] of visits) {
      expect(statuses.filter((status) => status.startsWith("perigee-shield; fwd="))).toHaveLength(1);
      expect(statuses.filter((status) => status.startsWith("perigee-shield; hit"))).toHaveLength(1);
      expect(statuses.filter((status) => status.startsWith("perigee; hit"))).toHaveLength(statuses.length - 2);
    }
    expect((await origin.seen()).map(({ headers }) => headers["x-variant"] ?? "a").toSorted()).toEqual(["a", "b"]);
    expect(asked.map(({ experiments }) => experiments.length)).toEqual([1, 1, 1, 1]);
  });

  test("that doesn't know the variant, nothing is decided: the location asks the origin itself", async () => {
    const older = {
      EXPERIMENTS: [{ ...EXPERIMENTS[0], variants: variants.map((one) => ({ ...one, name: `old-${one.name}` })) }],
    };
    const { here, shield } = createShielded({ vars: { SITES, EXPERIMENTS, SIGNING_KEY }, shieldVars: older });
    await here.origin("frankfurt").answers("/", page("page"));
    const { origin } = { origin: shield.origin("frankfurt") };
    await origin.answers("/", page("page"));
    expect((await see(here)).body).toBe("page");
    expect((here.log.at(-1)!["trail"] as string[]).some((step) => /^shield=weur\.\d:declined/.test(step))).toBe(true);
  });
});
