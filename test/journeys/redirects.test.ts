import { expect, test } from "vitest";
import { person } from "../harness/experiments.ts";
import { createWorld, type World } from "../harness/world.ts";

async function worldWith(redirects: readonly unknown[], rules: readonly object[] = []): Promise<World> {
  const world = createWorld({ vars: { REDIRECTS: redirects, RULES: rules } });
  for (const path of ["/", "/new", "/old"]) await world.origin("frankfurt").answers(path, { body: "page" });
  return world;
}

async function leadsTo(world: World, target: string, init: object = {}): Promise<[number, string | null]> {
  const response = await world.visit(target, init);
  await response.text();
  return [response.status, response.headers.get("location")];
}

test("a table sends clients elsewhere, and no origin is asked", async () => {
  const world = await worldWith([
    "/old /new",
    "/blog/:year/* https://news.example/:year/:splat 308",
    { from: "www.example.com/a", to: "/b", status: 302, query: false },
  ]);
  expect(await leadsTo(world, "/old?x=1")).toEqual([301, "/new?x=1"]);
  expect(await leadsTo(world, "/blog/2020/a/b")).toEqual([308, "https://news.example/2020/a/b"]);
  expect(await leadsTo(world, "/a?x=1", { method: "POST", body: "b" })).toEqual([302, "/b"]);
  expect(await leadsTo(world, "/new")).toEqual([200, null]);
  expect((await world.origin("frankfurt").seen()).map(({ target }) => target)).toEqual(["/new"]);
  expect(world.log[1]).toMatchObject({ status: 308, because: "redirected-by-table" });
  expect(world.log[1]!["trail"]).toContain("route=redirected-by-table:/blog/:year/*");
});

test("rules come first: one that blocks, and one that answers", async () => {
  const world = await worldWith(
    ["/secret /new", "/old /new"],
    [
      { when: 'request.path == "/secret"', block: 403 },
      { when: 'request.path == "/old"', redirect: "/elsewhere" },
    ],
  );
  expect(await leadsTo(world, "/secret")).toEqual([403, null]);
  expect(await leadsTo(world, "/old")).toEqual([302, "/elsewhere"]);
});

test("what was taken of the path leads to no other host, and whoever is there is served", async () => {
  const world = await worldWith(["/go/* /:splat", "/* https://www.example.com/:splat"]);
  expect(await leadsTo(world, "https://www.example.com/go//evil.example/x")).toEqual([301, "/evil.example/x"]);
  expect(await leadsTo(world, "/new")).toEqual([200, null]);
  expect(world.log.at(-1)!["trail"]).toContain("route=redirect-to-itself:/*");
});

test("who is sent elsewhere takes part in no experiment", async () => {
  const world = createWorld({
    vars: {
      REDIRECTS: ["/old /new"],
      EXPERIMENTS: [
        {
          name: "button",
          variants: [
            { name: "a", weight: 1 },
            { name: "b", weight: 1, headers: { response: { set: { "x-b": "1" } } } },
          ],
        },
      ],
    },
  });
  await world.origin("frankfurt").answers("/new", { body: "page" });
  const response = await world.visit("/old", { headers: person });
  expect([response.status, response.headers.get("location"), response.headers.get("cache-control")]).toEqual([
    301,
    "/new",
    null,
  ]);
  const page = await world.visit("/new", { headers: person });
  await page.text();
  expect(page.headers.get("cache-control")).toBe("private");
});
