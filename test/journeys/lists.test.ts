import { describe, expect, test } from "vitest";
import type { Edge } from "../../src/edge.ts";
import { berlin, createWorld, type Place, type World } from "../harness/world.ts";

const banned = ["192.0.2.0/24", "198.51.100.7", "203.0.113.5-203.0.113.9", "2001:db8:bad::/48", "AS64500", "KP"];

/** A world that keeps the members of that list out of its one page. */
async function worldWith(rules: readonly object[], ports: Partial<Edge> = {}): Promise<World> {
  const world = createWorld({ vars: { RULES: rules, LISTS: { banned } }, ports });
  await world.origin("frankfurt").answers("/", { body: "page", headers: { "cache-control": "no-store" } });
  return world;
}

async function statusFor(world: World, from: Place, headers: Record<string, string> = {}): Promise<number> {
  const response = await world.visit("/", { from: { ...berlin, ...from }, headers });
  await response.text();
  return response.status;
}

const blockAddress = { name: "banned", when: 'inList(client.ip, "banned")', block: 403 };

describe("no form of a banned address gets in", () => {
  test.each([
    "192.0.2.0",
    "192.0.2.255",
    "198.51.100.7",
    "203.0.113.5",
    "203.0.113.9",
    "2001:db8:bad::",
    "2001:DB8:0BAD:0000:0000:0000:0000:0001",
    "2001:db8:bad:ffff:ffff:ffff:ffff:ffff",
    "2001:db8:bad::192.0.2.1",
    "::ffff:192.0.2.1",
    "::FFFF:C000:0201",
    "0:0:0:0:0:ffff:c000:201",
    "0000:0000:0000:0000:0000:ffff:192.0.2.1",
    "2002:c000:201::",
    "2002:c633:6407:5::1",
    "64:ff9b::192.0.2.1",
    "64:ff9b::cb00:7105",
    "2001:0:4136:e378:8000:63bf:3fff:fdfe",
  ])("%s", async (ip) => {
    const world = await worldWith([blockAddress]);
    expect(await statusFor(world, { ip })).toBe(403);
    expect(await world.origin("frankfurt").seen()).toEqual([]);
    expect(world.log).toMatchObject([
      { status: 403, because: "blocked-by-rule", trail: ["site=www.example.com", "scrub=blocked-by-rule:banned"] },
    ]);
  });

  test.each([
    "192.0.3.0",
    "198.51.100.8",
    "203.0.113.4",
    "203.0.113.10",
    "2001:db8:bae::",
    "::192.0.2.1",
    "2003:c000:201::",
    "",
  ])("its neighbour %j does", async (ip) => expect(await statusFor(await worldWith([blockAddress]), { ip })).toBe(200));
});

test("no header field makes a client another, for better or worse", async () => {
  const fields = ["x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "x-client-ip", "cf-connecting-ipv6"];
  const more = ["cf-ipcountry", "cf-asn", "x-cluster-client-ip", "fastly-client-ip", "cf-pseudo-ipv4", "via"];
  const world = await worldWith([
    {
      when: 'inList(client.ip, "banned") || inList(client.asn, "banned") || inList(client.country, "banned")',
      block: 403,
    },
  ]);
  const claiming = (value: string): Record<string, string> =>
    Object.fromEntries([...fields, ...more].map((name) => [name, value]));
  for (const value of ["192.0.2.1", "for=192.0.2.1", "KP", "64500"])
    expect([value, await statusFor(world, { ip: "233.252.0.1" }, claiming(value))]).toEqual([value, 200]);
  for (const value of ["233.252.0.1", "for=233.252.0.1", "127.0.0.1", "DE"])
    expect([value, await statusFor(world, { ip: "192.0.2.1" }, claiming(value))]).toEqual([value, 403]);
});

test.each<[when: string, inside: Place, outside: Place]>([
  ['inList(client.asn, "banned")', { asn: 64500 }, { asn: 64501 }],
  ['inList(client.country, "banned")', { country: "KP" }, { country: "KR" }],
  ['client.country == "T1"', { country: "T1" }, { country: "TT" }],
  ['client.continent == "EU" && !client.eu', { country: "CH", continent: "EU" }, { country: "FR", continent: "EU" }],
  ["!client.eu", { country: "T1" }, { country: "IE" }],
])("rules tell by the place: %s", async (when, inside, outside) => {
  const world = await worldWith([{ when, block: 451 }]);
  expect([await statusFor(world, inside), await statusFor(world, outside)]).toEqual([451, 200]);
});

describe("who is counted as one", () => {
  /** Lets one visit through for each key. */
  const oneEach = (): Edge["limiter"] => {
    const seen = new Set<string>();
    return () => ({ take: async (key) => seen.size < seen.add(key).size });
  };

  test.each<[what: string, first: string, second: string, status: number]>([
    ["an address", "198.51.100.1", "198.51.100.1", 429],
    ["not its neighbour", "198.51.100.1", "198.51.100.2", 200],
    ["the whole of an IPv6 network", "2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", 429],
    ["not the next network", "2001:db8:0:1::1", "2001:db8:0:2::1", 200],
    ["an address and its mapped form", "198.51.100.1", "::ffff:198.51.100.1", 429],
    ["an address and all networks that it may tunnel from", "198.51.100.1", "2002:c633:6401:99::5", 429],
  ])("%s", async (_, first, second, status) => {
    const world = await worldWith([{ limit: { by: "SLOW" } }], { limiter: oneEach() });
    expect(await statusFor(world, { ip: first })).toBe(200);
    expect(await statusFor(world, { ip: second })).toBe(status);
  });
});
