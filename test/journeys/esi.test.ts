/** Pages that are put together at the edge: what is stored, for whom, and what a failing fragment does to its page. */
import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, type VisitOptions, type World } from "../harness/world.ts";

const html = { "content-type": "text/html", "cache-control": "public, max-age=60", etag: '"v1"' };
const page = 'a<esi:include src="/f"/>b';

async function worldWith(...rules: readonly object[]): Promise<World> {
  const world = createWorld({ vars: { RULES: rules.length > 0 ? rules : [{ esi: true }], SETTINGS: { trail: true } } });
  await world.origin("frankfurt").answers("/page", { body: page, headers: html });
  await world.origin("frankfurt").answers("/f", { body: "[f]", headers: html });
  return world;
}

async function read(
  world: World,
  path = "/page",
  options: VisitOptions = {},
): Promise<{ text: string; response: Response }> {
  const response = await world.visit(path, options);
  const text = await response.text();
  await world.settle();
  return { text, response };
}

async function seen(world: World, path: string): Promise<number> {
  return (await world.origin("frankfurt").seen()).filter(({ target }) => target === path).length;
}

describe("what is stored", () => {
  test("page and fragment are stored each by itself, and the page is put together for each visit", async () => {
    const world = await worldWith();
    const [first, second] = [await read(world), await read(world)];
    expect([first.text, second.text]).toEqual(["a[f]b", "a[f]b"]);
    expect(cacheStatus(second.response)).toContain("hit");
    expect([await seen(world, "/page"), await seen(world, "/f")]).toEqual([1, 1]);
    expect(second.response.headers.get("perigee-trail")).toContain("shape-after:esi");
    expect(second.response.headers.has("etag")).toBe(false);
    expect(second.response.headers.get("cache-control")).toContain("private");
  });

  test("a fragment with a shorter life is fetched anew, and its page isn't", async () => {
    const world = await worldWith();
    await world
      .origin("frankfurt")
      .answers(
        "/f",
        { body: "[1]", headers: { ...html, "cache-control": "max-age=5" } },
        { body: "[2]", headers: html },
      );
    expect((await read(world)).text).toBe("a[1]b");
    world.clock.advance(10);
    expect((await read(world)).text).toBe("a[2]b");
    expect(await seen(world, "/page")).toBe(1);
  });

  test("a page that asks for one fragment twice has it fetched once", async () => {
    const world = await worldWith();
    await world.origin("frankfurt").answers("/page", { body: page + page, headers: html });
    await world.origin("frankfurt").answers("/f", { body: "[f]", headers: html, delay: 30 });
    expect((await read(world)).text).toBe("a[f]ba[f]b");
    expect(await seen(world, "/f")).toBe(1);
  });

  test("the client's own cookies choose, from one stored page", async () => {
    const world = await worldWith();
    const body = `<esi:choose><esi:when test="$(HTTP_COOKIE{group})=='gold'">gold</esi:when><esi:otherwise>all</esi:otherwise></esi:choose>`;
    await world.origin("frankfurt").answers("/page", { body, headers: html });
    expect((await read(world, "/page", { headers: { cookie: "group=gold" } })).text).toBe("gold");
    expect((await read(world)).text).toBe("all");
    expect(await seen(world, "/page")).toBe(1);
  });
});

describe("fragments", () => {
  test.each([
    ["500", { status: 500, body: "down" }],
    ["404", { status: 404, body: "gone" }],
    ["a redirect", { status: 302, headers: { location: "/x" } }],
    ["no answer", { breaks: "before" as const }],
  ])("%s: the page goes on without it", async (_, answer) => {
    const world = await worldWith();
    for (const name of ["frankfurt", "virginia", "singapore"] as const) await world.origin(name).answers("/f", answer);
    const { text, response } = await read(world);
    expect([response.status, text]).toEqual([200, "ab"]);
  });

  test("one that takes too long is left out", async () => {
    const world = await worldWith({ esi: { timeout: "50ms" } });
    await world.origin("frankfurt").answers("/f", { stalls: "before" });
    expect((await read(world)).text).toBe("ab");
  });

  test("one that stalls in its body ends there, and the page goes on", async () => {
    const world = await worldWith({ esi: { timeout: "300ms" } });
    await world
      .origin("frankfurt")
      .answers("/f", { body: ["half", " of it"], stalls: 4, headers: { "content-type": "text/html" } });
    expect((await read(world)).text).toBe("ahalfb");
  });

  test("of another host get no cookies and credentials of the page's", async () => {
    const SITES = [{ hosts: ["www.example.com"] }, { hosts: ["two.example"] }];
    const world = createWorld({ vars: { SITES, RULES: [{ esi: true }] } });
    const body = '<esi:include src="/f"/><esi:include src="//two.example/f"/>';
    await world.origin("frankfurt").answers("/page", { body, headers: html });
    await world.origin("frankfurt").answers("/f", { body: "[f]" });
    const headers = { cookie: "u=1", authorization: "Basic eDp5" };
    expect((await read(world, "/page", { headers })).text).toBe("[f][f]");
    const asked = (await world.origin("frankfurt").seen()).filter(({ target }) => target === "/f");
    const shown = asked.map((one) => [
      one.headers["x-forwarded-host"],
      one.headers["cookie"],
      one.headers["authorization"],
    ]);
    expect(shown).toContainEqual(["www.example.com", "u=1", "Basic eDp5"]);
    expect(shown).toContainEqual(["two.example", undefined, undefined]);
  });

  test("may have fragments of their own, as deep as the rule says", async () => {
    const world = await worldWith({ esi: { depth: 3 } });
    await world.origin("frankfurt").answers("/f", { body: '(<esi:include src="/f"/>)', headers: html });
    expect((await read(world)).text).toBe("a((()))b");
  });

  test("are no more than the rule says, those of fragments among them", async () => {
    const world = await worldWith({ esi: { fragments: 5 } });
    await world
      .origin("frankfurt")
      .answers("/f", { body: 'x<esi:include src="/f"/><esi:include src="/f"/>', headers: html });
    expect((await read(world)).text.match(/x/g)).toHaveLength(5);
  });

  test.each([
    "https://evil.example/f",
    "//evil.example/f",
    "ftp://www.example.com/f",
    "/.perigee/status",
    "http://www.example.com/f",
  ])("of %s is asked for from nobody", async (src) => {
    const world = await worldWith();
    await world.origin("frankfurt").answers("/page", { body: `a<esi:include src="${src}"/>b`, headers: html });
    expect((await read(world)).text).toBe("ab");
    expect(await seen(world, "/f")).toBe(0);
  });

  test("that a rule refuses to clients can be for pages alone", async () => {
    const world = await worldWith({ esi: true }, { when: 'request.path == "/f" && !request.included', block: 403 });
    expect((await read(world, "/f")).response.status).toBe(403);
    expect((await read(world)).text).toBe("a[f]b");
  });

  test("that the client may not see aren't shown to it in a page either", async () => {
    const world = await worldWith({ esi: true }, { when: 'request.path == "/f"', block: 403 });
    expect((await read(world)).text).toBe("ab");
  });

  test("have a line of their own in the log, by the page's name and a number", async () => {
    const world = await worldWith();
    await read(world);
    const lines = world.log;
    const idOf = (path: string) => String(lines.find((line) => line["path"] === path)?.["id"]);
    expect([lines.length, idOf("/f")]).toEqual([2, `${idOf("/page")}.1`]);
  });
});

test("the origin is told that tags are followed, and by whom", async () => {
  const world = await worldWith();
  await read(world, "/page", { headers: { "surrogate-capability": 'liar="ESI/1.0"' } });
  const [request] = await world.origin("frankfurt").seen();
  expect(request!.headers["surrogate-capability"]).toBe('perigee="ESI/1.0"');
});

test("without the rule, tags are left as they are", async () => {
  const world = await worldWith({ compress: false });
  expect((await read(world)).text).toBe(page);
});

test("HEAD has the fields of GET, and asks for no fragment", async () => {
  const world = await worldWith();
  const { response } = await read(world, "/page", { method: "HEAD" });
  expect([response.headers.has("etag"), await seen(world, "/f")]).toEqual([false, 0]);
});
