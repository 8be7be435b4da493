import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { Edge } from "../../src/edge.ts";
import { createKvMarks } from "../../src/platform/cloudflare/marks.ts";
import { createMemoryStore } from "../../src/platform/memory/store.ts";
import { cacheStatus, createWorld, dawn, type World } from "../harness/world.ts";

const token = "a-long-secret-token";
const hour = { "cache-control": "max-age=3600" };

/** A world whose operator has a token. */
function createOperated(vars: Readonly<Record<string, unknown>> = {}, ports: Partial<Edge> = {}): World {
  return createWorld({ vars: { ADMIN_TOKEN: token, ...vars }, ports });
}

/** Orders a purge, and lets a second pass: what is asked for in the same millisecond may be older than the order. */
async function purge(world: World, order: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await world.visit("/.perigee/purge", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: typeof order === "string" ? order : JSON.stringify(order),
  });
  world.clock.advance(1);
  return response;
}

/** What a visit gets: its body, and the first word of Cache-Status. */
async function see(world: World, target: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await world.visit(target, { headers });
  const seen = `${await response.text()} ${cacheStatus(response).split(";")[0]}`;
  await world.settle();
  return seen;
}

const page = "https://www.example.com/blog/page?id=1";

/** The origin answers "one" at these paths, and after that "two". */
async function stock(world: World, targets: readonly string[], headers: Readonly<Record<string, string>> = {}) {
  for (const target of targets) {
    const path = new URL(target, page).pathname;
    const answer = { headers: { ...hour, ...headers } };
    await world.origin("frankfurt").answers(path, { ...answer, body: "one" }, { ...answer, body: "two" });
    expect(await see(world, target)).toBe("one fwd=uri-miss");
    expect(await see(world, target)).toBe("one hit");
  }
  world.clock.advance(1);
}

describe("a purge", () => {
  test.each<[what: string, order: object, scope: string]>([
    ["its URL", { urls: [page] }, "url"],
    ["a tag of Cache-Tag", { tags: ["news"] }, "tag"],
    ["a tag of Surrogate-Key, in other letters", { tags: ["Front-Page"] }, "tag"],
    ["a prefix of its path", { prefixes: ["https://www.example.com/blog/"] }, "prefix"],
    ["its path as a prefix", { prefixes: ["https://www.example.com/blog/page"] }, "prefix"],
    ["its host's root as a prefix", { prefixes: ["https://www.example.com"] }, "prefix"],
    ["its cache group", { groups: [{ origin: "https://www.example.com", name: "articles" }] }, "group"],
    ["its site", { sites: ["www.example.com"] }, "site"],
    ["everything", { everything: true }, "all"],
  ])("of %s makes it a miss, once", async (_, order, scope) => {
    const world = createOperated();
    const labels = { "cache-tag": "a,news", "surrogate-key": "home front-page", "cache-groups": '"articles", "b"' };
    await stock(world, [page], labels);
    const response = await purge(world, order);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ purged: { [scope]: 1 }, soft: false });
    expect(await see(world, page)).toBe("two fwd=uri-miss");
    expect(await see(world, page)).toBe("two hit");
  });

  test.each<[what: string, order: object]>([
    ["another query", { urls: ["https://www.example.com/blog/page?id=2"] }],
    ["its path without the query", { urls: ["https://www.example.com/blog/page"] }],
    ["another host", { urls: ["https://shop.example.com/blog/page?id=1"] }],
    ["the other scheme", { urls: ["http://www.example.com/blog/page?id=1"] }],
    ["another tag", { tags: ["new", "newspaper"] }],
    ["a prefix that ends within a segment", { prefixes: ["https://www.example.com/blo"] }],
    ["a longer path", { prefixes: ["https://www.example.com/blog/page/more"] }],
    ["the same group of another origin", { groups: [{ origin: "https://shop.example.com", name: "articles" }] }],
  ])("of %s leaves it", async (_, order) => {
    const world = createOperated();
    await stock(world, [page], { "cache-tag": "news", "cache-groups": '"articles"' });
    expect((await purge(world, order)).status).toBe(200);
    expect(await see(world, page)).toBe("one hit");
  });

  test("is told in the trail and the log, with its scope", async () => {
    const world = createOperated({ SETTINGS: { trail: true } });
    await stock(world, ["/a"], { "cache-tag": "news" });
    await purge(world, { tags: ["news", "old"], urls: ["https://www.example.com/b"] });
    expect(world.log.at(-1)).toMatchObject({ path: "/.perigee/purge", trail: ["edge=purge:url=1,tag=2"] });
    const response = await world.visit("/a");
    expect(response.headers.get("perigee-trail")).toContain("cache=purged:tag");
  });

  test("of a URL covers its variants, and all its keys by cookie and country", async () => {
    const key = { cookies: ["plan"], country: true };
    const world = createOperated({ RULES: [{ when: "true", cache: { key } }] });
    const answer = { headers: { ...hour, vary: "Accept-Language" } };
    const clients = [
      {},
      { "accept-language": "fr" },
      { cookie: "plan=pro" },
      { cookie: "plan=pro", "accept-language": "fr" },
    ];
    await world.origin("frankfurt").answers("/a", { ...answer, body: "one" });
    for (const client of clients) await see(world, "/a", client);
    for (const client of clients) expect(await see(world, "/a", client)).toBe("one hit");

    await world.origin("frankfurt").answers("/a", { ...answer, body: "two" });
    await purge(world, { urls: ["https://www.example.com/a"] });
    for (const client of clients) expect(await see(world, "/a", client)).toMatch(/^two fwd=/);
    for (const client of clients) expect(await see(world, "/a", client)).toBe("two hit");
  });

  test("of a URL is also one of those that differ in parameters the key leaves out", async () => {
    const world = createOperated({ RULES: [{ when: "true", cache: { key: { query: { only: ["id"] } } } }] });
    await stock(world, ["/a?id=1&from=mail"]);
    expect(await see(world, "/a?id=1&from=ad")).toBe("one hit");
    await purge(world, { urls: ["https://www.example.com/a?id=1&from=somewhere"] });
    expect(await see(world, "/a?id=1&from=mail")).toBe("two fwd=uri-miss");
  });

  test("of a URL takes it as visited, or as the origin is asked for it", async () => {
    const rule = { when: 'request.path.startsWith("/de/")', rewrite: { path: "/page" } };
    for (const url of ["https://www.example.com/de/page", "https://www.example.com/page"]) {
      const world = createOperated({ RULES: [rule] });
      const answer = { headers: hour };
      await world.origin("frankfurt").answers("/page", { ...answer, body: "one" }, { ...answer, body: "two" });
      expect(await see(world, "/de/page")).toBe("one fwd=uri-miss");
      world.clock.advance(1);
      await purge(world, { urls: [url] });
      expect(await see(world, "/de/page")).toBe("two fwd=uri-miss");
    }
  });

  test("of more queries of one path than are told apart covers them all", async () => {
    const world = createOperated();
    await stock(world, ["/a?id=39"]);
    const urls = Array.from({ length: 40 }, (_, id) => `https://www.example.com/a?id=${id}`);
    await purge(world, { urls });
    expect(await see(world, "/a?id=39")).toBe("two fwd=uri-miss");
  });

  test("of any tag covers an answer with more tags than are kept", async () => {
    const world = createOperated();
    const tags = Array.from({ length: 200 }, (_, number) => `t${number}`).join(",");
    await stock(world, ["/many"], { "cache-tag": tags });
    await stock(world, ["/few"], { "cache-tag": "t1" });
    await purge(world, { tags: ["t199"] });
    expect(await see(world, "/many")).toBe("two fwd=uri-miss");
    expect(await see(world, "/few")).toBe("one hit");
  });
});

describe("a soft purge", () => {
  const tagged = { "cache-tag": "news", etag: '"1"' };

  test("makes it stale: it is validated, and fresh again when it still holds", async () => {
    const world = createOperated();
    const answer = { headers: { ...hour, ...tagged } };
    await world.origin("frankfurt").answers("/a", { ...answer, body: "one" }, { ...answer, status: 304 });
    await see(world, "/a");
    await purge(world, { tags: ["news"], soft: true });
    expect(await see(world, "/a")).toBe("one fwd=stale");
    expect(await see(world, "/a")).toBe("one hit");
    expect((await world.origin("frankfurt").seen()).at(-1)!.headers["if-none-match"]).toBe('"1"');
  });

  test("serves it within the stale window, which begins with the purge, while it is refreshed", async () => {
    const world = createOperated();
    await stock(world, ["/a"], { "cache-control": "max-age=3600, stale-while-revalidate=30", "cache-tag": "news" });
    await purge(world, { tags: ["news"], soft: true });
    expect(await see(world, "/a")).toBe("one hit");
    expect(await see(world, "/a")).toBe("two hit");
    await purge(world, { tags: ["news"], soft: true });
    world.clock.advance(30);
    expect(await see(world, "/a")).toBe("two fwd=stale");
  });

  test("keeps it for when the origin fails; a hard one doesn't", async () => {
    const world = createOperated({ SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"] }] });
    const stored = { headers: { "cache-control": "max-age=3600, stale-if-error=600" }, body: "one" };
    await world.origin("frankfurt").answers("/a", stored, { status: 503, body: "down" });
    await see(world, "/a");
    await purge(world, { everything: true, soft: true });
    expect(await see(world, "/a")).toBe("one fwd=stale");
    await purge(world, { everything: true });
    expect(await see(world, "/a")).toBe("down fwd=uri-miss");
  });

  test("weighs less than a hard one, whichever came first", async () => {
    for (const [first, second] of [
      [true, false],
      [false, true],
    ]) {
      const world = createOperated();
      await stock(world, ["/a"]);
      await purge(world, { sites: ["www.example.com"], soft: first });
      await purge(world, { everything: true, soft: second });
      expect(await see(world, "/a")).toBe("two fwd=uri-miss");
    }
  });
});

test("a purge of an answer that varies isn't called another variant in Cache-Status", async () => {
  const world = createOperated();
  const page = { headers: { ...hour, vary: "x-kind" } };
  await world.origin("frankfurt").answers("/a", { ...page, body: "one" }, { ...page, body: "two" });
  expect(await see(world, "/a")).toBe("one fwd=uri-miss");
  expect(await see(world, "/a")).toBe("one hit");
  await purge(world, { everything: true });
  expect(await see(world, "/a")).toBe("two fwd=miss");
  expect(await see(world, "/a", { "x-kind": "other" })).toBe("two fwd=vary-miss");
});

describe("an answer under way while it is purged", () => {
  /** The origin is asked, everything is purged, and only then "one" is there. Asked again, the origin says "two". */
  async function underWay() {
    const world = createOperated();
    const slow = { headers: hour, body: "one", delay: 200 };
    await world.origin("frankfurt").answers("/a", slow, { headers: hour, body: "two" });
    const asked = world.visit("/a");
    await expect.poll(async () => (await world.origin("frankfurt").seen()).length).toBe(1);
    world.clock.advance(1);
    await purge(world, { everything: true });
    return { world, asked };
  }

  test("counts as older, though it is stored later", async () => {
    const { world, asked } = await underWay();
    expect(await (await asked).text()).toBe("one");
    await world.settle();
    expect(await see(world, "/a")).toBe("two fwd=uri-miss");
  });

  test("isn't given to a visit that came after the purge and waited for it", async () => {
    const { world, asked } = await underWay();
    const waited = world.visit("/a");
    expect(await (await asked).text()).toBe("one");
    expect(await (await waited).text()).toBe("two");
  });
});

describe("cache groups (RFC 9875)", () => {
  const grouped = { "cache-groups": '"cart"' };

  test("of an origin are invalidated by an answer to an unsafe method", async () => {
    const world = createOperated();
    await stock(world, ["/a", "/b"], grouped);
    await stock(world, ["/c"], { "cache-groups": '"menu"' });
    await world.origin("frankfurt").answers("/add", { headers: { "cache-group-invalidation": '"cart";x=1, "more"' } });
    await (await world.visit("/add", { method: "POST", body: "item" })).text();
    world.clock.advance(1);
    expect(await see(world, "/a")).toBe("two fwd=uri-miss");
    expect(await see(world, "/b")).toBe("two fwd=uri-miss");
    expect(await see(world, "/c")).toBe("one hit");
  });

  test("are left alone by an answer to a safe method, and by a field that is no list of strings", async () => {
    const world = createOperated();
    await stock(world, ["/a"], grouped);
    const origin = world.origin("frankfurt");
    await origin.answers("/safe", { headers: { "cache-group-invalidation": '"cart"' } });
    await origin.answers("/broken", { headers: { "cache-group-invalidation": 'cart, "cart' } });
    await origin.answers("/token", { headers: { "cache-group-invalidation": "cart" } });
    await see(world, "/safe");
    for (const path of ["/broken", "/token"]) await (await world.visit(path, { method: "POST" })).text();
    world.clock.advance(1);
    expect(await see(world, "/a")).toBe("one hit");
  });
});

test("tags are for caches: the client gets them only when a setting says so", async () => {
  for (const showTags of [false, true]) {
    const world = createOperated({ SETTINGS: { purge: { showTags } } });
    const tags = { ...hour, "cache-tag": "a,b", "surrogate-key": "c d" };
    await world.origin("frankfurt").answers("/a", { headers: tags });
    await world.origin("frankfurt").answers("/b", { headers: { ...tags, "cache-control": "no-store" } });
    for (const path of ["/a", "/a", "/b"]) {
      const { headers } = await world.visit(path);
      expect([headers.get("cache-tag"), headers.get("surrogate-key")]).toEqual(
        showTags ? ["a,b", "c d"] : [null, null],
      );
      await world.settle();
    }
  }
});

describe("who has no token", () => {
  test.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["a wrong one", { authorization: "Bearer wrong" }],
    ["the beginning of it", { authorization: `Bearer ${token.slice(0, -1)}` }],
    ["more than it", { authorization: `Bearer ${token}x` }],
    ["an empty one", { authorization: "Bearer " }],
    ["another scheme", { authorization: `Basic ${btoa(`admin:${token}`)}` }],
    ["it in another place", { "x-admin-token": token }],
  ])("and sends %s, purges nothing, and no origin hears of it", async (_, headers) => {
    const world = createOperated();
    await stock(world, ["/a"]);
    const before = await world.origin("frankfurt").seen();
    const response = await purge(world, { everything: true }, { authorization: "", ...headers });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm="perigee"/);
    expect(await response.text()).not.toContain(token);
    expect(await world.origin("frankfurt").seen()).toEqual(before);
    expect(await see(world, "/a")).toBe("one hit");
  });

  test.each([undefined, ""])("finds no such page where none is configured (%j)", async (none) => {
    const world = createWorld({ vars: none === undefined ? {} : { ADMIN_TOKEN: none } });
    expect((await purge(world, { everything: true }, { authorization: "Bearer " })).status).toBe(404);
    expect((await purge(world, { everything: true })).status).toBe(404);
  });
});

describe("an order", () => {
  test("with mistakes is told all of them, and purges nothing", async () => {
    const world = createOperated();
    await stock(world, ["/a"]);
    const order = {
      urls: ["https://www.example.com/a", "/a", "ftp://www.example.com/"],
      tags: ["two words", ""],
      prefixes: ["https://www.example.com/a?b"],
      sites: ["nobody"],
      groups: [{ origin: "https://www.example.com/path", name: "x" }],
      soft: "yes",
      tag: "a",
    };
    const response = await purge(world, order);
    expect(response.status).toBe(400);
    expect(cacheStatus(response)).toBe("detail=bad-order");
    const { problems } = await response.json<{ problems: { at: string; says: string }[] }>();
    expect(problems.map(({ at }) => at)).toEqual([
      "urls[1]",
      "urls[2]",
      "tags[0]",
      "tags[1]",
      "prefixes[0]",
      "sites[0]",
      "groups[0].origin",
      "soft",
      "tag",
    ]);
    expect(problems[5]!.says).toBe('There is no such site; the sites are "www.example.com".');
    expect(await see(world, "/a")).toBe("one hit");
  });

  test.each<[what: string, order: unknown, says: string]>([
    ["nothing", {}, "It names nothing to purge."],
    ["no JSON", "{", "It is no JSON"],
    ["an empty body", "", "It is no JSON"],
    ["a list", "[]", "no JSON object"],
    ["null", "null", "no JSON object"],
    ["41 names", { tags: Array.from({ length: 41 }, (_, n) => `t${n}`) }, "more than 40"],
    ["a text for a list", { urls: page }, "no list"],
    ["a deep prefix", { prefixes: [`https://www.example.com${"/a".repeat(33)}`] }, "32 segments"],
    ["a very long URL", { urls: [`https://www.example.com/${"a".repeat(700)}`] }, "purge a prefix"],
    ["a password", { urls: ["https://me:secret@www.example.com/"] }, "password"],
    ["a group without its origin", { groups: [{ name: "a" }] }, "missing"],
  ])("of %s is refused", async (_, order, says) => {
    const response = await purge(createOperated(), order);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(says);
  });

  test("of more than 64 KB is refused before it is read", async () => {
    const response = await purge(createOperated(), { tags: ["a".repeat(70_000)] });
    expect(response.status).toBe(413);
  });

  test("says what was marked, when, and how far it reaches", async () => {
    const response = await purge(createOperated(), { tags: ["A", "a"], everything: true });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      at: new Date(dawn).toISOString(),
      soft: false,
      purged: { tag: 1, all: 1 },
      marks: [
        { scope: "tag", name: "a" },
        { scope: "all", name: "" },
      ],
      reach: "isolate",
      note: expect.stringContaining("PURGES") as string,
    });
  });
});

test("reaches another location within the time that it says", async () => {
  const namespace = (env as { PURGES: KVNamespace }).PURGES;
  // Two locations, each with a store of its own, and what both know of purges.
  const clock = { now: dawn };
  const locate = (): World => {
    const work: Promise<unknown>[] = [];
    const now = (): number => clock.now;
    const marks = createKvMarks(namespace, { now, defer: (one) => void work.push(one), refresh: 10_000 });
    return createOperated({}, { now, marks, store: createMemoryStore() });
  };
  const [here, there] = [locate(), locate()];
  for (const world of [here, there]) {
    await world.origin("frankfurt").answers("/a", { headers: hour, body: "one" }, { headers: hour, body: "two" });
    await see(world, "/a");
    expect(await see(world, "/a")).toBe("one hit");
  }
  clock.now += 1_000;
  const response = await purge(here, { everything: true });
  const { reach, within } = await response.json<{ reach: string; within: number }>();
  expect({ reach, within }).toEqual({ reach: "everywhere", within: 80 });
  clock.now += 1;
  expect(await see(here, "/a")).toBe("two fwd=uri-miss");
  expect(await see(there, "/a")).toBe("one hit");
  clock.now += within * 1000;
  expect(await see(there, "/a")).toBe("two fwd=uri-miss");
});
