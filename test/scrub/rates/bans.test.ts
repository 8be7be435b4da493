import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/config.ts";
import type { Edge } from "../../../src/edge.ts";
import type { Misdeeds } from "../../../src/rates.ts";
import { noteMisdeed, refuseBanned } from "../../../src/scrub/rates/bans.ts";
import type { Clean, Proof } from "../../../src/visit.ts";
import { clean, decisions, edgeWith } from "../../harness/rooms.ts";

const ip = "192.0.2.1";

/** An edge that knows a ban of that client for another second, and what it tells. */
function edgeThatBans() {
  const bans = {
    ORIGINS: [{ name: "a", url: "https://a.example" }],
    SITES: [{ hosts: ["*"] }],
    SETTINGS: { bans: {} },
  };
  const loaded = loadConfig(bans);
  if (loaded.kind === "problems") throw new Error(JSON.stringify(loaded.problems));
  const clock = { now: 1e12 };
  const told: Misdeeds[] = [];
  const ports: Partial<Edge> = {
    now: () => clock.now,
    banning: {
      async look(misdeeds) {
        told.push(misdeeds);
        return { bans: [], seen: 7 };
      },
    },
  };
  const edge = edgeWith(loaded.config, ports);
  edge.rates.bans.banned.set(ip, clock.now + 1_000);
  return { edge, clock, told };
}

function visitOf(proof: Proof): Clean {
  const visit = clean("/");
  return { ...visit, client: { ip }, proof };
}

test.each<[Proof, boolean]>([
  ["none", true],
  ["claimed", true],
  ["impostor", true],
  ["verified", false],
])("whose claim is %s: it is kept out: %s", (proof, isKeptOut) => {
  const { edge, clock } = edgeThatBans();
  const visit = visitOf(proof);
  expect(refuseBanned(visit, edge)?.because).toBe(isKeptOut ? "banned" : undefined);
  expect(decisions(visit)).toEqual(isKeptOut ? ["scrub banned"] : []);
  clock.now += 1_000;
  expect(refuseBanned(visit, edge)).toBeUndefined();
});

test("what a verified bot does is no misdeed", async () => {
  const { edge, clock, told } = edgeThatBans();
  noteMisdeed(visitOf("verified"), 404, edge);
  noteMisdeed(visitOf("claimed"), 404, edge);
  noteMisdeed(visitOf("claimed"), 403, edge);
  await Promise.resolve();
  clock.now += 5_000;
  refuseBanned(visitOf("none"), edge);
  expect(told.map(({ offences, since }) => [offences, since])).toEqual([
    [[[ip, 1]], 0],
    [[], 7],
  ]);
});

test("of too many clients the first thousand are told of", () => {
  const { edge } = edgeThatBans();
  const { bans } = edge.rates;
  bans.isLooking = true;
  bans.lookedAt = edge.now();
  for (let number = 0; number < 2_000; number++) {
    const visit = clean("/");
    noteMisdeed({ ...visit, client: { ip: `198.51.${number >> 8}.${number & 255}` } }, 404, edge);
  }
  expect(bans.offences.size).toBe(1_000);
});
