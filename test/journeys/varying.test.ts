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
  [{ when: 'client.country == "DE"', headers: { request: { remove: ["x-b"] } } }, image],
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
