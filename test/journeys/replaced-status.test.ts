import { describe, expect, test } from "vitest";
import type { OriginAnswer } from "../harness/origin-answer.ts";
import { cacheStatus, createWorld, type World } from "../harness/world.ts";

async function worldWith(status: object, answer: OriginAnswer, rules: readonly object[] = []): Promise<World> {
  const world = createWorld({ vars: { RULES: [{ name: "status", status }, ...rules] } });
  await world.origin("frankfurt").answers("/a", answer);
  return world;
}

async function ask(world: World, headers: Record<string, string> = {}): Promise<[number, string, Response]> {
  const response = await world.visit("/a", { headers });
  const body = await response.text();
  await world.settle();
  return [response.status, body, response];
}

test.each<[table: object, status: number, replaced: number]>([
  [{ "404": 410 }, 404, 410],
  [{ "404": 410 }, 403, 403],
  [{ "4xx": 404 }, 403, 404],
  [{ "4xx": 404, "403": 451 }, 403, 451],
  [{ "404": 200 }, 404, 200],
  [{ default: 404, "5xx": 503 }, 500, 503],
  [{ default: 404 }, 418, 404],
  [{ default: 404 }, 302, 302],
  [{ "302": 307 }, 302, 307],
  [{ default: 404 }, 204, 204],
])("%j: %i becomes %i", async (table, status, replaced) => {
  const world = await worldWith(table, { status, ...(status !== 204 && { body: "a" }), headers: { location: "/b" } });
  expect((await ask(world))[0]).toBe(replaced);
});

test("of several rules the last one that has a word counts", async () => {
  const world = await worldWith({ "404": 410 }, { status: 404, body: "a" }, [
    { status: { "5xx": 503 } },
    { status: { "404": 451 } },
  ]);
  expect((await ask(world))[0]).toBe(451);
  expect(world.log[0]!["trail"]).toContain("transform=status:404=451");
});

test("it lies after the store, which keeps answers by their own status", async () => {
  const caching = { cache: { ttl: { "404": "1m", "200": "1h" } } };
  const rules = [caching, { when: '"x-app" in request.headers', status: { "404": 200 } }];
  const world = await worldWith({ "503": 500 }, { status: 404, body: "no" }, rules);
  const [first, , stored] = await ask(world, { "x-app": "1" });
  expect([first, cacheStatus(stored)]).toEqual([200, "fwd=uri-miss; fwd-status=404; stored"]);
  const [second, body, hit] = await ask(world);
  expect([second, body, cacheStatus(hit)]).toEqual([404, "no", "hit; ttl=60"]);
  world.clock.advance(61);
  expect(cacheStatus((await ask(world))[2])).not.toMatch(/^hit; ttl=\d/);
});

describe("a success that becomes an error", () => {
  const fresh = { "cache-control": "max-age=60", etag: '"1"', "last-modified": "Sun, 01 Mar 2026 00:00:00 GMT" };
  const targeted = ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control", "x-accel-expires"];
  const kept = ["cache-control", "etag", "last-modified", "expires", "age"];
  const told = ({ headers }: Response) => kept.map((name) => headers.get(name));
  const answer = { body: "abc", headers: { ...fresh, expires: "Sun, 01 Mar 2030 00:00:00 GMT" } };
  const rule = { headers: { response: { set: { "cache-control": "max-age=5" } } } };

  test("is kept by nobody as if it were one, though the edge keeps the success", async () => {
    const world = await worldWith({ "200": 503 }, answer);
    for (const stands of ["fwd=uri-miss; fwd-status=200; stored", "hit; ttl=60"]) {
      const [status, body, response] = await ask(world);
      expect([status, body, ...told(response)]).toEqual([503, "abc", "no-store", null, null, null, null]);
      expect(cacheStatus(response)).toContain(stands);
    }
  });

  test("has no field either that tells single caches how long it is good", async () => {
    const headers = { ...fresh, ...Object.fromEntries(targeted.map((name) => [name, "max-age=60"])) };
    const [, , response] = await ask(await worldWith({ "200": 503 }, { ...answer, headers }));
    expect(targeted.filter((name) => response.headers.has(name))).toEqual([]);
  });

  test("unless a rule says for how long", async () => {
    const [, , response] = await ask(await worldWith({ "200": 503 }, answer, [rule]));
    expect(told(response)).toEqual(["max-age=5", null, null, null, null]);
  });

  test.each([
    [{ "200": 201 }, 200],
    [{ "404": 200 }, 404],
    [{ "404": 410 }, 404],
  ])("every other one keeps what it had: %j", async (table, status) => {
    const [, , response] = await ask(await worldWith(table, { ...answer, status }));
    expect(told(response).slice(0, 3)).toEqual(Object.values(fresh));
  });
});

describe("a 200 under another status is whole, whatever the client asks for", () => {
  const answer = { body: "abc", headers: { etag: '"1"', "cache-control": "max-age=60", "content-length": "3" } };
  test.each<[string, Record<string, string>]>([
    ["a range", { range: "bytes=0-0" }],
    ["a condition", { "if-none-match": '"1"' }],
    ["a date", { "if-modified-since": "Sun, 01 Mar 2026 00:00:00 GMT" }],
  ])("%s", async (_, headers) => {
    const world = await worldWith({ "200": 404 }, answer);
    for (let round = 0; round < 2; round++) {
      const [status, body] = await ask(world, headers);
      expect([status, body]).toEqual([404, "abc"]);
    }
  });

  test("and an error as a 200 is one", async () => {
    const world = await worldWith({ "404": 200 }, { ...answer, status: 404 });
    await ask(world);
    const [status, body] = await ask(world, { range: "bytes=0-0" });
    expect([status, body]).toEqual([206, "a"]);
    expect((await ask(world, { "if-none-match": '"1"' }))[0]).toBe(304);
  });
});
