/** Clients that say they are another: more than a hundred ways, one visit each. */
import { expect, test } from "vitest";
import { berlin, createWorld } from "../harness/world.ts";

/** What servers behind an edge believe, and how it may be spelled for those that read fields as variables. */
const names = [
  "x-forwarded-for",
  "x_forwarded_for",
  "X-Forwarded_For",
  "forwarded",
  "x-forwarded",
  "x-real-ip",
  "x_real_ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-remote-ip",
  "x-remote-addr",
  "x-originating-ip",
  "x-azure-clientip",
  "client-ip",
  "client_ip",
  "true-client-ip",
  "fastly-client-ip",
  "fly-client-ip",
  "proxy-client-ip",
  "wl-proxy-client-ip",
  "x-envoy-external-address",
  "cf-connecting-ipv6",
  "cf-pseudo-ipv4",
];

/** The address of somebody else, in forms that some server or other takes for one. */
const values = [
  "203.0.113.66",
  "203.0.113.66, 192.0.2.1",
  "192.0.2.1, 203.0.113.66",
  '"[::ffff:203.0.113.66]:4711"',
  'for=203.0.113.66;by=203.0.113.66, for="[2001:db8::66]"',
  "203.0.113.66:80\t, unknown",
];

const cases = names.flatMap((name) => values.map((value) => [name, value] as const));

/** Tells who it is by the rules; whoever is the other one is refused. */
const rules = [
  { when: 'inNet(client.ip, "203.0.113.0/24") || inNet(client.ip, "2001:db8::/32")', block: 403 },
  { when: "true", headers: { response: { set: { "x-who": "${client.ip} ${client.group} ${client.country}" } } } },
];

test("are taken for who the platform says, by rules and by the origin", async () => {
  expect(cases.length).toBeGreaterThan(100);
  const world = createWorld({ vars: { RULES: rules } });
  await world.origin("frankfurt").answers("/", { body: "page", headers: { "cache-control": "no-store" } });
  for (const [name, value] of cases) {
    const forged = { [name]: value, "cf-ipcountry": "KP" };
    const response = await world.visit("/", { headers: forged });
    expect([name, value, response.status, response.headers.get("x-who")]).toEqual([
      name,
      value,
      200,
      "192.0.2.1 192.0.2.1 DE",
    ]);
    const refused = await world.visit("/", {
      headers: { [name]: "192.0.2.1" },
      from: { ...berlin, ip: "203.0.113.66" },
    });
    expect([name, refused.status]).toEqual([name, 403]);
  }
  const seen = await world.origin("frankfurt").seen();
  expect(seen).toHaveLength(cases.length);
  for (const { headers } of seen) {
    expect(headers).toMatchObject({
      "x-forwarded-for": "192.0.2.1",
      forwarded: "for=192.0.2.1;host=www.example.com;proto=https",
    });
    expect(JSON.stringify(headers)).not.toMatch(/203\.0\.113\.66|2001:db8::66|KP/);
  }
  for (const { ip } of world.log) expect(["192.0.2.1", "203.0.113.66"]).toContain(ip);
});
