import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Edge } from "../../src/edge.ts";
import { arriver } from "../../src/platform/cloudflare/arrive.ts";
import { berlin, cacheStatus, createWorld, tokyo, type World } from "../harness/world.ts";

const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

/** A world with these rules, whose origin in Frankfurt has one page at every path that is asked for. */
async function worldWith(rules: readonly object[], ports: Partial<Edge> = {}): Promise<World> {
  const world = createWorld({ vars: { RULES: rules }, ports });
  for (const path of ["/", "/admin", "/login"]) {
    await world.origin("frankfurt").answers(path, { body: "page", headers: { "cache-control": "no-store" } });
  }
  return world;
}

/** What was refused, how, and that no origin heard of it. */
async function expectRefused(world: World, response: Response, status: number, says: string): Promise<void> {
  expect(response.status).toBe(status);
  expect((await response.text()).split("\n")[0]).toBe(says);
  expect(await world.origin("frankfurt").seen()).toEqual([]);
}

describe("without any rule", () => {
  test.each([
    "/static/..%2f..%2fetc/passwd",
    "/static/%2e%2e%5c%2e%2e%5cboot.ini",
    "/%252e%252e%252fetc/passwd",
    "/..;/manager/html",
    "/index.php%00.png",
    "/%0d%0aSet-Cookie:%20a=b",
    "/%c0%ae%c0%ae/etc/passwd",
  ])("%s is no path", async (path) => {
    const world = await worldWith([]);
    await expectRefused(world, await world.visit(path), 400, "The path is not one this server accepts.");
    expect(world.log).toMatchObject([{ status: 400, because: "bad-path" }]);
  });

  test("a URL beyond the platform's 16 KB is too long", async () => {
    const world = await worldWith([]);
    await expectRefused(world, await world.visit(`/?${"a".repeat(16_384)}`), 414, "The URL is too long.");
    expect(world.log).toMatchObject([{ because: "url-too-long" }]);
  });

  test("a request may not have any number of header fields", async () => {
    const world = await worldWith([]);
    const headers = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, "1"]));
    await expectRefused(world, await world.visit("/", { headers }), 431, "The request has too many header fields.");
    expect(world.log).toMatchObject([{ because: "too-many-fields" }]);
  });

  test("nor fields of any size", async () => {
    const world = await worldWith([]);
    const headers = { cookie: `session=${"a".repeat(100_000)}` };
    await expectRefused(world, await world.visit("/", { headers }), 431, "The request's header fields are too large.");
    expect(world.log).toMatchObject([{ because: "fields-too-large" }]);
  });

  test.each(["/a%2Fb", "/caf%C3%A9", "/a%5Cb", "//a//b", "/a..b/...", "/100%25", "/a;b=c", "/?next=../../x&y=%00%ff"])(
    "%s passes as it is",
    async (target) => {
      const world = createWorld();
      await world.origin("frankfurt").answers(target.split("?")[0]!, { body: "page" });
      expect(await (await world.visit(`https://www.example.com${target}`)).text()).toBe("page");
      expect(await world.origin("frankfurt").seen()).toMatchObject([{ target }]);
    },
  );
});

describe("a block", () => {
  const offices = {
    name: "offices only",
    when: 'request.path.startsWith("/admin") && !inNet(client.ip, "198.51.100.0/24")',
    block: 403,
  };

  test("keeps strangers out of the admin pages, and lets the office in", async () => {
    const world = await worldWith([offices]);
    await expectRefused(world, await world.visit("/admin"), 403, "Access denied.");
    expect(world.log).toMatchObject([{ because: "blocked-by-rule" }]);
    expect(world.log[0]!["trail"]).toContain("scrub=blocked-by-rule:offices-only");

    const office = { ...berlin, ip: "198.51.100.7" };
    expect(await (await world.visit("/admin", { from: office })).text()).toBe("page");
    expect(await (await world.visit("/")).text()).toBe("page");
  });

  test("is not got round by spelling the path otherwise", async () => {
    const world = await worldWith([offices]);
    for (const path of ["/x/../admin", "/x/%2e%2e/admin", "/./admin", "\\admin"]) {
      expect((await world.visit(path)).status).toBe(403);
    }
    for (const path of ["/x%2f..%2fadmin", "/x/..%5cadmin"]) expect((await world.visit(path)).status).toBe(400);
    expect(await world.origin("frankfurt").seen()).toEqual([]);
  });

  test("can say what it likes, with another status", async () => {
    const block = { status: 451, body: "Not in your country.\n" };
    const world = await worldWith([{ name: "law", when: 'client.country == "JP"', block }]);
    await expectRefused(world, await world.visit("/", { from: tokyo }), 451, "Not in your country.");
    expect((await world.visit("/")).status).toBe(200);
  });

  test("keeps crawlers out that train on what they read, and lets people and search engines in", async () => {
    const world = await worldWith([{ name: "no training", when: 'client.bot in ["gptbot", "ccbot"]', block: 403 }]);
    const as = (agent: string): Promise<Response> => world.visit("/", { headers: { "user-agent": agent } });
    const gptbot =
      "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)";
    await expectRefused(world, await as(gptbot), 403, "Access denied.");
    await expectRefused(world, await as("CCBot/2.0 (https://commoncrawl.org/faq/)"), 403, "Access denied.");
    expect((await as("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")).status).toBe(200);
    expect((await as(chrome)).status).toBe(200);
  });

  test("comes before a redirect that is written above it", async () => {
    const world = await worldWith([
      { name: "move", when: "true", redirect: "/new" },
      { name: "closed", when: "true", block: 403 },
    ]);
    await expectRefused(world, await world.visit("/"), 403, "Access denied.");
  });
});

describe("a limit", () => {
  const slow = {
    name: "log in slowly",
    when: 'request.path == "/login" && request.method == "POST"',
    limit: { by: "LOGINS", per: "${client.ip}" },
  };
  const logIn = { method: "POST", body: "user=a&password=b" };

  /** Lets two a key through, for ever. */
  function twoEach(): Edge["limiter"] {
    const counts = new Map<string, number>();
    const take = async (key: string): Promise<boolean> => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key)! <= 2;
    };
    return (binding) => (binding === "LOGINS" ? { take } : undefined);
  }

  test("stops who tries too often, and nobody else", async () => {
    const world = await worldWith([slow], { limiter: twoEach() });
    expect((await world.visit("/login", logIn)).status).toBe(200);
    expect((await world.visit("/login", logIn)).status).toBe(200);

    const third = await world.visit("/login", logIn);
    expect(third.status).toBe(429);
    expect(third.headers.get("retry-after")).toBe("60");
    expect(await third.text()).toContain("Too many requests. Please try again later.\n");
    expect(world.log.at(-1)).toMatchObject({ because: "rate-limited" });
    expect(world.log.at(-1)!["trail"]).toContain("scrub=rate-limited:log-in-slowly");
    expect(await world.origin("frankfurt").seen()).toHaveLength(2);

    expect((await world.visit("/login")).status).toBe(200);
    expect((await world.visit("/login", { ...logIn, from: { ...berlin, ip: "192.0.2.99" } })).status).toBe(200);
  });

  test("of the platform's own binding is asked for every visit", async () => {
    const keys: string[] = [];
    const LOGINS = { limit: async ({ key }: { key: string }) => ({ success: keys.push(key) <= 1 }) };
    const world = createWorld({ vars: { RULES: [slow], LOGINS } });
    await world.origin("frankfurt").answers("/login", { body: "page" });
    expect((await world.visit("/login", logIn)).status).toBe(200);
    expect((await world.visit("/login", logIn)).status).toBe(429);
    expect(keys).toEqual(["192.0.2.1", "192.0.2.1"]);
  });

  test.each<[string, Edge["limiter"], string]>([
    ["is missing", () => undefined, "scrub=no-limiter:LOGINS"],
    ["fails", () => ({ take: () => Promise.reject(new Error("down")) }), "scrub=limiter-failed:LOGINS"],
  ])("whose counter %s lets everybody through, and the log says so", async (_what, limiter, decision) => {
    const world = await worldWith([slow], { limiter });
    for (let count = 0; count < 4; count++) expect((await world.visit("/login", logIn)).status).toBe(200);
    expect(world.log.at(-1)!["trail"]).toContain(decision);
  });
});

describe("in front of a stored answer", () => {
  /** A world in which everybody gets the page from the store. */
  async function worldWithStored(rules: readonly object[], ports: Partial<Edge> = {}): Promise<World> {
    const world = createWorld({ vars: { RULES: rules }, ports });
    await world.origin("frankfurt").answers("/page", { body: "page", headers: { "cache-control": "max-age=60" } });
    await (await world.visit("/page")).text();
    await world.settle();
    expect(cacheStatus(await world.visit("/page"))).toContain("hit");
    return world;
  }

  test("a block keeps out whom it is for, and nobody else", async () => {
    const world = await worldWithStored([{ when: 'client.country == "JP"', block: 403 }]);
    expect((await world.visit("/page", { from: tokyo })).status).toBe(403);
    expect(cacheStatus(await world.visit("/page"))).toContain("hit");
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });

  test("a block by what the request carries does, whatever others got", async () => {
    const world = await worldWithStored([{ when: 'client.bot == "gptbot"', block: 403 }]);
    expect((await world.visit("/page", { headers: { "user-agent": "GPTBot/1.2" } })).status).toBe(403);
  });

  test("a limit counts every hit", async () => {
    let left = 4;
    const limiter: Edge["limiter"] = () => ({ take: async () => left-- > 0 });
    const world = await worldWithStored([{ limit: { by: "ALL" } }], { limiter });
    const statuses: number[] = [];
    for (let visit = 0; visit < 4; visit++) statuses.push((await world.visit("/page")).status);
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  test("what has no right form is refused", async () => {
    const world = await worldWithStored([]);
    const refused = [
      world.visit("/page", { headers: { "x-http-method-override": "GET" } }),
      world.visit("/page", { headers: { "x-any": "\u0001" } }),
      world.visit("/page", { headers: { cookie: "a".repeat(8192) } }),
      world.visit("/x/..%2fpage"),
    ];
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual([400, 400, 431, 400]);
  });
});

test("no TRACE: it would show the client what the origin got", async () => {
  const world = createWorld();
  // The platform's own Request refuses to be made with that method, so the visit is given it.
  const response = await createApp(world.edge, (request) => {
    const visit = arriver(world.edge)(request)!;
    return { ...visit, method: "TRACE" };
  }).fetch(new Request("https://www.example.com/a"));
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toContain("GET");
  expect(await world.origin("frankfurt").seen()).toEqual([]);
});

test("no spelling of a path gets past a rule", async () => {
  const world = createWorld({ vars: { RULES: [{ when: 'request.path.startsWith("/admin")', block: 403 }] } });
  for (const path of ["/admin", "/%61dmin", "/%61%64%6D%69%6e/x", "/./admin", "//admin", "/;x/admin", "/%2561dmin"]) {
    expect((await world.visit(`https://www.example.com${path}`)).status, path).toBe(403);
  }
  expect(await world.origin("frankfurt").seen()).toEqual([]);
});

test.each([
  ["/caf%E9", "/caf%E9"],
  ["/x?", "/x?"],
  ["/a;b=c", "/a;b=c"],
  ["/a%ff", "/a%FF"],
  ["/100%", "/100%25"],
  ["/%7Euser?q=%7e", "/~user?q=%7e"],
])("%s is passed as %s", async (visited, target) => {
  const world = createWorld();
  await world.visit(visited);
  expect((await world.origin("frankfurt").seen()).map((seen) => seen.target)).toEqual([target]);
});

test.each(["a/../b", "a?b", "a#b", "a\\b", "evil.example/", "a@b", "a,b"])("%s is no Host", async (host) => {
  const world = createWorld({ vars: { SITES: [{ hosts: ["*"] }] } });
  const request = new Request("https://www.example.com/a", { headers: { host } });
  const response = await createApp(world.edge, arriver(world.edge)).fetch(request);
  expect(response.status).toBe(400);
  expect(response.headers.get("cache-status")).toBe("perigee; detail=client-error");
  expect(await world.origin("frankfurt").seen()).toEqual([]);
});

test("the edge's own pages are its own in every spelling, and no origin hears of them", async () => {
  const world = createWorld();
  for (const path of ["/.perigee/health", "/%2Eperigee/health", "/./.perigee/health", "/.peri%67ee/health"]) {
    const response = await world.visit(path);
    expect([response.status, await response.json()], path).toMatchObject([200, { status: "ok" }]);
  }
  expect(await world.origin("frankfurt").seen()).toEqual([]);
});

test("a rule for a host holds with the dot at the end of an absolute name, and the answer is kept once", async () => {
  const rule = { when: 'request.host == "www.example.com" && request.path == "/closed"', block: 403 };
  const world = createWorld({ vars: { RULES: [rule] } });
  await world.origin("frankfurt").answers("/", { body: "page", headers: { "cache-control": "max-age=60" } });
  for (const dots of [".", "..", "..."]) {
    expect((await world.visit(`https://www.example.com${dots}/closed`)).status, dots).toBe(403);
  }
  await (await world.visit("https://www.example.com./")).text();
  await world.settle();
  expect(cacheStatus(await world.visit("https://www.example.com/"))).toContain("hit");
});

describe("a field whose name servers take for another's", () => {
  const rules = [
    { when: '"x-debug" in request.headers', block: 403 },
    { when: "true", headers: { request: { set: { "x-edge-auth": "real" } } } },
  ];
  const odd = { X_Debug: "1", "X.Debug": "1", X_Edge_Auth: "forged", "x-kept1": "1" };
  const namesAtOrigin = async (world: World): Promise<readonly string[]> => {
    const [seen] = await world.origin("frankfurt").seen();
    return Object.keys(seen!.headers).filter((name) => /debug|edge|kept/.test(name));
  };

  test("goes no further, and the trail names it", async () => {
    const world = await worldWith(rules);
    expect((await world.visit("/", { headers: odd })).status).toBe(200);
    expect(await namesAtOrigin(world)).toEqual(["x-edge-auth", "x-kept1"]);
    expect(world.log[0]!["trail"]).toContain("scrub=dropped:x.debug,x_debug,x_edge_auth");
  });

  test("passes where the settings say so", async () => {
    const world = createWorld({ vars: { RULES: rules, SETTINGS: { fieldNames: "any" } } });
    await world.origin("frankfurt").answers("/", { body: "page" });
    expect((await world.visit("/", { headers: odd })).status).toBe(200);
    expect(await namesAtOrigin(world)).toEqual(expect.arrayContaining(["x_debug", "x_edge_auth", "x-edge-auth"]));
    expect(world.log[0]!["trail"]).not.toContain("dropped");
  });
});
