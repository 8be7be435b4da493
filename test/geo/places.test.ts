import { describe, expect, test } from "vitest";
import { continentPosition } from "../../src/geo/continents.ts";
import { countryPosition } from "../../src/geo/countries.ts";
import { locationPosition } from "../../src/geo/locations.ts";
import { haversine } from "./haversine.ts";

/** ISO 3166-1 alpha-2, all officially assigned codes, by first letter. */
const assigned = Object.entries({
  A: "DEFGILMOQRSTUWXZ",
  B: "ABDEFGHIJLMNOQRSTVWYZ",
  C: "ACDFGHIKLMNORUVWXYZ",
  D: "EJKMOZ",
  E: "CEGHRST",
  F: "IJKMOR",
  G: "ABDEFGHILMNPQRSTUWY",
  H: "KMNRTU",
  I: "DELMNOQRST",
  J: "EMOP",
  K: "EGHIMNPRWYZ",
  L: "ABCIKRSTUVY",
  M: "ACDEFGHKLMNOPQRSTUVWXYZ",
  N: "ACEFGILOPRUZ",
  O: "M",
  P: "AEFGHKLMNRSTWY",
  Q: "A",
  R: "EOSUW",
  S: "ABCDEGHIJKLMNORSTVXYZ",
  T: "CDFGHJKLMNORTVWZ",
  U: "AGMSYZ",
  V: "ACEGINU",
  W: "FS",
  Y: "ET",
  Z: "AMW",
}).flatMap(([first, seconds]) => [...seconds].map((second) => first + second));

describe("countries", () => {
  test("each of the 249 assigned codes has a place on Earth", () => {
    expect(assigned).toHaveLength(249);
    const without = assigned.filter((code) => !isOnEarth(countryPosition(code)));
    expect(without).toEqual([]);
  });

  test.for(["T1", "XX", "ZZ", "", "de", "DEU"])("%j is nowhere", (code) => {
    expect(countryPosition(code)).toBeUndefined();
  });

  test.for([
    ["DE", [50.94, 6.96], "Cologne"],
    ["US", [38.63, -90.2], "St. Louis"],
    ["RU", [55.76, 37.62], "Moscow"],
    ["CA", [43.65, -79.38], "Toronto"],
    ["AU", [-33.87, 151.21], "Sydney"],
    ["BR", [-23.55, -46.63], "São Paulo"],
    ["GL", [64.18, -51.72], "Nuuk"],
    ["EG", [30.04, 31.24], "Cairo"],
    ["XK", [42.66, 21.17], "Pristina"],
  ] as const)("%s is where its people are: near %s, %s", ([code, city]) => {
    expect(haversine(countryPosition(code)!, city)).toBeLessThan(350);
  });
});

describe("continents", () => {
  test.for([
    ["AF", "NG"],
    ["AN", "AQ"],
    ["AS", "BT"],
    ["EU", "CZ"],
    ["NA", "US"],
    ["OC", "AU"],
    ["SA", "PY"],
  ] as const)("%s is around %s", ([continent, country]) => {
    expect(haversine(continentPosition(continent)!, countryPosition(country)!)).toBeLessThan(1600);
  });

  test("no other code is one", () => {
    expect(continentPosition("XX")).toBeUndefined();
  });
});

describe("edge locations", () => {
  test.for([
    ["FRA", [50.11, 8.68]],
    ["IAD", [38.95, -77.45]],
    ["SIN", [1.35, 103.99]],
    ["NRT", [35.77, 140.39]],
    ["GRU", [-23.43, -46.47]],
    ["SYD", [-33.95, 151.18]],
    ["JNB", [-26.13, 28.23]],
    ["LAX", [33.94, -118.41]],
    ["CDG", [49.01, 2.55]],
    ["AKL", [-37.01, 174.79]],
    ["BOM", [19.09, 72.87]],
    ["ANC", [61.17, -149.99]],
  ] as const)("%s stands at its airport", ([code, airport]) => {
    expect(haversine(locationPosition(code)!, airport)).toBeLessThan(20);
  });

  test("an unknown one is nowhere", () => {
    expect(locationPosition("QQQ")).toBeUndefined();
  });
});

function isOnEarth(position: readonly [number, number] | undefined): boolean {
  return position !== undefined && Math.abs(position[0]) <= 90 && Math.abs(position[1]) <= 180;
}
