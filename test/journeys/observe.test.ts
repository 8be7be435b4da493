/** What a visit leaves behind: on the wire for the client, in the log for the operator. */
import { parseList } from "structured-headers";
import { expect, test } from "vitest";
import { berlin, createWorld, originUrl } from "../harness/world.ts";

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** All that the client can see of an answer. */
async function everythingIn(response: Response): Promise<string> {
  return JSON.stringify([...response.headers]) + (await response.text());
}

test("a customer sees an error page, and its number leads support to the log line that says why", async () => {
  const world = createWorld({
    vars: {
      ORIGINS: [{ name: "frankfurt", url: originUrl("nobody", "x"), at: [50.11, 8.68] }],
      SITES: [{ hosts: ["www.example.com"], origins: ["frankfurt"] }],
    },
  });

  const response = await world.visit("/checkout?card=4000", { headers: browser });
  expect(response.status).toBe(502);
  expect(response.headers.get("proxy-status")).toBe("perigee; error=destination_unavailable");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const page = await everythingIn(response);
  const number = /<code>(.+)<\/code>/.exec(page)![1];

  const line = world.log.find(({ id }) => id === number)!;
  expect(line).toMatchObject({ path: "/checkout", status: 502, because: "no-origin-answered", country: "DE" });
  expect(line["error"]).toContain("frankfurt");
  expect(page).not.toMatch(/frankfurt|127\.0\.0\.1/);
  expect(JSON.stringify(line)).not.toContain("4000");
});

test("every response says what the cache did, the edge's own ones too", async () => {
  const world = createWorld({
    vars: {
      RULES: [
        { name: "hidden", when: 'request.path == "/hidden"', block: 403 },
        { name: "moved", when: 'request.path == "/old"', redirect: { status: 301, to: "/new" } },
      ],
    },
  });
  await world.origin("frankfurt").answers("/a", { body: "a", headers: { "cache-control": "max-age=60" } });
  const said = async (target: string, init = {}): Promise<string | null> => {
    const response = await world.visit(target, init);
    await response.text();
    await world.settle();
    const status = response.headers.get("cache-status");
    expect(() => parseList(status!)).not.toThrow();
    return status;
  };

  expect(await said("/a")).toBe("perigee; fwd=uri-miss; fwd-status=200; stored");
  world.clock.advance(10);
  expect(await said("/a")).toBe("perigee; hit; ttl=50");
  expect(await said("/a", { method: "HEAD" })).toBe("perigee; hit; ttl=50");
  expect(await said("/a", { method: "POST", body: "x" })).toBe("perigee; fwd=method; fwd-status=200");
  expect(await said("/hidden")).toBe("perigee; detail=blocked-by-rule");
  expect(await said("/old")).toBe("perigee; detail=redirected-by-rule");
  expect(await said("http://other.example/")).toBe("perigee; detail=unknown-host");
  expect(await said("/.perigee/health")).toBe("perigee");
});

test("the log tells a miss and a hit apart, and where the miss was answered", async () => {
  const world = createWorld();
  await world.origin("frankfurt").answers("/a", { body: "a", headers: { "cache-control": "max-age=60" } });
  for (let visit = 0; visit < 2; visit++) {
    await (await world.visit("/a", { from: berlin })).text();
    await world.settle();
  }
  const [miss, hit] = world.log;
  expect(miss).toMatchObject({ method: "GET", host: "www.example.com", path: "/a", status: 200, ip: berlin.ip });
  expect(miss).toMatchObject({ cache: "uri-miss", origin: "frankfurt" });
  expect(hit).toMatchObject({ cache: "hit", status: 200 });
  expect(hit!["trail"]).toEqual(expect.arrayContaining([expect.stringMatching(/^cache=/)]));
});

test("only with the trail do clients learn which origin answered", async () => {
  const discreet = createWorld();
  const open = createWorld({ vars: { SETTINGS: { trail: true } } });
  for (const world of [discreet, open]) await world.origin("frankfurt").answers("/a", { body: "a" });

  expect(await everythingIn(await discreet.visit("/a"))).not.toContain("frankfurt");

  const { headers } = await open.visit("/a");
  const rooms = headers.get("perigee-trail")!.split("; ");
  expect(rooms.map((room) => room.split("=", 1)[0])).toEqual(
    expect.arrayContaining(["site", "scrub", "route", "cache", "origin"]),
  );
  expect(rooms.find((room) => room.startsWith("origin="))).toContain("frankfurt");
});

test("a client learns how long the edge waited for the origin, from the platform's own clock", async () => {
  let now = Date.parse("2026-03-01T00:00:00Z");
  const world = createWorld({
    ports: {
      now: () => now,
      fetch: async (url, init) => {
        now += 25;
        return fetch(url, init);
      },
    },
  });
  await world.origin("frankfurt").answers("/a", { body: "a" });
  expect((await world.visit("/a")).headers.get("server-timing")).toMatch(/\borigin;dur=25\b/);
});
