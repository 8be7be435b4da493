/** What becomes of bots: a site's policy for AI, scores and their thresholds, and rules that only watch. */
import { describe, expect, test } from "vitest";
import type { Edge } from "../../src/edge.ts";
import { createWorld, type World } from "../harness/world.ts";

const gptbot = {
  "user-agent":
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)",
};
const searchbot = { "user-agent": "Mozilla/5.0 (compatible; OAI-SearchBot/1.0; +https://openai.com/searchbot)" };
const agent = { "user-agent": "Mozilla/5.0 (compatible; ChatGPT-User/1.0; +https://openai.com/bot)" };
const googlebot = { "user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" };
const curl = { "user-agent": "curl/8.11.0" };
const sqlmap = { "user-agent": "sqlmap/1.8.11#stable (https://sqlmap.org)" };
const person = {
  accept: "text/html",
  "accept-language": "de",
  "accept-encoding": "gzip",
  "user-agent":
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6.6 Mobile/15E148 Safari/604.1",
};

interface Story {
  readonly site?: object;
  readonly rules?: readonly object[];
  readonly settings?: object;
  readonly bots?: object;
}

/** A world whose origin has one page at every path that is asked for. */
async function worldWith({ site = {}, rules = [], settings = {}, bots = {} }: Story): Promise<World> {
  const sites = [{ name: "www", hosts: ["www.example.com"], origins: ["frankfurt"], ...site }];
  const world = createWorld({
    vars: { SITES: sites, RULES: rules, SETTINGS: settings, BOTS: bots, ADMIN_TOKEN: "token", SIGNING_KEY: "key" },
  });
  for (const path of ["/", "/login", "/robots.txt"]) {
    await world.origin("frankfurt").answers(path, { body: "page", headers: { "cache-control": "no-store" } });
  }
  return world;
}

interface Refusal {
  readonly status: number;
  readonly because: string;
  readonly says: string;
}

async function expectRefused(world: World, response: Response, { status, because, says }: Refusal): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("cache-status")).toBe(`perigee; detail=${because}`);
  const text = await response.text();
  expect(text.split("\n")[0]).toBe(says);
  expect(text.length).toBeLessThan(200);
  expect(world.log.at(-1)).toMatchObject({ status, because });
  expect(await world.origin("frankfurt").seen()).toEqual([]);
}

function trailOf(world: World): readonly string[] {
  return (world.log.at(-1)!["trail"] as readonly string[]).filter((step) => step.startsWith("scrub="));
}

async function rulesOf(world: World): Promise<unknown> {
  const response = await world.visit("/.perigee/status", { headers: { authorization: "Bearer token" } });
  return (await response.json<{ rules: unknown }>()).rules;
}

describe("a policy for AI", () => {
  const ai = { search: "allow", agents: "verified", training: "block" };

  test("lets in, asks for proof, and refuses, by kind", async () => {
    const world = await worldWith({ site: { ai } });
    const refused = { status: 403, because: "bot-refused", says: "Programs of this kind are not served here." };
    await expectRefused(world, await world.visit("/", { headers: gptbot }), refused);
    expect(trailOf(world)).toEqual(["scrub=bot-refused:ai-training:gptbot"]);
    const says = "Programs of this kind are served only when they prove who they are.";
    const response = await world.visit("/", { headers: agent });
    await expectRefused(world, response, { status: 403, because: "bot-unverified", says });
    for (const headers of [searchbot, googlebot, curl, person]) {
      expect((await world.visit("/", { headers })).status).toBe(200);
    }
    expect(trailOf(world)).toEqual(["scrub=clean"]);
    expect(await rulesOf(world)).toEqual([
      { name: "www.ai", matched: 2, did: { "bot-refused": 1, "bot-unverified": 1 }, would: {} },
    ]);
  });

  test("refuses whatever is asked for, and by whatever method, but everybody may read robots.txt", async () => {
    const world = await worldWith({ site: { ai } });
    expect((await world.visit("/login", { headers: gptbot, method: "POST", body: "a=b" })).status).toBe(403);
    expect(await world.origin("frankfurt").seen()).toEqual([]);
    for (const path of ["/robots.txt", "/robots%2Etxt"]) {
      expect((await world.visit(path, { headers: gptbot })).status).toBe(200);
    }
  });

  test("holds for bots that the config adds", async () => {
    const world = await worldWith({ site: { ai }, bots: { "ai-training": ["NewlyBorn"] } });
    expect((await world.visit("/", { headers: { "user-agent": "NewlyBorn/0.1" } })).status).toBe(403);
    expect(await (await world.visit("/robots.txt")).text()).toContain("User-agent: NewlyBorn\n");
  });

  test("only watches in monitor mode, and says nothing in robots.txt", async () => {
    const world = await worldWith({ site: { ai: { ...ai, monitor: true } } });
    expect((await world.visit("/", { headers: gptbot })).status).toBe(200);
    expect(trailOf(world)).toEqual(["scrub=monitor:www.ai=bot-refused", "scrub=clean;bot=gptbot;kind=ai-training"]);
    expect(await (await world.visit("/robots.txt")).text()).toBe("page");
    expect(await rulesOf(world)).toEqual([{ name: "www.ai", matched: 1, did: {}, would: { "bot-refused": 1 } }]);
  });
});

describe("pay per crawl", () => {
  const offers: readonly [offer: Record<string, string>, status: number, error: string][] = [
    [{}, 402, "MissingCrawlerPrice"],
    [{ "crawler-exact-price": "USD 0.02" }, 402, "InvalidCrawlerExactPrice"],
    [{ "crawler-exact-price": "EUR 0.01" }, 402, "InvalidCrawlerExactPrice"],
    [{ "crawler-max-price": "USD 0.009" }, 402, "InvalidCrawlerMaxPrice"],
    [{ "crawler-max-price": "much" }, 400, "InvalidCrawlerPriceValue"],
    [{ "crawler-max-price": "USD 1", "crawler-exact-price": "USD 0.01" }, 400, "ConflictingPriceHeaders"],
    [{ "crawler-exact-price": "USD 0.010" }, 403, "PaymentFailed"],
    [{ "crawler-max-price": "USD 5.00" }, 403, "PaymentFailed"],
  ];

  test.each(offers)("an offer of %j gets %i %s, and nobody is said to have paid", async (offer, status, error) => {
    const world = await worldWith({ site: { ai: { training: { price: "USD 0.01" } } } });
    const response = await world.visit("/", { headers: { ...gptbot, ...offer } });
    expect(response.headers.get("crawler-price")).toBe("USD 0.01");
    expect(response.headers.get("crawler-error")).toBe(error);
    expect(response.headers.has("crawler-charged")).toBe(false);
    const says = "Programs of this kind are served for a price.";
    await expectRefused(world, response, { status, because: "payment-required", says });
  });

  test("a price may be left untold", async () => {
    const world = await worldWith({ site: { ai: { training: "402" } } });
    const response = await world.visit("/", { headers: gptbot });
    expect([response.status, response.headers.has("crawler-price")]).toEqual([402, false]);
  });
});

describe("scores", () => {
  const bots = { log: 30, challenge: 60, block: 90 };

  test("decide what becomes of a visit", async () => {
    const world = await worldWith({ site: { bots } });
    const refused = { status: 403, because: "score-too-high", says: "Access denied." };
    await expectRefused(world, await world.visit("/", { headers: sqlmap }), refused);
    expect(trailOf(world)).toEqual(["scrub=bots:block", "scrub=score:90=scanner:90"]);
    expect((await world.visit("/", { headers: { accept: "text/html" } })).status).toBe(403);
    expect(trailOf(world)).toEqual([
      "scrub=bots:challenge",
      "scrub=challenged:score",
      "scrub=score:60=unknown:40,no-agent:20",
    ]);
    expect((await world.visit("/", { headers: curl })).status).toBe(200);
    expect(trailOf(world)).toEqual(["scrub=bots:log", "scrub=score:30=tool:30", "scrub=clean;bot=curl;kind=tool"]);
    expect((await world.visit("/", { headers: person })).status).toBe(200);
    expect(trailOf(world)).toEqual(["scrub=score:0", "scrub=clean"]);
    expect(await rulesOf(world)).toEqual([
      { name: "www.bots", matched: 3, did: { block: 1, challenge: 1, log: 1 }, would: {} },
    ]);
  });

  test.each([
    [{ block: 90 }, [403, 200, 200]],
    [{ log: 30, block: 90 }, [403, 200, 200]],
    [{ challenge: 30 }, [403, 403, 200]],
    [{ log: 90 }, [200, 200, 200]],
  ])("of %j, what is left out never happens", async (some, statuses) => {
    const world = await worldWith({ site: { bots: some } });
    const found = [];
    for (const headers of [sqlmap, curl, person])
      found.push((await world.visit("/", { headers: { accept: "text/html", ...headers } })).status);
    expect(found).toEqual(statuses);
  });

  test("what is to be logged is logged where only errors are", async () => {
    const world = await worldWith({ site: { bots }, settings: { log: "errors" } });
    for (const headers of [person, curl]) await (await world.visit("/", { headers })).text();
    expect(world.log).toMatchObject([{ status: 200, agent: "curl/8.11.0" }]);
  });

  test("rules add to them, and ask for them, in their order", async () => {
    const rules = [
      { name: "early", when: "client.score >= 60", block: 404 },
      { name: "log in", when: 'request.path == "/login"', score: 40 },
      { name: "late", when: "client.score >= 70", block: 410 },
    ];
    const world = await worldWith({ rules });
    expect((await world.visit("/login", { headers: curl })).status).toBe(410);
    expect(trailOf(world).at(-1)).toBe("scrub=score:70=tool:30,log-in:40");
    expect((await world.visit("/", { headers: curl })).status).toBe(200);
    expect((await world.visit("/login", { headers: person })).status).toBe(200);
  });

  test("only watch in monitor mode", async () => {
    const world = await worldWith({ site: { bots: { ...bots, monitor: true } } });
    expect((await world.visit("/", { headers: sqlmap })).status).toBe(200);
    expect(trailOf(world)[0]).toBe("scrub=monitor:www.bots=block");
  });

  test("nobody works one out that nobody asks for", async () => {
    const world = await worldWith({});
    await world.visit("/", { headers: curl });
    expect(trailOf(world)).toEqual(["scrub=clean;bot=curl;kind=tool"]);
  });
});

describe("rules that only watch", () => {
  test("do nothing, and say what they would have done; the others do it", async () => {
    const rules = [
      { name: "no tools", when: 'client.kind == "tool"', block: 403, monitor: true },
      { name: "moved", when: 'request.path == "/login"', redirect: "/elsewhere", monitor: true },
      { name: "points", score: 50, monitor: true },
      { name: "slowly", limit: { by: "LIMIT" }, monitor: true },
      { name: "mark", headers: { response: { set: { "x-rule": "yes" } } } },
      { name: "no scanners", when: 'client.kind == "scanner"', block: 404 },
    ];
    const world = createWorld({
      vars: { RULES: rules, ADMIN_TOKEN: "token", LIMIT: { limit: async () => ({ success: false }) } },
    });
    await world.origin("frankfurt").answers("/login", { body: "page" });
    const response = await world.visit("/login", { headers: curl });
    expect([response.status, response.headers.get("x-rule"), await response.text()]).toEqual([200, "yes", "page"]);
    expect(trailOf(world)).toEqual([
      "scrub=monitor:no-tools=blocked-by-rule",
      "scrub=monitor:moved=redirect",
      "scrub=monitor:points=score",
      "scrub=monitor:slowly=rate-limited",
      "scrub=clean;bot=curl;kind=tool;rules=mark",
    ]);
    expect((await world.visit("/login", { headers: sqlmap })).status).toBe(404);
    expect(await rulesOf(world)).toEqual([
      { name: "no tools", matched: 1, did: {}, would: { "blocked-by-rule": 1 } },
      { name: "moved", matched: 2, did: {}, would: { redirect: 2 } },
      { name: "points", matched: 2, did: {}, would: { score: 2 } },
      { name: "mark", matched: 2, did: { headers: 2 }, would: {} },
      // Its binding is asked while the visit goes on.
      { name: "slowly", matched: 2, did: {}, would: { "rate-limited": 2 } },
      { name: "no scanners", matched: 1, did: { "blocked-by-rule": 1 }, would: {} },
    ]);
  });
});

test("rules may ask for kinds, for Tor, and for proof", async () => {
  const rules = [
    { name: "training", when: 'client.kind == "ai-training"', respond: { body: "training" } },
    { name: "tor", when: "client.tor", respond: { body: "tor" } },
    { name: "proof", when: "!client.verified && !client.impostor", respond: { body: "neither" } },
  ];
  const world = await worldWith({ rules });
  const says = async (...visit: Parameters<World["visit"]>): Promise<string> => (await world.visit(...visit)).text();
  expect(await says("/", { headers: gptbot })).toBe("training");
  expect(await says("/", { headers: person, from: { country: "T1" } })).toBe("tor");
  expect(await says("/", { headers: googlebot })).toBe("neither");
});

test("a limit in monitor mode counts, tells the client nothing, and gives its places back", async () => {
  const limit = [
    { name: "rate", monitor: true, limit: { rate: "1/1m", scope: "isolate" } },
    { name: "places", monitor: true, limit: { atOnce: 1 } },
  ];
  const world = await worldWith({ rules: limit });
  for (let time = 0; time < 3; time++) {
    const response = await world.visit("/", { headers: person });
    expect([response.status, await response.text(), response.headers.has("ratelimit")]).toEqual([200, "page", false]);
  }
  expect(await rulesOf(world)).toEqual([
    { name: "rate", matched: 3, did: {}, would: { nothing: 1, "rate-limited": 2 } },
    { name: "places", matched: 3, did: {}, would: { nothing: 3 } },
  ]);
});

describe("what only watches holds nobody up", () => {
  test("by its limit's delay, which is said and counted as it would be", async () => {
    const after: Edge["after"] = () => () => undefined;
    const limit = { rate: "1/4s", then: "delay", scope: "isolate" };
    const world = createWorld({
      vars: { RULES: [{ name: "queue", monitor: true, limit }], ADMIN_TOKEN: "token" },
      ports: { after },
    });
    await world.origin("frankfurt").answers("/", { body: "page", headers: { "cache-control": "no-store" } });
    for (let time = 0; time < 4; time++) expect((await world.visit("/", { headers: person })).status).toBe(200);
    expect(world.edge.rates.delayed).toBe(0);
    expect(world.log.map(({ trail }) => (trail as string[]).find((step) => step.startsWith("scrub=monitor")))).toEqual([
      "scrub=monitor:queue=nothing",
      "scrub=monitor:queue=delayed",
      "scrub=monitor:queue=delayed",
      "scrub=monitor:queue=rate-limited",
    ]);
    expect(await rulesOf(world)).toEqual([
      { name: "queue", matched: 4, did: {}, would: { nothing: 1, delayed: 2, "rate-limited": 1 } },
    ]);
  });

  test("by its access, whose keys don't come: it is said and counted when that is known", async () => {
    const silence = Promise.withResolvers<Response>();
    const keys = "https://login.example/jwks.json";
    const rules = [
      {
        name: "staff",
        monitor: true,
        access: { jwt: { keys, issuer: "https://login.example/", audience: "edge" } },
        limit: { rate: "1/1m", scope: "isolate" },
      },
    ];
    const real = createWorld().edge.fetch;
    const fetch: Edge["fetch"] = async (target, ...rest) =>
      (target instanceof Request ? target.url : target) === keys ? silence.promise : real(target, ...rest);
    const world = createWorld({ vars: { RULES: rules, ADMIN_TOKEN: "token" }, ports: { fetch } });
    await world.origin("frankfurt").answers("/", { body: "page", headers: { "cache-control": "no-store" } });
    const response = await world.visit("/", { headers: { ...person, authorization: "Bearer e30.e30.e30" } });
    expect([response.status, await response.text()]).toEqual([200, "page"]);
    expect(await rulesOf(world)).toEqual([]);
    silence.resolve(new Response("no keys", { status: 500 }));
    await world.settle();
    expect(await rulesOf(world)).toEqual([{ name: "staff", matched: 1, did: {}, would: { "access-undecided": 1 } }]);
    expect(world.log.map(({ late }) => late)).toContain("scrub=monitor:staff=access-undecided");
  });
});

test("a rule that delays says so in its counts", async () => {
  const after: Edge["after"] = (_, act) => (act(), () => undefined);
  const limit = { rate: "1/4s", then: "delay", scope: "isolate" };
  const world = createWorld({ vars: { RULES: [{ name: "queue", limit }], ADMIN_TOKEN: "token" }, ports: { after } });
  await world.origin("frankfurt").answers("/", { body: "page" });
  for (let time = 0; time < 2; time++) await world.visit("/", { headers: person });
  expect(await rulesOf(world)).toEqual([{ name: "queue", matched: 2, did: { nothing: 1, delayed: 1 }, would: {} }]);
});
