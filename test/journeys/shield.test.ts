import { expect, test } from "vitest";
import { createShielded } from "../harness/shielded.ts";
import { cacheStatus } from "../harness/world.ts";

const fresh = { body: "a", headers: { "cache-control": "max-age=60", etag: '"1"' } };

test("what one location fetched, the shield has for another", async () => {
  const { here, there, settle } = createShielded();
  const origin = here.origin("frankfurt");
  await origin.answers("/a", fresh);
  const first = await here.visit("/a");
  expect(first.headers.get("cache-status")).toBe(
    "perigee-shield; fwd=uri-miss; fwd-status=200; stored, perigee; fwd=uri-miss; fwd-status=200; stored",
  );
  expect(await first.text()).toBe("a");
  await settle();

  here.clock.advance(10);
  const second = await there.visit("/a");
  expect(second.headers.get("cache-status")).toBe(
    "perigee-shield; hit; ttl=50, perigee; fwd=uri-miss; fwd-status=200; stored",
  );
  expect(second.headers.get("age")).toBe("10");
  expect(await second.text()).toBe("a");
  await settle();

  here.clock.advance(5);
  const third = await there.visit("/a");
  expect(cacheStatus(third)).toBe("hit; ttl=45");
  expect(third.headers.get("age")).toBe("15");
  expect(await origin.seen()).toHaveLength(1);
});

test("1,000 simultaneous visits in two locations are one question to the origin", async () => {
  const { here, there, settle } = createShielded();
  const origin = here.origin("frankfurt");
  await origin.answers("/a", { ...fresh, delay: 200 });
  const visits = Array.from({ length: 1000 }, (_, index) => (index % 2 ? here : there).visit("/a"));
  const answers = await Promise.all(visits.map(async (visit) => (await visit).text()));
  expect(new Set(answers)).toEqual(new Set(["a"]));
  expect(await origin.seen()).toHaveLength(1);
  await settle();
});
