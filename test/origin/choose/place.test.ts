import { expect, test } from "vitest";
import { findPlace } from "../../../src/origin/choose/place.ts";
import type { Client } from "../../../src/visit.ts";

/** Everything is known; the cases take away. */
const known = {
  ip: "192.0.2.1",
  latitude: 52.52,
  longitude: 13.4,
  country: "JP",
  continent: "SA",
  location: "SIN",
} satisfies Client;

const cases: readonly [name: string, client: Client, from: string | undefined, latitude: number | undefined][] = [
  ["all of it", known, "position", 52.52],
  ["a latitude without a longitude", { ...without(known, "longitude") }, "country", 35.6],
  ["a latitude that is none", { ...known, latitude: 91 }, "country", 35.6],
  ["a longitude that is none", { ...known, longitude: -180.5 }, "country", 35.6],
  ["a latitude that is no number", { ...known, latitude: Number.NaN }, "country", 35.6],
  ["the point where equator and prime meridian meet", { ...known, latitude: 0, longitude: 0 }, "position", 0],
  ["no position", without(known, "latitude", "longitude"), "country", 35.6],
  ["a country in lower case", { ip: "", country: "jp" }, "country", 35.6],
  ["Tor", { ...without(known, "latitude", "longitude"), country: "T1" }, "continent", -17],
  ["no country", without(known, "latitude", "longitude", "country"), "continent", -17],
  ["Tor's continent too", { ip: "", country: "T1", continent: "T1", location: "SIN" }, "location", 1.4],
  ["the edge's location alone", { ip: "", location: "SIN" }, "location", 1.4],
  ["an unknown location", { ip: "", location: "QQQ" }, undefined, undefined],
  ["nothing", { ip: "" }, undefined, undefined],
];

test.each(cases)("with %s it goes by the best that is known", (_name, client, from, latitude) => {
  const place = findPlace(client);
  expect([place?.from, place?.position[0]]).toEqual([from, latitude]);
});

function without(client: Client, ...names: (keyof Client)[]): Client {
  return Object.fromEntries(Object.entries(client).filter(([name]) => !names.includes(name as keyof Client))) as never;
}
