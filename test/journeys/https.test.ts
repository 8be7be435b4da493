import { expect, test } from "vitest";
import { berlin, createWorld, type VisitOptions, type World } from "../harness/world.ts";

async function worldWith(vars: object = {}): Promise<World> {
  const world = createWorld({
    vars: { SITES: [{ hosts: ["www.example.com"], https: true, balance: "first" }], ...vars },
  });
  await world.origin("frankfurt").answers("/a", { body: "a" });
  return world;
}

async function leadsTo(world: World, target: string, options: VisitOptions = {}): Promise<[number, string | null]> {
  const response = await world.visit(target, options);
  await response.text();
  return [response.status, response.headers.get("location")];
}

test("who comes by http is sent to the same URL by https, before any rule", async () => {
  const world = await worldWith({ RULES: [{ block: 403 }] });
  const there = "https://www.example.com/a/?b=c";
  expect(await leadsTo(world, "http://www.example.com/a/?b=c")).toEqual([301, there]);
  expect(await leadsTo(world, "http://www.example.com:8080/a/?b=c", { method: "HEAD" })).toEqual([301, there]);
  expect(await leadsTo(world, "http://www.example.com/a/?b=c", { method: "POST", body: "x" })).toEqual([308, there]);
  expect((await leadsTo(world, there))[0]).toBe(403);
  expect(world.log[0]).toMatchObject({ status: 301, because: "https-only" });
  expect(await world.origin("frankfurt").seen()).toEqual([]);
});

test.each<[string, VisitOptions]>([
  ["the platform says TLS", { from: { ...berlin, tlsVersion: "TLSv1.3" } }],
  ["X-Forwarded-Proto", { headers: { "x-forwarded-proto": "https" } }],
  ["Forwarded", { headers: { forwarded: 'for=192.0.2.1;proto="https"' } }],
  ["CF-Visitor", { headers: { "cf-visitor": '{"scheme":"https"}' } }],
])(
  "who came by https to somebody in front is sent nowhere, which would be round in a circle: %s",
  async (_, options) => {
    expect(await leadsTo(await worldWith(), "http://www.example.com/a", options)).toEqual([200, null]);
  },
);

test("what says http is no way round it, nor is a site without it, or a local run", async () => {
  expect(
    (
      await leadsTo(await worldWith(), "http://www.example.com/a", { headers: { "x-forwarded-proto": "http, https" } })
    )[0],
  ).toBe(301);
  const plain = await worldWith({ SITES: [{ hosts: ["www.example.com"], balance: "first" }] });
  expect(await leadsTo(plain, "http://www.example.com/a")).toEqual([200, null]);
  const local = await worldWith({ SETTINGS: { localVisitors: true } });
  expect(await leadsTo(local, "http://www.example.com/a")).toEqual([200, null]);
});
