/** What rules say of keeping, told from outside. */
import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, type World } from "../harness/world.ts";

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
