import { expect, test } from "vitest";
import type { Shield } from "../../src/hop.ts";
import { wayTo } from "../harness/shielded.ts";
import { createWorld } from "../harness/world.ts";

test("a shield in its location's own isolate shares nothing with it but the tiers", async () => {
  const way: { shield?: Shield } = {};
  const world = createWorld({
    vars: { SITES: [{ hosts: ["www.example.com"], balance: "first", cache: { shield: "weur" } }] },
    ports: {
      shield: { ask: (...asking) => way.shield!.ask(...asking), forget: (...asking) => way.shield!.forget(...asking) },
    },
  });
  way.shield = wayTo(world);
  const origin = world.origin("frankfurt");
  await origin.answers("/a", { body: "a", headers: { "cache-control": "max-age=60" }, delay: 20 });

  // The location's visit is under way when it comes to the shield under the same key: it must not wait for itself.
  const visits = await Promise.all(Array.from({ length: 20 }, () => world.visit("/a")));
  expect(await Promise.all(visits.map(async (visit) => visit.text()))).toEqual(Array(20).fill("a"));
  await world.settle();

  await world.edge.store.delete("https://www.example.com/a");
  expect((await world.visit("/a")).headers.get("cache-status")).toMatch(
    /^perigee-shield; hit; .*, perigee; fwd=uri-miss/,
  );
  expect(await origin.seen()).toHaveLength(1);
});
