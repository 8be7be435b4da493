/** The robots.txt of a site with a policy for AI: fetched, merged, cached, and asked for in every way there is. */
import { describe, expect, test } from "vitest";
import { createShielded } from "../harness/shielded.ts";
import { createWorld, cacheStatus, type World } from "../harness/world.ts";
import type { OriginAnswer } from "../harness/origin-answer.ts";

const fresh = { "cache-control": "max-age=60", "content-type": "text/plain" };

interface Story {
  readonly ai?: object;
  readonly rules?: readonly object[];
}

async function worldWith(answer: OriginAnswer, { ai = { training: "block" }, rules = [] }: Story = {}): Promise<World> {
  const sites = [{ name: "www", hosts: ["www.example.com"], origins: ["frankfurt"], ai }];
  const world = createWorld({ vars: { SITES: sites, RULES: rules } });
  await world.origin("frankfurt").answers("/robots.txt", answer);
  return world;
}

async function read(world: World, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  const response = await world.visit("/robots.txt", { headers, method });
  await world.settle();
  return response;
}

const own = "User-agent: *\nDisallow: /cart\n\nUser-agent: GPTBot\nAllow: /\n";

describe("what the origin has", () => {
  test("is merged: those who are refused are told, and the others get what the origin says, with the signal", async () => {
    const world = await worldWith({
      body: own,
      headers: { ...fresh, etag: '"one"', "last-modified": "Mon, 02 Feb 2026 00:00:00 GMT" },
    });
    const response = await read(world);
    const text = await response.text();
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain;charset=utf-8"]);
    expect(text).toMatch(/^# Those that gather.*\n(User-agent: [\w.-]+\n)+Disallow: \/\n/);
    expect(text).toContain("User-agent: GPTBot\n");
    expect(text).toContain("User-agent: *\nContent-Signal: search=yes, ai-train=no\nDisallow: /cart");
    expect(text).not.toContain("Allow: /");
    expect(response.headers.get("etag")).not.toContain("one");
    expect(response.headers.has("last-modified")).toBe(false);
  });

  test.each([
    ["none (404)", { status: 404, body: "<h1>Not here</h1>", headers: { ...fresh, "content-type": "text/html" } }],
    ["nothing for us (403)", { status: 403, body: "no", headers: fresh }],
    ["a page in its place", { body: "<h1>Welcome</h1>", headers: { ...fresh, "content-type": "text/html" } }],
  ])("%s: the policy stands alone", async (_, answer) => {
    const response = await read(await worldWith(answer));
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n");
    expect(text).not.toContain("<h1>");
  });

  test.each([503, 500, 429])("a failure (%i) stays one: crawlers then keep away", async (status) => {
    const response = await read(await worldWith({ status, body: "down" }));
    expect([response.status, await response.text()]).toEqual([status, "down"]);
  });

  test("an origin that can't be reached is told as always", async () => {
    const world = await worldWith({ breaks: "before" });
    expect((await read(world)).status).toBe(502);
  });

  test("a file that breaks off is a failure of the origin's, and is not kept", async () => {
    const world = await worldWith({ body: own, headers: { ...fresh, "content-length": "5000" }, breaks: 20 });
    const response = await read(world);
    expect(response.status).toBe(502);
    await world.origin("frankfurt").answers("/robots.txt", { body: own, headers: fresh });
    expect(cacheStatus(await read(world))).toContain("uri-miss");
  });

  test("a redirect is passed on", async () => {
    const response = await read(await worldWith({ status: 301, headers: { location: "/other.txt" } }));
    expect([response.status, response.headers.get("location")]).toEqual([301, "/other.txt"]);
  });

  test("is read as far as crawlers read, and no further", async () => {
    const lines = "Disallow: /a-path-of-some-length\n";
    const body = `User-agent: *\n${lines.repeat(30_000)}`;
    const response = await read(await worldWith({ body, headers: fresh }));
    const text = await response.text();
    expect(text.length).toBeLessThanOrEqual(500 * 1024);
    expect(text.length).toBeGreaterThan(499 * 1024);
    expect(text.endsWith(lines)).toBe(true);
    expect(text).toContain("User-agent: GPTBot\n");
  });

  test("doesn't say who the origin is", async () => {
    const world = await worldWith({});
    const { url } = world.origin("frankfurt");
    const { host } = new URL(url);
    const body = `# of ${host}\nSitemap: ${url}/sitemap.xml\nHost: ${host}\nUser-agent: *\nDisallow: /a # ${host}\n`;
    await world.origin("frankfurt").answers("/robots.txt", { body, headers: fresh });
    const text = await (await read(world)).text();
    expect(text).toContain("Sitemap: https://www.example.com/sitemap.xml\nHost: www.example.com\n");
    expect(text).toMatch(/^Disallow: \/a$/m);
    expect(text).not.toContain(host);
  });
});

describe("the cache", () => {
  test("keeps the merged file, and answers conditions, ranges and HEAD from it", async () => {
    const world = await worldWith({ body: own, headers: fresh });
    const first = await read(world);
    const text = await first.text();
    const etag = first.headers.get("etag")!;
    const again = await read(world, { "accept-encoding": "identity" });
    expect(cacheStatus(again)).toBe("hit; ttl=60");
    expect([await again.text(), again.headers.get("content-length")]).toEqual([text, String(text.length)]);
    expect((await read(world, { "if-none-match": etag })).status).toBe(304);
    const part = await read(world, { range: "bytes=2-6" });
    expect([part.status, await part.text()]).toEqual([206, text.slice(2, 7)]);
    const head = await read(world, { "accept-encoding": "identity" }, "HEAD");
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([
      200,
      String(text.length),
      "",
    ]);
    expect(await world.origin("frankfurt").seen()).toHaveLength(1);
  });

  test("HEAD, conditions and ranges that miss get the same, and the origin is asked for its whole file", async () => {
    const whole = await worldWith({ body: own, headers: fresh });
    const text = await (await read(whole)).text();
    const world = await worldWith({ body: own, headers: { "cache-control": "no-store" } });
    const head = await read(
      world,
      { "accept-encoding": "identity", "if-modified-since": "Mon, 02 Feb 2026 00:00:00 GMT" },
      "HEAD",
    );
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(text.length)]);
    const part = await read(world, { range: "bytes=0-3", "if-none-match": '"x"' });
    expect([part.status, await part.text()]).toEqual([206, text.slice(0, 4)]);
    for (const { method, headers } of await world.origin("frankfurt").seen()) {
      expect(method).toBe("GET");
      expect(headers).not.toHaveProperty("range");
      expect(headers).not.toHaveProperty("if-modified-since");
      expect(headers).not.toHaveProperty("if-none-match");
    }
  });

  test("a range that misses is cut from the whole, which is then there", async () => {
    const world = await worldWith({ body: own, headers: fresh });
    const part = await read(world, { range: "bytes=0-3" });
    expect([part.status, await part.text()]).toEqual([206, "# Th"]);
    await world.settle();
    expect(await (await read(world)).text()).toContain("User-agent: GPTBot\n");
    for (const { headers } of await world.origin("frankfurt").seen()) expect(headers).not.toHaveProperty("range");
  });

  test("compresses it", async () => {
    const response = await read(await worldWith({ body: own, headers: fresh }), { "accept-encoding": "gzip" });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("vary")).toContain("Accept-Encoding");
  });

  test("serves it past its time when the origin fails, where that is allowed", async () => {
    const world = await worldWith({
      body: own,
      headers: { ...fresh, "cache-control": "max-age=60, stale-if-error=600" },
    });
    const text = await (await read(world)).text();
    await world.origin("frankfurt").answers("/robots.txt", { status: 503 });
    world.clock.advance(120);
    const stale = await read(world);
    expect([stale.status, await stale.text()]).toEqual([200, text]);
  });

  test("asks anew under another policy, and has nothing that was made under the one before", async () => {
    const one = await worldWith({ body: own, headers: fresh });
    await (await read(one)).text();
    const sites = [{ name: "www", hosts: ["www.example.com"], origins: ["frankfurt"], ai: { search: "block" } }];
    const other = createWorld({ vars: { SITES: sites }, ports: { store: one.edge.store }, beside: one });
    const response = await read(other);
    expect(cacheStatus(response)).toContain("uri-miss");
    const text = await response.text();
    expect([text.includes("User-agent: OAI-SearchBot"), text.includes("ai-train")]).toEqual([true, false]);
    expect(text).toContain("User-agent: GPTBot\nContent-Signal: search=yes\nAllow: /");
  });

  test("a purge of the URL reaches it", async () => {
    const world = await worldWith({ body: own, headers: fresh });
    await (await read(world)).text();
    const name = "https://www.example.com/robots.txt";
    world.clock.advance(1);
    await world.edge.marks.add([{ scope: "url", name, at: world.clock.now, soft: false }]);
    expect(cacheStatus(await read(world))).toContain("uri-miss");
  });

  test("a rule that keeps the cache out keeps it out here", async () => {
    const world = await worldWith({ body: own, headers: fresh }, { rules: [{ cache: false }] });
    for (let visit = 0; visit < 2; visit++) expect(await (await read(world)).text()).toContain("User-agent: GPTBot\n");
    expect(await world.origin("frankfurt").seen()).toHaveLength(2);
  });
});

test.each([
  [{ search: "allow", agents: "verified", training: "402" }, "search=yes, ai-input=yes, ai-train=no"],
  [{ search: "block", agents: "block", training: "allow" }, "search=yes, ai-input=no, ai-train=yes"],
  [{ search: "allow", agents: "block" }, "search=yes"],
  [{ agents: { price: "USD 0.01" } }, "search=yes"],
  [{ search: "402", agents: { price: "USD 0.01" } }, "search=yes, ai-input=no"],
])("%j is signalled as %s", async (ai, signal) => {
  const text = await (await read(await worldWith({ status: 404 }, { ai }))).text();
  expect(text).toContain(`\nContent-Signal: ${signal}\n`);
});

test("a site without a policy, or whose policy leaves it alone, passes the origin's as it is", async () => {
  const world = await worldWith({ body: own, headers: fresh }, { ai: { training: "block", robots: false } });
  expect(await (await read(world)).text()).toBe(own);
});

test("what a POST changes is asked for anew", async () => {
  const world = await worldWith({ body: own, headers: fresh });
  await world.origin("frankfurt").answers("/upload", { status: 201, headers: { location: "/robots.txt" } });
  await (await read(world)).text();
  await (await world.visit("/upload", { method: "POST", body: "x" })).text();
  await world.settle();
  expect(cacheStatus(await read(world))).toContain("uri-miss");
});

test("a shield keeps the merged file for all locations, for HEAD and ranges too", async () => {
  const site = { name: "www", hosts: ["www.example.com"], balance: "first", cache: { shield: "weur" } };
  const rules = [{ name: "watching", when: "client.score >= 0", rewrite: { path: "/nowhere" }, monitor: true }];
  const vars = { SITES: [{ ...site, ai: { training: "block" } }], RULES: rules };
  const { here, there, settle } = createShielded({ vars });
  await here.origin("frankfurt").answers("/robots.txt", { body: own, headers: fresh });
  const head = await here.visit("/robots.txt", { method: "HEAD", headers: { "accept-encoding": "identity" } });
  await settle();
  const text = await (await here.visit("/robots.txt")).text();
  await settle();
  expect(text).toContain("User-agent: GPTBot\n");
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(text.length)]);
  const seen = await here.origin("frankfurt").seen();
  const part = await there.visit("/robots.txt", { headers: { range: "bytes=0-9" } });
  expect([part.status, await part.text()]).toEqual([206, text.slice(0, 10)]);
  await settle();
  expect(await (await there.visit("/robots.txt")).text()).toBe(text);
  expect(await here.origin("frankfurt").seen()).toEqual(seen);
});
