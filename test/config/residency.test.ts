import { describe, expect, test } from "vitest";
import { configOf, linesOf } from "./load.ts";

const ORIGINS = [
  { name: "frankfurt", url: "https://fra.example.com", region: "EU" },
  { name: "paris", url: "https://par.example.com", region: "EU" },
  { name: "virginia", url: "https://iad.example.com", region: "US" },
  { name: "nowhere", url: "https://x.example.com" },
];
const europe = { name: "europe", hosts: ["eu.example.com"], regions: ["EU"] };
const world = { name: "world", hosts: ["*"] };

function lines(SITES: readonly unknown[], RULES: readonly unknown[] = []): readonly string[] {
  return linesOf({ ORIGINS, SITES, RULES });
}

test("without origins of its own, a site has those in its regions", () => {
  const { sites } = configOf({ ORIGINS, SITES: [europe, world] });
  expect(sites.exact.get("eu.example.com")!.origins.map(({ name }) => name)).toEqual(["frankfurt", "paris"]);
  expect(sites.any!.origins).toHaveLength(4);
});

describe("is wrong", () => {
  test("an origin of another region, or of none", () => {
    expect(lines([{ ...europe, origins: ["frankfurt", "virginia", "nowhere"] }])).toEqual([
      'SITES[0].origins: "virginia" is in "US", and the site "europe" is kept to "EU".',
      'SITES[0].origins: "nowhere" is in no region, and the site "europe" is kept to "EU".',
    ]);
  });

  test("a region in which no origin is", () => {
    expect(lines([{ ...europe, regions: ["CH"] }])).toEqual([
      "SITES[0].origins: No origin is in its regions: there is none for new clients.",
    ]);
  });

  test.each([
    ["origins", { origins: ["virginia"] }, "origins"],
    ["an arm", { split: [{ origins: ["virginia"], weight: 1 }, { weight: 9 }] }, "split[0].origins"],
    ["who gets copies", { mirror: { to: ["virginia"] } }, "mirror.to"],
  ])("%s of a rule that may apply to the site, whatever its condition", (_what, action, field) => {
    const rule = { when: 'request.host == "www.example.com"', ...action };
    const says = '"virginia" is in "US", and the site "europe" is kept to "EU".';
    expect(lines([europe, world], [rule])).toEqual([`RULES[0].${field}: ${says}`]);
    expect(lines([europe, world], [{ ...rule, sites: ["world"] }])).toEqual([]);
  });

  test("to stick to one of thousands", () => {
    const many = Array.from({ length: 1_001 }, (_, index) => ({ name: `o${index}`, url: "https://o.example.com" }));
    expect(linesOf({ ORIGINS: many, SITES: [{ hosts: ["*"], sticky: "1h" }] })).toEqual([
      "SITES[0].sticky: Clients can stick to one of at most 1000 origins, and the site has 1001.",
    ]);
    expect(linesOf({ ORIGINS: many, SITES: [{ hosts: ["*"] }] })).toEqual([]);
  });

  test("not a drained origin that only gets copies", () => {
    const drained = [...ORIGINS, { name: "shadow", url: "https://s.example.com", drain: true }];
    expect(linesOf({ ORIGINS: drained, SITES: [world], RULES: [{ mirror: { to: ["shadow"] } }] })).toEqual([]);
  });

  test("only drained origins, on a site or in a rule", () => {
    const drained = ORIGINS.map((origin) => ({ ...origin, drain: origin.name !== "virginia" }));
    const RULES = [{ origins: ["paris", "frankfurt"] }];
    expect(linesOf({ ORIGINS: drained, SITES: [world], RULES })).toEqual([
      "RULES[0].origins: All of these origins are drained: there is none for new clients.",
    ]);
  });
});
