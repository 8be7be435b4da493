import { expect, test } from "vitest";
import { regionOf, regionPosition, regions } from "../../src/geo/regions.ts";

test.each([
  ["San Francisco", [37.8, -122.4], "wnam"],
  ["Phoenix", [33.4, -112], "wnam"],
  ["Dallas", [32.9, -97], "enam"],
  ["Virginia", [38.95, -77.45], "enam"],
  ["São Paulo", [-23.5, -46.6], "sam"],
  ["Lima", [-12, -77], "sam"],
  ["Frankfurt", [50.11, 8.68], "weur"],
  ["Dublin", [53.4, -6.3], "weur"],
  ["Kyiv", [50.4, 30.5], "eeur"],
  ["Singapore", [1.35, 103.99], "apac"],
  ["Tokyo", [35.68, 139.69], "apac"],
  ["Mumbai", [19, 72.8], "apac"],
  ["Melbourne", [-37.8, 145], "oc"],
  ["Auckland", [-36.8, 174.7], "oc"],
  ["Cape Town", [-33.9, 18.4], "afr"],
  ["Nairobi", [-1.3, 36.8], "afr"],
  ["Dubai", [25.2, 55.3], "me"],
] as const)("%s is in its region", (_, position, region) => {
  expect(regionOf(position)).toBe(region);
});

test("what stands for a region is in it", () => {
  expect(regions.map((region) => regionOf(regionPosition(region)))).toEqual([...regions]);
});
