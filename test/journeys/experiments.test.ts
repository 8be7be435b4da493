/** Experiments: who sees what, and what the origin, the cache and a shield get to know of it. */
import { describe, expect, test } from "vitest";
import {
  control,
  page,
  person,
  perUser,
  see,
  SIGNING_KEY,
  spread,
  userIn,
  worldWith,
  cookiesOf,
  type Sight,
} from "../harness/experiments.ts";
import { createShielded } from "../harness/shielded.ts";
import { dawn } from "../harness/world.ts";

const googlebot = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };

describe("a variant changes", () => {
  test("the entity tag: who has the page of one variant doesn't hear that it has the other's", async () => {
    const headers = { request: { set: { "x-theme": "dark" } } };
    const world = await worldWith([{ ...perUser, variants: [control, { name: "dark", weight: 1, headers }] }]);
    const modified = "Mon, 02 Feb 2026 00:00:00 GMT";
    const fields = { "cache-control": "max-age=60", etag: '"same"', "last-modified": modified };
    await world.origin("frankfurt").answers("/", { body: "page", headers: fields });
    const [light, dark] = [await userIn(world, "control"), await userIn(world, "dark")];
    const tag = (await see(world, light)).response.headers.get("etag")!;
    const statusOf = async (user: object, conditions: object) =>
      (await see(world, { ...user, ...conditions })).response.status;
    expect(await statusOf(light, { "if-none-match": tag })).toBe(304);
    expect(await statusOf(dark, { "if-none-match": tag })).toBe(200);
    expect(await statusOf(dark, { "if-none-match": '"same"' })).toBe(200);
    expect(await statusOf(dark, { "if-modified-since": modified })).toBe(200);
  });

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

  test("the page's HTML", async () => {
    const html = [{ at: "button", content: "Buy" }];
    const world = await worldWith([{ ...perUser, variants: [control, { name: "buy", weight: 1, html }] }]);
    const headers = { "cache-control": "max-age=60", "content-type": "text/html;charset=utf-8" };
    await world.origin("frankfurt").answers("/", { body: "<button>Order</button>", headers });
    const [order, buy] = [await userIn(world, "control"), await userIn(world, "buy")];
    for (const cache of ["fwd=uri-miss; fwd-status=200; stored", "hit; ttl=60"]) {
      expect(await see(world, order)).toMatchObject({ body: "<button>Order</button>", cache });
      expect(await see(world, buy)).toMatchObject({ body: "<button>Buy</button>", cache });
    }
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
    const world = await worldWith([{ ...perUser, when: '"x-user" in request.headers', variants: [control, after] }]);
    const [one, other] = [await userIn(world, "control"), await userIn(world, "after")];
    await see(world, one);
    const { cache, response } = await see(world, other);
    expect([cache, response.headers.get("x-a")]).toEqual(["hit; ttl=60", "1"]);
    expect((await see(world, one)).response.headers.has("x-a")).toBe(false);
    expect((await see(world)).cache).toBe("hit; ttl=60");
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
      const seen = (place.log.at(-1)!["trail"] as string[]).find((step) => step.includes("experiment="));
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
