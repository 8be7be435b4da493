import { expect, test } from "vitest";
import { visitedAddress } from "../../src/http/address.ts";
import { isAmbiguous } from "../../src/http/path-readings.ts";
import { spellings, type Spelling } from "./spellings.ts";

const all = Object.values(spellings).flat();

const host = "http://www.example.com";

/** What the Worker gets of the request line: its bytes are UTF-8. */
function toText(written: string): string {
  return new TextDecoder().decode(Uint8Array.from(written, (byte) => byte.charCodeAt(0)));
}

test("there are at least 200, each once", () => {
  expect(all.length).toBeGreaterThanOrEqual(200);
  expect(new Set(all.map(([written]) => written)).size).toBe(all.length);
});

const reachTheEdge = all.filter(
  ([written, outcome]) => written.startsWith("/") && outcome !== "!platform" && !written.includes("#"),
);

test.for(reachTheEdge.map(([...row]: Spelling) => row))("%j: %s", ([written, outcome, ...readings]) => {
  const { flaw, href, readings: found } = visitedAddress(host + toText(written))!;
  if (outcome.startsWith("!")) expect(flaw).toBe(outcome.slice(1));
  else expect([href.slice(host.length), ...found]).toEqual([outcome, ...readings]);
});

test.for([
  "%25",
  "25",
  "%2e",
  "%",
  "/",
  ";",
  "#",
  "%23",
  ". ",
  "..%20",
  "../",
  "%EF%BC%85",
  "%F8%80",
  "%u00",
  "\\",
  "é",
])("%j over and over costs no more than its length", (part) => {
  const start = performance.now();
  const path = `/%${part.repeat(Math.ceil(100_000 / part.length))}`;
  visitedAddress(host + path);
  isAmbiguous(path);
  expect(performance.now() - start).toBeLessThan(2_000);
});

test.for([
  ["/admin", false],
  ["/caf%C3%A9", false],
  ["/a%20b", false],
  ["/%40scope/name", false],
  ["/100%25", false],
  ["/.well-known/x", false],
  ["//admin", true],
  ["/@scope%2Fname", true],
  ["/a%5Cb", true],
  ["/a;b", true],
  ["/a%3Bb", true],
  ["/a%3Fb", true],
  ["/a%23b", true],
  ["/%2561", true],
  ["/a.", true],
  ["/a%20/b", true],
] as const)("%s is ambiguous: %s", ([path, ambiguous]) => {
  expect(isAmbiguous(path)).toBe(ambiguous);
});
