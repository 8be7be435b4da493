/** What rules say of keeping, told from outside. */
import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, dawn, type World } from "../harness/world.ts";

/** What the cache did for a visit there: "hit", "fwd=uri-miss". */
async function statusOf(world: World, target: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await world.visit(target, { headers });
  await response.text();
  await world.settle();
  return cacheStatus(response).split(";")[0]!;
}

test("an error that isn't worth keeping is asked for again, while the page and what is missing are kept", async () => {
  const cache = { ttl: { "200": "1h", "404": "1m", "5xx": "0s" } };
  const world = createWorld({ vars: { RULES: [{ cache }] } });
  const origin = world.origin("frankfurt");
  await origin.answers("/page", { body: "here" });
  await origin.answers("/missing", { status: 404 });
  for (const path of ["/page", "/missing"]) expect(await statusOf(world, path)).toBe("fwd=uri-miss");
  world.clock.advance(59);
  for (const path of ["/page", "/missing"]) expect(await statusOf(world, path)).toBe("hit");
  world.clock.advance(2);
  expect(await statusOf(world, "/page")).toBe("hit");
  expect(await statusOf(world, "/missing")).toBe("fwd=stale");

  await origin.answers("/broken", { status: 500, headers: { "cache-control": "max-age=60" } });
  expect(await statusOf(world, "/broken")).toBe("fwd=uri-miss");
  expect(await statusOf(world, "/broken")).not.toBe("hit");
});

describe("how long what is missing, or failed, is kept", () => {
  const modified = { "last-modified": new Date(dawn - 10_000_000).toUTCString() };

  /** For how many seconds it is served after a visit, up to two hours. */
  async function keptFor(status: number, { ttl, headers }: { ttl?: unknown; headers?: Record<string, string> }) {
    const RULES = ttl === undefined ? [] : [{ cache: { ttl } }];
    const world = createWorld({ vars: { RULES, SETTINGS: { tries: 1 } } });
    const answer = { status, headers: { date: new Date(dawn).toUTCString(), ...headers } };
    await world.origin("frankfurt").answers("/a", answer);
    await statusOf(world, "/a");
    for (const seconds of [0, 1, 5, 60, 1000, 3600, 7200]) {
      world.clock.now = dawn + seconds * 1000;
      const use = await world.visit("/a", { headers: { "cache-control": "only-if-cached" } });
      if (use.status !== status || !cacheStatus(use).startsWith("hit")) return seconds;
    }
    return 7200;
  }

  test.for<[status: number, story: { ttl?: unknown; headers?: Record<string, string> }, seconds: number]>([
    // A ttl for all is for what isn't a failure of the origin's
    [200, { ttl: "1h" }, 3600],
    [301, { ttl: "1h" }, 3600],
    [404, { ttl: "1h" }, 3600],
    [500, { ttl: "1h" }, 0],
    [503, { ttl: "1h", headers: { "retry-after": "9" } }, 0],
    [503, { ttl: { default: "1h" } }, 0],
    [503, { ttl: { default: "1h", "5xx": "5s" } }, 5],
    [503, { ttl: { "503": "1m", "5xx": "5s" } }, 60],
    // One that says itself for how long is the origin's own will
    [503, { ttl: "1h", headers: { "cache-control": "max-age=5" } }, 5],
    // For what is missing heuristics count like for what is there, until a status says otherwise
    [404, {}, 0],
    [404, { headers: modified }, 1000],
    [404, { ttl: { "404": "1m" }, headers: modified }, 60],
    [404, { ttl: { "4xx": "1m", default: "1h" }, headers: modified }, 60],
    [404, { ttl: { "200": "1h" }, headers: modified }, 1000],
    [404, { ttl: { "404": "0s" }, headers: modified }, 0],
    [410, { ttl: { "404": "1m" }, headers: { "cache-control": "max-age=5" } }, 5],
    // What is about one client's way of asking is for nobody else
    [429, { ttl: { "429": "1h" }, headers: { "cache-control": "public, max-age=60" } }, 0],
  ])("%d, %j: %d s", async ([status, story, seconds]) => {
    expect(await keptFor(status, story)).toBe(seconds);
  });
});

describe("targeted cache control", () => {
  const targets = ["Own-Cache-Control", "CDN-Cache-Control"];
  const everyone = { "cache-control": "no-store" };

  async function told(settings: object, headers: Record<string, string>) {
    const world = createWorld({ vars: { SETTINGS: settings } });
    await world.origin("frankfurt").answers("/a", { headers, body: "one" });
    await statusOf(world, "/a");
    const response = await world.visit("/a");
    const passed = ["cache-control", "own-cache-control", "cdn-cache-control", "other-cache-control"];
    return {
      status: cacheStatus(response).split(";").slice(0, 2).join(";"),
      passed: passed.filter((name) => response.headers.has(name)),
    };
  }

  test("in the field that goes first counts, and this edge's own stays here", async () => {
    const headers = {
      ...everyone,
      "own-cache-control": "max-age=60",
      "cdn-cache-control": "max-age=5",
      "other-cache-control": "no-store",
    };
    expect(await told({ targets }, headers)).toEqual({
      status: "hit; ttl=60",
      passed: ["cache-control", "cdn-cache-control", "other-cache-control"],
    });
  });

  test("in a field that isn't among the targets means nothing, and passes", async () => {
    const headers = {
      "cache-control": "max-age=9",
      "own-cache-control": "max-age=60",
      "cdn-cache-control": "no-store",
    };
    expect(await told({ targets: [] }, headers)).toEqual({
      status: "hit; ttl=9",
      passed: ["cache-control", "own-cache-control", "cdn-cache-control"],
    });
  });

  test("that can't be read is as if it weren't there, and stays here all the same", async () => {
    const headers = { "cache-control": "max-age=9", "own-cache-control": "max-age=", "cdn-cache-control": "" };
    expect(await told({ targets }, headers)).toMatchObject({ status: "hit; ttl=9" });
    expect((await told({ targets }, headers)).passed).not.toContain("own-cache-control");
  });

  test("stays here also in what is past the cache, and in a 304", async () => {
    const world = createWorld({ vars: { SETTINGS: { targets } } });
    const headers = { etag: '"1"', "own-cache-control": "max-age=60" };
    await world.origin("frankfurt").answers("/a", { headers, body: "one" });
    const posted = await world.visit("/a", { method: "POST" });
    await statusOf(world, "/a");
    const confirmed = await world.visit("/a", { headers: { "if-none-match": '"1"' } });
    expect([posted.status, confirmed.status]).toEqual([200, 304]);
    for (const { headers: got } of [posted, confirmed]) expect(got.has("own-cache-control")).toBe(false);
  });
});

describe("the query", () => {
  test("sorted, makes one key of every order, and the origin is asked in that one", async () => {
    const world = createWorld({ vars: { RULES: [{ cache: { ttl: "1m", key: { sort: true } } }] } });
    const origin = world.origin("frankfurt");
    await origin.answers("/a", { body: "one" });
    expect(await statusOf(world, "/a?b=2&a=1")).toBe("fwd=uri-miss");
    expect(await statusOf(world, "/a?a=1&b=2")).toBe("hit");
    expect((await origin.seen()).map(({ target }) => target)).toEqual(["/a?a=1&b=2"]);
  });

  test("sorted, keeps two of one name apart from the same two the other way round", async () => {
    const world = createWorld({ vars: { RULES: [{ cache: { ttl: "1m", key: { sort: true } } }] } });
    await world.origin("frankfurt").answers("/a", { body: "one" });
    expect(await statusOf(world, "/a?role=user&role=admin")).toBe("fwd=uri-miss");
    expect(await statusOf(world, "/a?role=admin&role=user")).toBe("fwd=uri-miss");
  });

  test("without tracking, is the same however a visitor was led there", async () => {
    const cache = { ttl: "1m", key: { query: { except: ["tracking"] } } };
    const world = createWorld({ vars: { RULES: [{ cache }] } });
    await world.origin("frankfurt").answers("/a", { body: "one" });
    expect(await statusOf(world, "/a?id=7&utm_campaign=spring&fbclid=1")).toBe("fwd=uri-miss");
    expect(await statusOf(world, "/a?gclid=2&id=7")).toBe("hit");
    expect(await statusOf(world, "/a?id=8")).toBe("fwd=uri-miss");
  });
});

test("cookies of an answer are for one visitor, unless a rule says that they are for all", async () => {
  const rule = { when: 'request.path == "/shared"', cache: { storeSetCookie: true } };
  const world = createWorld({ vars: { RULES: [rule] } });
  const answer = { headers: { "cache-control": "max-age=60", "set-cookie": "theme=dark; Path=/" }, body: "one" };
  for (const path of ["/own", "/shared"]) await world.origin("frankfurt").answers(path, answer);
  for (const path of ["/own", "/shared"]) await statusOf(world, path);
  expect(await statusOf(world, "/own")).not.toBe("hit");
  const shared = await world.visit("/shared");
  expect(cacheStatus(shared)).toContain("hit");
  expect(shared.headers.getSetCookie()).toHaveLength(1);
});

test("the key is told where the trail is shown, and nowhere else", async () => {
  const cache = { key: { query: { except: ["tracking"] }, country: true } };
  const told = async (trail: boolean): Promise<string> => {
    const world = createWorld({ vars: { RULES: [{ cache }], SETTINGS: { trail } } });
    await world.origin("frankfurt").answers("/a", { headers: { "cache-control": "max-age=60" }, body: "one" });
    await statusOf(world, "/a?id=7&gclid=1");
    return cacheStatus(await world.visit("/a?id=7"));
  };
  expect(await told(true)).toContain('hit; ttl=60; key="https://www.example.com/a?id=7 country=DE"');
  expect(await told(false)).not.toContain("key=");
});

test("each kind of device has its own answer, and the origin hears which it is", async () => {
  const rule = { cache: { key: { device: true } }, headers: { request: { set: { "x-device": "${client.device}" } } } };
  const world = createWorld({ vars: { RULES: [rule] } });
  await world.origin("frankfurt").answers("/a", { headers: { "cache-control": "max-age=60" }, body: "one" });
  const statusFor = async (agent: string): Promise<string> => {
    const response = await world.visit("/a", { headers: { "user-agent": agent } });
    await response.text();
    await world.settle();
    return cacheStatus(response).split(";")[0]!;
  };
  expect(await statusFor("Mozilla/5.0 (iPhone) Mobile/15E148")).toBe("fwd=uri-miss");
  expect(await statusFor("Mozilla/5.0 (Windows NT 10.0; Win64; x64)")).toBe("fwd=uri-miss");
  expect(await statusFor("Mozilla/5.0 (Android 15; Mobile; rv:144.0)")).toBe("hit");
  expect((await world.origin("frankfurt").seen()).map(({ headers }) => headers["x-device"])).toEqual([
    "phone",
    "desktop",
  ]);
});
