import { describe, expect, test } from "vitest";
import type { Origin } from "../../../src/config/upstream.ts";
import { choose } from "../../../src/origin/choose/choose.ts";
import type { Client } from "../../../src/visit.ts";
import { haversine } from "../../geo/haversine.ts";

const frankfurt = originAt("frankfurt", [50.11, 8.68]);
const virginia = originAt("virginia", [38.95, -77.45]);
const singapore = originAt("singapore", [1.35, 103.99]);
const demo = [frankfurt, virginia, singapore];

/** The order in which the demo's origins lie as seen from there, taken from a table of distances. */
const cities: readonly [city: string, latitude: number, longitude: number, order: string][] = [
  ["Berlin", 52.52, 13.4, "frankfurt virginia singapore"],
  ["London", 51.51, -0.13, "frankfurt virginia singapore"],
  ["Madrid", 40.42, -3.7, "frankfurt virginia singapore"],
  ["Rome", 41.9, 12.5, "frankfurt virginia singapore"],
  ["Athens", 37.98, 23.73, "frankfurt virginia singapore"],
  ["Moscow", 55.76, 37.62, "frankfurt virginia singapore"],
  ["Istanbul", 41.01, 28.98, "frankfurt virginia singapore"],
  ["Reykjavík", 64.15, -21.94, "frankfurt virginia singapore"],
  ["Helsinki", 60.17, 24.94, "frankfurt virginia singapore"],
  ["Casablanca", 33.57, -7.59, "frankfurt virginia singapore"],
  ["Cairo", 30.04, 31.24, "frankfurt singapore virginia"],
  ["Lagos", 6.52, 3.38, "frankfurt virginia singapore"],
  ["Nairobi", -1.29, 36.82, "frankfurt singapore virginia"],
  ["Johannesburg", -26.2, 28.05, "singapore frankfurt virginia"],
  ["Dakar", 14.72, -17.47, "frankfurt virginia singapore"],
  ["Dubai", 25.2, 55.27, "frankfurt singapore virginia"],
  ["Tehran", 35.69, 51.39, "frankfurt singapore virginia"],
  ["Almaty", 43.24, 76.89, "frankfurt singapore virginia"],
  ["Karachi", 24.86, 67.01, "singapore frankfurt virginia"],
  ["Mumbai", 19.08, 72.88, "singapore frankfurt virginia"],
  ["Delhi", 28.61, 77.21, "singapore frankfurt virginia"],
  ["Colombo", 6.93, 79.86, "singapore frankfurt virginia"],
  ["Bangkok", 13.76, 100.5, "singapore frankfurt virginia"],
  ["Jakarta", -6.21, 106.85, "singapore frankfurt virginia"],
  ["Manila", 14.6, 120.98, "singapore frankfurt virginia"],
  ["Hong Kong", 22.32, 114.17, "singapore frankfurt virginia"],
  ["Shanghai", 31.23, 121.47, "singapore frankfurt virginia"],
  ["Tokyo", 35.68, 139.69, "singapore frankfurt virginia"],
  ["Vladivostok", 43.12, 131.89, "singapore frankfurt virginia"],
  ["Sydney", -33.87, 151.21, "singapore virginia frankfurt"],
  ["Auckland", -36.85, 174.76, "singapore virginia frankfurt"],
  ["Honolulu", 21.31, -157.86, "virginia singapore frankfurt"],
  ["Anchorage", 61.22, -149.9, "virginia frankfurt singapore"],
  ["Los Angeles", 34.05, -118.24, "virginia frankfurt singapore"],
  ["New York", 40.71, -74.01, "virginia frankfurt singapore"],
  ["Mexico City", 19.43, -99.13, "virginia frankfurt singapore"],
  ["Bogotá", 4.71, -74.07, "virginia frankfurt singapore"],
  ["São Paulo", -23.55, -46.63, "virginia frankfurt singapore"],
  ["Buenos Aires", -34.6, -58.38, "virginia frankfurt singapore"],
  ["Suva", -18.14, 178.44, "singapore virginia frankfurt"],
];

describe("nearest", () => {
  test.each(cities)("from %s", (_city, latitude, longitude, order) => {
    const { origins, from } = choose(demo, "nearest", { client: { ip: "", latitude, longitude } });
    expect(namesOf(origins)).toBe(order);
    expect(from).toBe("position");
  });

  test.each(cities)("from %s, as the haversine formula has it", (_city, latitude, longitude) => {
    const { origins } = choose(demo, "nearest", { client: { ip: "", latitude, longitude } });
    const distances = origins.map(({ at }) => haversine([latitude, longitude], at!));
    expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  });

  test("does not depend on the order of the config", () => {
    const client: Client = { ip: "", latitude: 35.68, longitude: 139.69 };
    expect(namesOf(choose(demo.toReversed(), "nearest", { client }).origins)).toBe("singapore frankfurt virginia");
  });

  test("puts origins without a place last, in the order of the config", () => {
    const [anywhere, somewhere] = [originAt("anywhere", undefined), originAt("somewhere", undefined)];
    const client: Client = { ip: "", country: "NZ" };
    const { origins } = choose([anywhere, frankfurt, somewhere, singapore], "nearest", { client });
    expect(namesOf(origins)).toBe("singapore frankfurt anywhere somewhere");
  });

  test("keeps the order of the config between origins in one place", () => {
    const twins = ["b", "a", "c"].map((name) => originAt(name, [50.11, 8.68]));
    const client: Client = { ip: "", country: "DE" };
    expect(namesOf(choose([singapore, ...twins], "nearest", { client }).origins)).toBe("b a c singapore");
  });

  test.each([
    [{ ip: "", country: "NZ" }, "country", "singapore virginia frankfurt"],
    [{ ip: "", country: "T1", continent: "SA" }, "continent", "virginia frankfurt singapore"],
    [{ ip: "", location: "NBO" }, "location", "frankfurt singapore virginia"],
    [{ ip: "192.0.2.1" }, "default", "frankfurt virginia singapore"],
    [{ ip: "", country: "XX", continent: "", location: "???" }, "default", "frankfurt virginia singapore"],
  ] as const)("goes by what is known of %j: %s", (client, from, order) => {
    const ranking = choose(demo, "nearest", { client });
    expect([ranking.from, namesOf(ranking.origins)]).toEqual([from, order]);
  });

  test("leaves the pool as it was", () => {
    const pool = [...demo];
    choose(pool, "nearest", { client: { ip: "", country: "SG" } });
    expect(pool).toEqual(demo);
  });
});

test("first: the order of the config, wherever the client is", () => {
  const client: Client = { ip: "", latitude: 35.68, longitude: 139.69 };
  expect(namesOf(choose(demo, "first", { client }).origins)).toBe("frankfurt virginia singapore");
});

function originAt(name: string, at: Origin["at"]): Origin {
  return { name, url: new URL("http://origin.example"), base: "", at };
}

function namesOf(origins: readonly Origin[]): string {
  return origins.map(({ name }) => name).join(" ");
}
