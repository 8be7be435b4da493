import { describe, expect, test } from "vitest";
import { createWorld } from "../harness/world.ts";

/** Three sites, one of them for whatever no other has, each with an origin of its own. */
const three = [
  { hosts: ["www.example.com"], origins: ["frankfurt"] },
  { hosts: ["*.shop.example.com"], origins: ["virginia"] },
  { hosts: ["*"], origins: ["singapore"] },
];

describe("a host that is not served here", () => {
  test.each([
    "https://evil.example/",
    "https://example.com/",
    "https://www.example.com.evil.example/",
    "https://192.0.2.1/",
    "http://127.0.0.1/",
    "http://localhost/",
  ])("%s is misdirected, and no origin is asked", async (url) => {
    const world = createWorld();
    await world.origin("frankfurt").answers("/", { body: "home" });
    const response = await world.visit(url);
    expect(response.status).toBe(421);
    expect(await response.text()).toContain("This host is not served here.\n");
    expect(await world.origin("frankfurt").seen()).toEqual([]);
    expect(world.log).toMatchObject([{ status: 421, because: "unknown-host", trail: ["site=unknown-host"] }]);
  });

  test("what the client says of the host besides changes nothing", async () => {
    const world = createWorld();
    const headers = { "x-forwarded-host": "www.example.com", forwarded: "host=www.example.com" };
    expect((await world.visit("https://evil.example/", { headers })).status).toBe(421);
    expect(await world.origin("frankfurt").seen()).toEqual([]);
  });
});

test("each host is served by its own site's origin", async () => {
  const world = createWorld({ vars: { SITES: three } });
  for (const name of ["frankfurt", "virginia", "singapore"] as const) {
    await world.origin(name).answers("/", { body: name });
  }
  const body = async (url: string): Promise<string> => (await world.visit(url)).text();
  expect(await body("https://www.example.com/")).toBe("frankfurt");
  expect(await body("https://WWW.EXAMPLE.COM.:8443/")).toBe("frankfurt");
  expect(await body("https://shoes.shop.example.com/")).toBe("virginia");
  expect(await body("https://red.shoes.shop.example.com/")).toBe("virginia");
  expect(await body("https://shop.example.com/")).toBe("singapore");
  expect(await body("https://anything.example/")).toBe("singapore");
});

test("never an open proxy: whatever host and path are asked for, the request goes to a configured origin", async () => {
  const world = createWorld({ vars: { SITES: [{ hosts: ["*"], origins: ["frankfurt"] }] } });
  for (const url of [
    "https://evil.example/",
    "https://evil.example//other.example/x",
    "https://evil.example/@other.example",
  ]) {
    await world.origin("frankfurt").answers(new URL(url).pathname, { body: "frankfurt" });
    expect(await (await world.visit(url)).text()).toBe("frankfurt");
  }
});
