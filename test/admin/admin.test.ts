import { expect, test } from "vitest";
import { createWorld } from "../harness/world.ts";

test("health says that the edge is up and which config it runs, and nothing of origins", async () => {
  const world = createWorld();
  const response = await world.visit("/.perigee/health");
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(response.headers.get("cache-status")).toBe("perigee");
  expect(JSON.parse(text)).toEqual({ status: "ok", version: world.edge.config.version });
  expect(text).not.toMatch(/frankfurt|127\.0\.0\.1/);
});

test("health answers on hosts that no site has, such as the address a monitor knows", async () => {
  expect((await createWorld().visit("http://192.0.2.80/.perigee/health")).status).toBe(200);
});

test("HEAD is GET without the body", async () => {
  const response = await createWorld().visit("/.perigee/health", { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(response.body).toBeNull();
});

test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])("%s is refused with what is allowed", async (method) => {
  const response = await createWorld().visit("/.perigee/health", { method });
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD");
  expect(response.headers.get("cache-status")).toBe("perigee; detail=method-not-allowed");
});

test.each([
  "/.perigee",
  "/.perigee/",
  "/.perigee/nothing",
  "/.perigee/health/",
  "/.perigee/__proto__",
  "/.perigee/a/b",
])("%s is no page, and no origin is asked for it", async (path) => {
  const world = createWorld();
  const response = await world.visit(path);
  expect(response.status).toBe(404);
  expect(response.headers.get("cache-status")).toBe("perigee; detail=no-such-page");
  expect(await world.origin("frankfurt").seen()).toEqual([]);
});
