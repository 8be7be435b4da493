import { describe, expect, test } from "vitest";
import { cacheStatus, createWorld, type World } from "../harness/world.ts";

const hour = { "cache-control": "max-age=3600" };

/** What a visit gets: its body, and the first word of Cache-Status. */
async function see(world: World, target: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await world.visit(target, { headers });
  const seen = `${await response.text()} ${cacheStatus(response).split(";")[0]}`;
  await world.settle();
  return seen;
}

/** A change by a client that is told apart by nothing; a second passes before and after it. */
async function change(world: World, target: string): Promise<void> {
  world.clock.advance(1);
  await (await world.visit(target, { method: "POST", body: "x" })).text();
  world.clock.advance(1);
}

describe("a change by an unsafe method", () => {
  test.each<[by: string, key: object, headers: Readonly<Record<string, string>>]>([
    [
      "device",
      { device: true },
      { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148" },
    ],
    ["cookie", { cookies: ["theme"] }, { cookie: "theme=dark" }],
    ["header", { headers: ["x-kind"] }, { "x-kind": "other" }],
  ])("covers the URL's answers for all clients that are told apart by %s", async (_, key, headers) => {
    const world = createWorld({ vars: { RULES: [{ cache: { ttl: "1h", key } }] } });
    const answers = ["one", "another", "done", "two", "yet another"].map((body) => ({ headers: hour, body }));
    await world.origin("frankfurt").answers("/a", ...answers);
    expect(await see(world, "/a")).toBe("one fwd=uri-miss");
    expect(await see(world, "/a", headers)).toBe("another fwd=uri-miss");
    expect(await see(world, "/a", headers)).toBe("another hit");
    await change(world, "/a");
    expect(await see(world, "/a")).toBe("two fwd=uri-miss");
    expect(await see(world, "/a", headers)).toBe("yet another fwd=uri-miss");
    expect(await see(world, "/a", headers)).toBe("yet another hit");
  });

  test("leaves other URLs alone, and other queries of the same path", async () => {
    const world = createWorld();
    for (const path of ["/a", "/b"]) await world.origin("frankfurt").answers(path, { headers: hour, body: "one" });
    for (const target of ["/a?x=1", "/b"]) await see(world, target);
    await change(world, "/a?x=2");
    await change(world, "/a");
    for (const target of ["/a?x=1", "/b"]) expect(await see(world, target)).toBe("one hit");
  });

  test("that the origin refuses covers nothing", async () => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/a", { headers: hour, body: "one" }, { status: 403 });
    await see(world, "/a");
    await change(world, "/a");
    expect(await see(world, "/a")).toBe("one hit");
  });

  test.each<[what: string, headers: Readonly<Record<string, string>>]>([
    ["an answer", {}],
    ["a variant", { vary: "x-kind" }],
    ["an answer that queries share", { "no-vary-search": 'params=("utm")' }],
  ])("covers %s that was asked for before it and is stored after it", async (_, headers) => {
    const world = createWorld({ vars: { SITES: [{ hosts: ["*"], origins: ["frankfurt"] }] } });
    const origin = world.origin("frankfurt");
    const page = { headers: { ...hour, ...headers } };
    await origin.answers("/a", { ...page, body: "one", delay: 200 }, { body: "done" }, { ...page, body: "two" });
    const asked = world.visit("/a?utm=1");
    await expect.poll(async () => (await origin.seen()).length).toBe(1);
    await change(world, "/a?utm=1");
    expect(await (await asked).text()).toBe("one");
    await world.settle();
    expect(await see(world, "/a?utm=1")).toMatch(/^two fwd=/);
    expect(await see(world, "/a?utm=1")).toBe("two hit");
  });
});
