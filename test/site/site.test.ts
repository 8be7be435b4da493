import fc from "fast-check";
import { expect, test } from "vitest";
import type { Site, SiteIndex } from "../../src/config/model.ts";
import { findSite } from "../../src/site/site.ts";
import { arrive, decisions, edgeWith, site } from "../harness/rooms.ts";

/** An index as the config room makes it, by the first host of every site. */
function indexOf(...hosts: string[]): SiteIndex {
  const sites = hosts.map((host) => [host, site(host, host)] as const);
  return {
    exact: new Map(sites.filter(([host]) => !host.startsWith("*"))),
    wildcard: new Map(sites.filter(([host]) => host.startsWith("*.")).map(([host, found]) => [host.slice(1), found])),
    any: sites.find(([host]) => host === "*")?.[1],
  };
}

function find(url: string, index: SiteIndex): Site | 421 {
  const step = findSite(arrive(url), edgeWith({ sites: index }));
  if (step.kind === "go") return step.visit.site;
  expect(step.answer).toMatchObject({ status: 421, because: "unknown-host" });
  return 421;
}

const hosts = [
  "example.com",
  "www.example.com",
  "*.example.com",
  "*.shop.example.com",
  "xn--bcher-kva.example",
  "[::1]",
  "192.0.2.7",
];

const cases: readonly [url: string, site: string | 421][] = [
  ["https://example.com/", "example.com"],
  ["https://www.example.com/", "www.example.com"],
  ["https://WWW.Example.COM/", "www.example.com"],
  ["https://www.example.com:8443/", "www.example.com"],
  ["https://www.example.com./", "www.example.com"],
  ["https://www.example.com.:8443/", "www.example.com"],
  ["http://www.example.com/", "www.example.com"],
  ["https://a.example.com/", "*.example.com"],
  ["https://a.b.example.com/", "*.example.com"],
  ["https://shop.example.com/", "*.example.com"],
  ["https://a.shop.example.com/", "*.shop.example.com"],
  ["https://a.b.shop.example.com./", "*.shop.example.com"],
  ["https://a.www.example.com/", "*.example.com"],
  ["https://bücher.example/", "xn--bcher-kva.example"],
  ["http://[::1]:8787/", "[::1]"],
  ["http://192.0.2.7/", "192.0.2.7"],
  ["http://0xC0.0.2.7/", "192.0.2.7"],
  ["https://notexample.com/", 421],
  ["https://example.com.evil.example/", 421],
  ["https://www.example.com../", "www.example.com"],
  ["https://com/", 421],
  ["https://evil.example/?host=www.example.com", 421],
  ["https://www.example.com@evil.example/", 421],
];

test.each(cases)("%s belongs to %s", (url, expected) => {
  const found = find(url, indexOf(...hosts));
  expect(found === 421 ? found : found.name).toBe(expected);
});

test("a site of all hosts takes what no other has", () => {
  const index = indexOf(...hosts, "*");
  expect(find("https://evil.example/", index)).toMatchObject({ name: "*" });
  expect(find("https://a.example.com/", index)).toMatchObject({ name: "*.example.com" });
});

test("a wildcard stands for at least one label", () => {
  expect(find("https://example.com/", indexOf("*.example.com"))).toBe(421);
  expect(find("https://.example.com/", indexOf("*.example.com"))).toBe(421);
});

test("a host too long to be a domain name has no wildcard site", () => {
  const longest = `${"a.".repeat(121)}example.com`;
  expect(longest).toHaveLength(253);
  expect(find(`https://${longest}/`, indexOf("*.example.com"))).toMatchObject({ name: "*.example.com" });
  expect(find(`https://a.${longest}/`, indexOf("*.example.com"))).toBe(421);
});

test("the trail names the site, or says that there is none", () => {
  const edge = edgeWith({ sites: { ...indexOf(), any: site("all our\r\nshops", "*") } });
  const visit = arrive("/");
  findSite(visit, edge);
  expect(decisions(visit)).toEqual(["site all-our-shops"]);

  const stray = arrive("https://evil.example/");
  findSite(stray, edgeWith());
  expect(decisions(stray)).toEqual(["site unknown-host"]);
});

test("finds what looking at every pattern finds", () => {
  const name = fc
    .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 5 })
    .map((labels) => labels.join("."));
  const pattern = fc.oneof(
    name,
    name.map((suffix) => `*.${suffix}`),
    fc.constant("*"),
  );
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { maxLength: 12 }), name, (patterns, host) => {
      const found = find(`https://${host}/`, indexOf(...patterns));
      expect(found === 421 ? undefined : found.name).toBe(lookAtAll(patterns, host));
    }),
    { numRuns: 500 },
  );
});

/** The host itself, or else the longest pattern that it ends like. */
function lookAtAll(patterns: readonly string[], host: string): string | undefined {
  if (patterns.includes(host)) return host;
  const fitting = patterns.filter((pattern) => pattern.startsWith("*") && host.endsWith(pattern.slice(1)));
  return fitting.toSorted((one, other) => other.length - one.length)[0];
}
