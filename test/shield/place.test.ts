import { expect, test } from "vitest";
import { placeOf } from "../../src/shield/place.ts";
import type { Routed } from "../../src/visit.ts";
import { origin, site } from "../harness/rooms.ts";

/** A visit to a site with that shield, to origins in these places. */
function visitTo(shield: Routed["caching"]["shield"], ...at: (readonly [number, number] | undefined)[]): Routed {
  const www = site("www", "www.example.com");
  const pool = at.map((position, index) => ({ ...origin(`origin-${index}`), at: position }));
  return { site: www, pool, caching: { ...www.caching, shield } } as unknown as Routed;
}

test("keys are spread evenly over eight shields", () => {
  const visit = visitTo("weur");
  const counts = new Map<number, number>();
  for (let index = 0; index < 8_000; index++) {
    const { shard } = placeOf(visit, `https://www.example.com/products/${index}?lang=en`);
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test("one key is always in the same place", () => {
  expect(placeOf(visitTo("weur"), "https://www.example.com/")).toEqual(
    placeOf(visitTo("weur", [1, 104]), "https://www.example.com/"),
  );
});

test.each([
  ["the region that is named", visitTo("oc", [50, 8]), "oc"],
  ["that of the first origin with a place", visitTo(true, undefined, [1, 104], [50, 8]), "apac"],
  ["anywhere, when no origin has one", visitTo(true, undefined), undefined],
])("it is in %s", (_, visit, region) => {
  expect(placeOf(visit, "key")).toMatchObject({ site: "www", region });
});
