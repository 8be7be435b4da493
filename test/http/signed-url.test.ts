import fc from "fast-check";
import { expect, test } from "vitest";
import { readUrlSignature, textOfSignedUrl, writeUrlSignature } from "../../src/http/signed-url.ts";

const mac = "A".repeat(43);
const scope = { expires: 1_800_000_000, segments: undefined, isForAddress: false };
const parts = (url: string) => ({ url: new URL(url), parameter: "signature", ip: "192.0.2.7" });

test.each([
  [{ ...scope, mac }, `1800000000.u.${mac}`],
  [{ ...scope, segments: 2, mac }, `1800000000.p2.${mac}`],
  [{ ...scope, segments: 12, isForAddress: true, mac }, `1800000000.p12a.${mac}`],
  [{ ...scope, isForAddress: true, mac }, `1800000000.ua.${mac}`],
])("is written and read alike: %j", (signature, text) => {
  expect(writeUrlSignature(signature)).toBe(text);
  expect(readUrlSignature(text)).toEqual(signature);
});

test.each([
  "",
  "x",
  `1800000000.u.${mac}A`,
  `1800000000.u.${mac.slice(1)}`,
  `-1.u.${mac}`,
  `1e9.u.${mac}`,
  `1800000000.p.${mac}`,
  `1800000000.uu.${mac}`,
  ` 1800000000.u.${mac}`,
  `180000000000000.u.${mac}`,
])("is none: %j", (text) => {
  expect(readUrlSignature(text)).toBeUndefined();
});

test("what is signed is one URL, without the signature itself and in one spelling", () => {
  const text = textOfSignedUrl(scope, parts("https://www.example.com:8443/%66ilm.mp4?a=1&signature=old&b=%32"));
  expect(text).toBe("perigee-url\nwww.example.com:8443\n/film.mp4?a=1&b=%32\n1800000000\n");
});

test.each([
  ["https://www.example.com/hls/7/index.m3u8?any", 2, "perigee-url\nwww.example.com\n/hls/7/\n1800000000\n"],
  ["https://www.example.com/hls/7/", 2, "perigee-url\nwww.example.com\n/hls/7/\n1800000000\n"],
  ["https://www.example.com/hls/7", 2, undefined],
  ["https://www.example.com/hls/77/index.m3u8", 2, "perigee-url\nwww.example.com\n/hls/77/\n1800000000\n"],
  ["https://www.example.com/film.mp4", 0, undefined],
])("or all below a path: %s, %i", (url, segments, text) => {
  expect(textOfSignedUrl({ ...scope, segments }, parts(url))).toBe(text);
});

test("for one address it is signed, too", () => {
  expect(textOfSignedUrl({ ...scope, isForAddress: true }, parts("https://www.example.com/"))).toMatch(
    /\n192\.0\.2\.7$/,
  );
});

test("takes any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void readUrlSignature(text)));
});
