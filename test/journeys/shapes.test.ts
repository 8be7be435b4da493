/** What rules do to bodies: on which side of the store, for whom, and what is kept of it. */
import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, type VisitOptions, type World } from "../harness/world.ts";

const page = "<!doctype html><head></head><p id=a>one</p>";
const fields = { "content-type": "text/html", "cache-control": "public, max-age=60", etag: '"v1"' };

async function worldWith(...rules: readonly object[]): Promise<World> {
  const world = createWorld({ vars: { RULES: rules, SETTINGS: { trail: true } } });
  await world.origin("frankfurt").answers("/page", { body: page, headers: fields });
  return world;
}

interface Read {
  readonly text: string;
  readonly status: string;
  readonly response: Response;
  readonly trail: string;
}

async function read(world: World, init: VisitOptions = {}): Promise<Read> {
  const response = await world.visit("/page", init);
  const text = await response.text();
  await world.settle();
  return { text, response, status: cacheStatus(response), trail: response.headers.get("perigee-trail") ?? "" };
}

describe("a text that is the same for everyone", () => {
  const rule = { html: [{ at: "#a", append: "<b>!</b>" }] };

  test("is put in once, before the store", async () => {
    const world = await worldWith(rule);
    const [first, second] = [await read(world), await read(world)];
    expect([first.text, second.text]).toEqual(Array(2).fill(page.replace("one", "one<b>!</b>")));
    expect(first.trail).toContain("shape-before:html");
    expect(second.status).toContain("hit");
    expect(second.trail).not.toContain("shape");
    expect(second.response.headers.get("etag")).toMatch(/^W\/"v1~e\w{7}"$/);
  });

  test("is for nobody else: another visitor's answer is another one", async () => {
    const world = await worldWith({ ...rule, when: '"x-b" in request.headers' });
    expect((await read(world)).text).toBe(page);
    const other = await read(world, { headers: { "x-b": "1" } });
    expect(other.text).toContain("<b>!</b>");
    expect(other.status).toContain("fwd=uri-miss");
    expect((await read(world)).text).toBe(page);
  });

  test("is put in by what the rule now says, not by what it said when the page was stored", async () => {
    const before = await worldWith(rule);
    const after = await worldWith({ html: [{ at: "#a", append: "<i>?</i>" }] });
    const keys = [before, after].map(async (world) => (await read(world)).response.headers.get("cache-status"));
    const [one, other] = await Promise.all(keys);
    expect(one).not.toBe(other);
  });
});

describe("a client that has another edition", () => {
  const when = '"x-b" in request.headers';
  const dated = { ...fields, "last-modified": "Mon, 02 Feb 2026 00:00:00 GMT" };
  const headers = { "x-b": "1" };

  async function stored(cache: object | false = {}): Promise<World> {
    const world = await worldWith({ cache }, { when, html: [{ at: "#a", append: "<b>!</b>" }] });
    await world.origin("frankfurt").answers("/page", { body: page, headers: dated });
    return world;
  }

  test.each([
    ["out of the store", {}],
    ["from the origin", false],
  ] as const)("gets this one, and is told by its tag that it has it: %s", async (_, cache) => {
    const world = await stored(cache);
    const [plain, edited] = [await read(world), await read(world, { headers })];
    const tagOf = ({ response }: Read) => response.headers.get("etag")!;
    const having = (tag: string, others = {}) => read(world, { headers: { ...others, "if-none-match": tag } });
    expect(tagOf(edited)).not.toBe(tagOf(plain));
    expect((await having(tagOf(plain), headers)).text).toContain("<b>!</b>");
    expect((await having(tagOf(edited))).text).toBe(page);
    const since = { "if-modified-since": dated["last-modified"] };
    expect((await read(world, { headers: { ...headers, ...since } })).text).toContain("<b>!</b>");
    expect((await having(tagOf(edited), headers)).response.status).toBe(cache === false ? 200 : 304);
  });

  test("and what is stored of this one is confirmed by the origin, by the origin's own tag", async () => {
    const world = await stored();
    await read(world, { headers });
    world.clock.advance(120);
    await world.origin("frankfurt").answers("/page", { status: 304, headers: dated });
    const again = await read(world, { headers });
    expect([again.text, again.status]).toEqual([
      page.replace("one", "one<b>!</b>"),
      expect.stringContaining("fwd=stale; fwd-status=304"),
    ]);
    const seen = await world.origin("frankfurt").seen();
    expect(seen.at(-1)!.headers["if-none-match"]).toBe('W/"v1"');
  });

  test("and what it changes under a condition is changed by the origin's own tag", async () => {
    const world = await stored();
    const tag = (await read(world, { headers })).response.headers.get("etag")!;
    await read(world, { method: "PUT", headers: { "if-match": tag } });
    const seen = await world.origin("frankfurt").seen();
    expect(seen.at(-1)!.headers["if-match"]).toBe('W/"v1"');
  });
});

describe("a text that is made for each visit", () => {
  const rule = { html: [{ at: "#a", append: '${request.headers["x-name"]}' }] };

  test("is put in after the store, and kept by nobody", async () => {
    const world = await worldWith(rule);
    const [ann, bob] = [
      await read(world, { headers: { "x-name": "Ann" } }),
      await read(world, { headers: { "x-name": "Bob" } }),
    ];
    expect([ann.text, bob.text]).toEqual([page.replace("one", "oneAnn"), page.replace("one", "oneBob")]);
    expect(bob.status).toContain("hit");
    expect(bob.trail).toContain("shape-after:html");
    expect(bob.response.headers.has("etag")).toBe(false);
    expect(bob.response.headers.get("cache-control")).toContain("private");
  });

  test("is put in though the client has the page of another visit", async () => {
    const world = await worldWith(rule);
    await read(world, { headers: { "x-name": "Ann" } });
    const again = await read(world, { headers: { "x-name": "Bob", "if-none-match": 'W/"v1"' } });
    expect([again.response.status, again.text]).toEqual([200, page.replace("one", "oneBob")]);
  });

  test("is put in though a part of it is asked for", async () => {
    const world = await worldWith(rule);
    const headers = { "x-name": "Ann", range: "bytes=0-3" };
    expect((await read(world, { headers })).text).toContain("oneAnn");
    expect((await read(world, { headers })).text).toContain("oneAnn");
  });
});

test.each([
  ["no-transform", { ...fields, "cache-control": "no-transform, max-age=60" }],
  ["another charset", { ...fields, "content-type": "text/html; charset=iso-8859-1" }],
  ["another type", { ...fields, "content-type": "text/plain" }],
])("%s: every byte is left as it is", async (_, headers) => {
  const world = await worldWith({ html: [{ at: "#a", remove: true }] });
  await world.origin("frankfurt").answers("/page", { body: page, headers });
  expect((await read(world)).text).toBe(page);
});
