/** What caches behind the edge are told of answers that rules make different: by which fields of requests, or that they are nobody else's. */
import { expect, test } from "vitest";
import { cacheStatus, createWorld, type VisitOptions, type World } from "../harness/world.ts";

async function worldWith(rule: object, headers: Record<string, string> = {}): Promise<World> {
  const world = createWorld({ vars: { RULES: [rule] } });
  const page = { "content-type": "text/html", "cache-control": "max-age=60", etag: '"1"', ...headers };
  await world.origin("frankfurt").answers("/a", { body: "<p>hello</p>", headers: page });
  return world;
}

async function told(world: World, init: VisitOptions = {}): Promise<[vary: string, cache: string | null]> {
  const { headers, body } = await world.visit("/a", init);
  await body?.cancel();
  await world.settle();
  const vary = headers
    .get("vary")
    ?.split(", ")
    .filter((name) => name !== "Accept-Encoding");
  return [vary?.toSorted().join(", ") ?? "", headers.get("cache-control")];
}

/** Has the origin asked with a field of that value. */
const asking = (value: string): object => ({ headers: { request: { set: { "x-b": value } } } });
const text = { text: [{ find: "hello", with: "hullo" }] };
const image = { "content-type": "image/png" };

test.each<[rule: object, vary: string, cache: string]>([
  [{ when: '"x-app" in request.headers', ...text }, "x-app", "max-age=60"],
  [{ when: 'request.cookies["a"] == "1"', ...text }, "Cookie", "max-age=60"],
  [{ when: 'client.country == "DE"', ...text }, "", "max-age=60, private"],
  [{ when: 'client.country == "DE"', html: [{ at: "p", remove: true }] }, "", "max-age=60, private"],
  [{ when: '"x-app" in request.headers', headers: { response: { set: { "x-b": "1" } } } }, "x-app", "max-age=60"],
  [{ when: '"x-app" in request.headers', cookies: { response: { secure: true } } }, "x-app", "max-age=60"],
  [{ when: '"x-app" in request.headers', status: { "200": 203 } }, "x-app", "max-age=60"],
  [{ when: 'client.country == "DE"', headers: { request: { remove: ["x-b"] } } }, "", "max-age=60, private"],
  [{ when: '"x-app" in request.headers', rewrite: { query: "b=1" } }, "x-app", "max-age=60"],
  [asking("${client.country}"), "", "max-age=60, private"],
  [asking('a-${request.headers["x-app"]}'), "x-app", "max-age=60"],
  [{ headers: { request: { add: { "x-b": "${client.device}" } } } }, "Sec-CH-UA-Mobile, User-Agent", "max-age=60"],
  [{ rewrite: { query: { set: { lang: "${client.country}" } } } }, "", "max-age=60, private"],
  [{ rewrite: { query: 'lang=${request.cookies["a"]}' } }, "Cookie", "max-age=60"],
  [{ rewrite: { match: "/:name", to: '/:name${request.headers["x-c"]}' } }, "x-c", "max-age=60"],
  [{ when: '"x-app" in request.headers', ...asking('${request.cookies["a"]}') }, "Cookie, x-app", "max-age=60"],
  [{ cache: { key: { country: true } } }, "", "max-age=60, private"],
  [{ cache: { key: { device: true } } }, "Sec-CH-UA-Mobile, User-Agent", "max-age=60"],
  [{ cache: { key: { cookies: ["a"] } } }, "Cookie", "max-age=60"],
  [{ cache: { key: { headers: ["x-app"] } } }, "x-app", "max-age=60"],
  [{ when: '"x-app" in request.headers', cache: { key: { cookies: ["a"] } } }, "Cookie", "max-age=60"],
])("%j: all visits are told the same, from the store too", async (rule, vary, cache) => {
  const world = await worldWith(rule);
  const app = { headers: { "x-app": "1", cookie: "a=1" }, from: { country: "FR" } };
  for (const init of [{}, app, {}, app, { method: "HEAD" }]) {
    expect(await told(world, init)).toEqual([vary, cache]);
  }
  const etag = (await world.visit("/a", app)).headers.get("etag")!;
  const notModified = await world.visit("/a", { ...app, headers: { ...app.headers, "if-none-match": etag } });
  if (notModified.status === 304) expect(notModified.headers.get("cache-control")).toBe(cache);
  expect(cacheStatus(await world.visit("/a"))).toContain("hit");
});

test.each<[rule: object, headers: Record<string, string>]>([
  [{ when: 'client.country == "DE"', ...text }, image],
  [{ when: 'client.country == "DE" && request.path == "/b"', ...text }, image],
  [{ when: 'client.country == "DE" && request.path == "/b"', headers: { response: { remove: ["x-b"] } } }, image],
  [{ when: 'client.country == "DE"', monitor: true, headers: { response: { remove: ["x-b"] } } }, image],
  [{ when: 'client.country == "DE"', cache: { ttl: "1m" } }, image],
  [{ when: 'request.path == "/b"', ...asking("${client.country}") }, image],
  [{ when: 'client.eu && request.path == "/b"', ...asking("${client.country}") }, image],
  [{ when: 'request.path == "/b"', cache: { key: { country: true } } }, image],
  [{ monitor: true, ...asking("${client.country}") }, image],
  [{ ...asking("${request.path}") }, image],
  [{ rewrite: { match: "/b/*", query: { set: { lang: "${client.country}" } } } }, image],
  [{ rewrite: { query: { set: { from: '${request.path == "/a" ? "a" : client.country}' } } } }, image],
  [{ cache: { key: { query: "none" } } }, image],
  [{ when: 'request.path == "/a"', headers: { response: { remove: ["x-b"] } } }, image],
])("%j changes nothing of it, and nothing is said", async (rule, headers) => {
  expect(await told(await worldWith(rule, headers))).toEqual(["", "max-age=60"]);
});

test("of what nobody may store, nothing is said", async () => {
  const headers = { response: { set: { "x-b": "1" } } };
  const world = await worldWith(
    { when: 'client.eu && "x-a" in request.headers', headers },
    { ...image, "cache-control": "no-store" },
  );
  expect(await told(world)).toEqual(["", "no-store"]);
});

test.each([
  ["must-understand, no-store, max-age=60", "x-a", "must-understand, no-store, max-age=60, private"],
  ['community="no-store", max-age=60', "x-a", 'community="no-store", max-age=60, private'],
])("what some may store after all is told: %s", async (control, vary, cache) => {
  const headers = { response: { set: { "x-b": "1" } } };
  const rule = { when: 'client.eu && "x-a" in request.headers', headers };
  expect(await told(await worldWith(rule, { ...image, "cache-control": control }))).toEqual([vary, cache]);
});

test("a key that a rule says takes the place of the one before it, for whom it is", async () => {
  const site = { name: "www", hosts: ["www.example.com"], origins: ["frankfurt"], cache: { key: { country: true } } };
  const keyed = async (...rules: readonly object[]) => {
    const world = createWorld({ vars: { SITES: [site], RULES: rules } });
    await world.origin("frankfurt").answers("/a", { body: "", headers: { "cache-control": "max-age=60" } });
    return told(world);
  };
  const key = { cache: { key: { cookies: ["a"] } } };
  expect(await keyed()).toEqual(["", "max-age=60, private"]);
  expect(await keyed(key)).toEqual(["Cookie", "max-age=60"]);
  expect(await keyed({ when: 'request.path == "/b"', ...key })).toEqual(["", "max-age=60, private"]);
  expect(await keyed({ when: '"x-app" in request.headers', ...key })).toEqual(["Cookie", "max-age=60, private"]);
});
