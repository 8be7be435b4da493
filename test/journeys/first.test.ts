import { expect, test } from "vitest";
import { createWorld } from "../harness/world.ts";

test("a visit reaches an origin", async () => {
  const world = createWorld();
  await world.origin("frankfurt").answers("/hello", { body: "hello from frankfurt" });
  const response = await world.visit("/hello");
  expect(await response.text()).toBe("hello from frankfurt");
  expect(await world.origin("frankfurt").seen()).toMatchObject([{ method: "GET", target: "/hello" }]);
});
