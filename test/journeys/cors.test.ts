import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, type World } from "../harness/world.ts";

const app = "https://app.example.com";
const listed = { origins: [app, "https://*.shop.example", "http://*.local.example:8080"] };

async function worldWith(cors: object, rules: readonly object[] = [], vars: object = {}): Promise<World> {
  const world = createWorld({ vars: { RULES: [{ name: "cors", cors }, ...rules], ...vars } });
  await world.origin("frankfurt").answers("/a", {
    body: "a",
    headers: {
      "cache-control": "max-age=60",
      "access-control-allow-origin": "https://origins.own",
      "access-control-max-age": "9",
    },
  });
  return world;
}

/** What an answer says of it. */
function corsOf(response: Response): Record<string, string> {
  return Object.fromEntries(
    [...response.headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"),
  );
}

async function ask(world: World, headers: Record<string, string>, init: object = {}): Promise<Response> {
  const response = await world.visit("/a", { headers, ...init });
  await response.text();
  await world.settle();
  return response;
}

const preflight = (origin: string, more: Record<string, string> = {}): [Record<string, string>, object] => [
  { origin, "access-control-request-method": "PUT", ...more },
  { method: "OPTIONS" },
];

describe("whose pages may read answers", () => {
  test.each([
    [app, true],
    ["https://a.shop.example", true],
    ["https://a.b.shop.example", true],
    ["http://a.local.example:8080", true],
    ["https://shop.example", false],
    ["http://a.shop.example", false],
    ["https://a.shop.example:444", false],
    ["https://a.shop.example.evil", false],
    ["https://evil.example/.shop.example", false],
    ["https://evil.example#.shop.example", false],
    ["https://evilshop.example", false],
    ["https://.shop.example", false],
    ["https://APP.example.com", false],
    ["null", false],
    ["*", false],
    ["", false],
  ])("%s: %s", async (origin, isAllowed) => {
    const response = await ask(await worldWith(listed), { origin });
    expect(corsOf(response)).toEqual({ vary: "Origin", ...(isAllowed && { "access-control-allow-origin": origin }) });
  });
});

test("no answer out of the store names another's origin, and Vary is on all of them", async () => {
  const world = await worldWith({ ...listed, credentials: true, expose: ["X-Total"] });
  const first = await ask(world, { origin: app });
  const allowed = {
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": "X-Total",
    vary: "Origin",
  };
  expect([cacheStatus(first), corsOf(first)]).toEqual([
    "fwd=uri-miss; fwd-status=200; stored",
    { ...allowed, "access-control-allow-origin": app },
  ]);
  const shop = "https://a.shop.example";
  const second = await ask(world, { origin: shop });
  expect([cacheStatus(second), corsOf(second)]).toEqual([
    "hit; ttl=60",
    { ...allowed, "access-control-allow-origin": shop },
  ]);
  const third = await ask(world, { origin: "https://evil.example" });
  expect([cacheStatus(third), corsOf(third)]).toEqual(["hit; ttl=60", { vary: "Origin" }]);
  const fourth = await ask(world, {});
  expect([cacheStatus(fourth), corsOf(fourth)]).toEqual(["hit; ttl=60", { vary: "Origin" }]);
});

test('"*" is the same for everybody', async () => {
  const world = await worldWith({ origins: "*" });
  expect(corsOf(await ask(world, { origin: app }))).toEqual({ "access-control-allow-origin": "*" });
  expect(corsOf(await ask(world, {}))).toEqual({ "access-control-allow-origin": "*" });
});

test("answers of the edge's own say it, too: errors, refusals, redirects", async () => {
  const rules = [
    { when: 'request.query == "block"', block: 403 },
    { when: 'request.query == "move"', redirect: "/b" },
  ];
  const world = await worldWith(listed, rules, {
    ORIGINS: [{ name: "nobody", url: "http://127.0.0.1:1" }],
    SITES: [{ hosts: ["www.example.com"] }],
  });
  for (const [query, status] of [
    ["block", 403],
    ["move", 302],
    ["error", 502],
  ] as const) {
    const response = await world.visit(`/a?${query}`, { headers: { origin: app } });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([status, app]);
  }
});

describe("a preflight", () => {
  const asked = "Access-Control-Request-Method, Access-Control-Request-Headers";

  test("is answered at the edge, and no origin is asked", async () => {
    const world = await worldWith({
      ...listed,
      methods: ["PUT", "DELETE"],
      headers: ["X-Token", "Content-Type"],
      maxAge: "10m",
      credentials: true,
      expose: ["X-A"],
    });
    const response = await ask(world, ...preflight(app, { "access-control-request-private-network": "true" }));
    expect(response.status).toBe(204);
    expect(corsOf(response)).toEqual({
      "access-control-allow-origin": app,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "PUT, DELETE",
      "access-control-allow-headers": "x-token, content-type",
      "access-control-max-age": "600",
      vary: `Origin, ${asked}`,
    });
    expect(await world.origin("frankfurt").seen()).toEqual([]);
    expect(world.log).toMatchObject([{ status: 204, because: "preflight" }]);
  });

  test("of another page is told nothing", async () => {
    const response = await ask(await worldWith(listed), ...preflight("https://evil.example"));
    expect([response.status, corsOf(response)]).toEqual([204, { vary: `Origin, ${asked}` }]);
  });

  test("may get whichever fields it asks for, and the private network", async () => {
    const world = await worldWith({ origins: "*", headers: "*", privateNetwork: true });
    const more = { "access-control-request-headers": "x-a,x-b", "access-control-request-private-network": "true" };
    expect(corsOf(await ask(world, ...preflight(app, more)))).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "x-a,x-b",
      "access-control-allow-private-network": "true",
    });
    const odd = { "access-control-request-headers": 'x-a"<' };
    expect(corsOf(await ask(world, ...preflight(app, odd)))).not.toHaveProperty("access-control-allow-headers");
  });

  test("comes before what a later rule wants to be shown, and any other OPTIONS doesn't", async () => {
    const access = { access: { signed: "URL_KEY" } };
    const world = await worldWith(listed, [access], { URL_KEY: "0123456789abcdef0123456789abcdef" });
    expect((await ask(world, ...preflight(app))).status).toBe(204);
    const other = await ask(world, { origin: app }, { method: "OPTIONS" });
    expect([other.status, other.headers.get("access-control-allow-origin")]).toEqual([403, app]);
    expect(
      (await ask(await worldWith(listed, [], { RULES: [{ block: 403 }, { cors: listed }] }), ...preflight(app))).status,
    ).toBe(403);
  });

  test("counts against nobody", async () => {
    const bans = { SETTINGS: { bans: { after: "2/1m" } } };
    const world = await worldWith(listed, [], bans);
    for (let round = 0; round < 5; round++) {
      expect((await ask(world, ...preflight(app))).status).toBe(204);
      world.clock.advance(1);
    }
  });
});

test("the first rule counts, and one in monitor mode does nothing", async () => {
  const world = await worldWith(listed, [{ name: "later", cors: { origins: "*" } }]);
  expect(corsOf(await ask(world, { origin: "https://evil.example" }))).toEqual({ vary: "Origin" });
  const watched = createWorld({ vars: { RULES: [{ monitor: true, cors: { origins: "*" } }] } });
  await watched.origin("frankfurt").answers("/a", { body: "a" });
  expect(corsOf(await ask(watched, { origin: app }))).toEqual({});
});
