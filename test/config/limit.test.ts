import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/config.ts";
import type { Limit } from "../../src/config/rates.ts";
import { visitOf } from "../rules/visit.ts";

const basis = { ORIGINS: [{ name: "a", url: "https://a.example" }], SITES: [{ hosts: ["*"] }] };

function limitOf(limit: object): Limit {
  const loaded = loadConfig({ ...basis, RULES: [{ name: "r", limit }] });
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  return loaded.config.rules[0]!.limit!;
}

const visit = visitOf({ client: { ip: "2001:db8::1" }, headers: { "x-key": "k" } });

describe("a limit", () => {
  test("of a rate is for all locations, with as much at once as in its time", () => {
    expect(limitOf({ rate: "100/1m" })).toMatchObject({
      kind: "rate",
      name: "r",
      quota: { interval: 600, burst: 100 },
      count: 100,
      period: 60_000,
      scope: "global",
      tellAfter: 13,
      counts: "all",
      action: "block",
    });
    expect(limitOf({ rate: "100/1m" }).per(visit)).toBe("2001:db8::/64");
  });

  test.each([
    [{ rate: "1/1d" }, 86_400_000, 1, 1],
    [{ rate: "7/90s", burst: 3 }, 90_000 / 7, 3, 1],
    [{ rate: "1000/1s", burst: 5 }, 1, 5, 30],
    [{ rate: "1000000/1w" }, 604.8, 1_000_000, 125_000],
    [{ rate: "100/1ms" }, 0.01, 100, 3_000],
  ])("%j", (limit, interval, burst, tellAfter) => {
    expect(limitOf(limit)).toMatchObject({ quota: { interval, burst }, tellAfter });
  });

  test.each([
    ["client.ip", "2001:db8::/64"],
    ["${client.ip}", "2001:db8::/64"],
    ['request.headers["x-key"]', "k"],
    ['request.headers["x-none"]', ""],
    ['client.ip + " " + request.method', "2001:db8::/64 GET"],
    ["everybody", "everybody"],
    ['"everybody"', "everybody"],
    ["", ""],
  ])("is counted per %s", (per, text) => expect(limitOf({ rate: "1/1s", per }).per(visit)).toBe(text));

  test("of a binding is counted by the group, too", () => {
    expect(limitOf({ by: "LOGIN_LIMIT", per: "${client.ip}" }).per(visit)).toBe("2001:db8::/64");
  });

  test("with another rate is counted anew", () => {
    const idOf = (limit: object): unknown => (limitOf(limit) as { id: string }).id;
    const ids = [{ rate: "1/1s" }, { rate: "2/1s" }, { rate: "1/1m" }, { rate: "1/1s", burst: 2 }, { atOnce: 1 }].map(
      idOf,
    );
    expect(new Set(ids).size).toBe(5);
  });
});

test("of the same name and rate are counted each by itself", () => {
  const limits = [{ rate: "1/1s" }, { rate: "1/1s" }, { atOnce: 1 }, { rate: "1/1s" }, { atOnce: 1 }, { by: "L" }];
  const loaded = loadConfig({ ...basis, RULES: limits.map((limit) => ({ name: "r", limit })) });
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  const ids = loaded.config.rules.map(({ limit }) => (limit as { id?: string }).id);
  expect(ids).toEqual(["r 1/1000/1", "r 1/1000/1 #2", "r at once", "r 1/1000/1 #3", "r at once #2", undefined]);
});

test.each<[object, string]>([
  [{}, "RULES[0].limit: An empty table is not a table with one of rate, atOnce and by."],
  [{ rate: "1/1s", atOnce: 2 }, "is not a table with one of rate, atOnce and by."],
  [{ by: "L", rate: "1/1s" }, "is not a table with one of rate, atOnce and by."],
  [{ rate: "100" }, 'RULES[0].limit.rate: "100" is not a rate such as "100/1m"'],
  [{ rate: "0/1m" }, 'RULES[0].limit.rate: "0/1m" is not a rate'],
  [{ rate: "1/0s" }, 'RULES[0].limit.rate: "1/0s" is not a rate'],
  [{ rate: "101/1ms" }, 'RULES[0].limit.rate: "101/1ms" is not a rate'],
  [{ rate: 5 }, "RULES[0].limit.rate: 5 is not a rate"],
  [{ rate: "1/1s", burst: 0 }, "RULES[0].limit.burst: 0 is not a whole number from 1 to 1000000."],
  [{ rate: "1/1s", scope: "location" }, "is not a table whose scope fits"],
  [{ by: "L", scope: "global" }, "is not a table whose scope fits"],
  [{ atOnce: 1, scope: "global" }, "is not a table whose scope fits"],
  [{ rate: "1/1s", scope: "local" }, 'RULES[0].limit.scope: "local" is not'],
  [{ by: "L", then: "delay" }, "is not a table that can be counted so"],
  [{ atOnce: 1, count: "origin" }, "is not a table that can be counted so"],
  [{ rate: "1/1s", then: "delay", count: "origin" }, "is not a table that can be counted so"],
  [{ rate: "1/1s", count: "response.stats == 404" }, '"stats" is not a field of response'],
  [{ rate: "1/1s", count: "respons.status == 404" }, 'did you mean "response"?'],
  [{ rate: "1/1s", count: "response.status" }, "is not an expression that gives bool"],
  [{ rate: "1/1s", count: '"X-A" in response.headers' }, '"X-A" is not a field name in lower case'],
  [{ rate: "1/1s", per: "client.ipp" }, '"ipp" is not a field of client'],
  [
    { rate: "1/1s", per: "clientip" },
    'RULES[0].limit.per: "clientip" is not a variable, and a word that looks like one stands in quotes',
  ],
  [{ rate: "1/1s", per: "client-ip" }, 'did you mean "client.ip"?'],
  [{ rate: "1/1s", per: "clientgrup" }, 'did you mean "client.group"?'],
  [{ rate: "1/1s", per: "ip" }, '"ip" is not a variable, and'],
  [{ by: "L", per: "client" }, 'RULES[0].limit.per: "client" is not a variable, and'],
  [{ rate: "1/1s", per: "response.status" }, '"response" is not a variable'],
])("the problem of %j", (limit, says) => {
  const loaded = loadConfig({ ...basis, RULES: [{ limit }] });
  if (loaded.kind !== "problems") throw new Error("no problem");
  expect(loaded.problems.map(({ at, says }) => `${at}: ${says}`).join("\n")).toContain(says);
});

test.each<[object, string]>([
  [{ after: "x" }, 'SETTINGS.bans.after: "x" is not a rate'],
  [{ of: ["refuse"] }, "SETTINGS.bans.of[0]"],
  [{ of: [200] }, "SETTINGS.bans.of[0]"],
  [{ of: [] }, "SETTINGS.bans.of: An empty list is not a list with at least one member."],
  [{ first: "10ms" }, 'SETTINGS.bans.first: "10ms" is not a duration of at least 1s.'],
  [{ except: ["300.1.1.1/8"] }, "SETTINGS.bans.except[0]"],
])("the problem of the bans %j", (bans, says) => {
  const loaded = loadConfig({ ...basis, SETTINGS: { bans } });
  if (loaded.kind !== "problems") throw new Error("no problem");
  expect(loaded.problems.map(({ at, says }) => `${at}: ${says}`).join("\n")).toContain(says);
});

test("bans have their defaults", () => {
  const loaded = loadConfig({ ...basis, SETTINGS: { bans: {} } });
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  const { policy, of, isExcepted } = loaded.config.settings.bans!;
  expect(policy).toEqual({ quota: { interval: 3_000, burst: 20 }, first: 600_000, most: 86_400_000 });
  expect([...of]).toEqual(["refused", 404]);
  expect(isExcepted("192.0.2.1")).toBe(false);
});
