/** A judge that finds nothing wrong would pass every edge: each of its checks is shown what it must catch. */
import { describe, expect, test } from "vitest";
import { written, type Exchange } from "./case.ts";
import { judge } from "./judge.ts";
import type { Script, Seen } from "./origin.ts";
import type { Received } from "./play.ts";

const body = "the-case";
const at = Date.parse("2026-03-01T00:00:00Z");

/** What the origin saw of the request of that number. */
function seen(number: number, more: Partial<Seen> = {}): Seen {
  return { method: "GET", headers: {}, number, at, answered: [], ...more };
}

/** The client's second request, when the origin saw these. */
function verdict(exchange: Exchange, got: Partial<Received>, saw: readonly Seen[]): string {
  const script: Script = { exchanges: [{}, exchange], url: `http://edge/${body}`, seen: [...saw] };
  const headers = { "server-request-count": String(saw.length), ...got.headers };
  const received: Received = { status: 200, body, interim: [], ...got, headers };
  const { kind, ...rest } = judge(exchange, 2, { received, script });
  return "why" in rest ? `${kind}: ${rest.why}` : kind;
}

const fromStore = [seen(1)];
const fromOrigin = [seen(1), seen(2)];

describe("where the answer came from", () => {
  test.for<readonly [NonNullable<Exchange["expected_type"]>, readonly Seen[], string]>([
    ["cached", fromStore, "passed"],
    ["cached", fromOrigin, "failed: request 2: came from the origin"],
    ["not_cached", fromOrigin, "passed"],
    ["not_cached", fromStore, "failed: request 2: came from the cache"],
    ["etag_validated", [seen(1), seen(2, { headers: { "if-none-match": '"a"' } })], "passed"],
    ["etag_validated", fromOrigin, "failed: request 2: was not validated by If-None-Match"],
    ["etag_validated", fromStore, "failed: request 2: was not validated by If-None-Match"],
    ["lm_validated", [seen(1), seen(2, { headers: { "if-modified-since": "x" } })], "passed"],
    ["lm_validated", fromOrigin, "failed: request 2: was not validated by If-Modified-Since"],
  ])("%s", ([expected_type, saw, expected]) => {
    expect(verdict({ expected_type }, {}, saw)).toBe(expected);
  });

  test("an old answer is from the store, though the origin was asked behind the client's back", () => {
    const headers = { "server-request-count": "1" };
    expect(verdict({ expected_type: "not_cached" }, { headers }, fromOrigin)).toContain("came from the cache");
  });
});

describe("what the client sees", () => {
  const wrong: readonly (readonly [string, Exchange, Partial<Received>])[] = [
    ["status 500, not 200", {}, { status: 500 }],
    ["status 200, not 404", { response_status: [404, "Not Found"] }, {}],
    ["status 200, not 504", { expected_status: 504 }, {}],
    ["x is missing", { expected_response_headers: ["X"] }, {}],
    ["x: 2, not 1", { expected_response_headers: [["X", "1"]] }, { headers: { x: "2" } }],
    ["age: 5, not above 5", { expected_response_headers: [["Age", ">", 5]] }, { headers: { age: "5" } }],
    ["x: 1, not as y", { expected_response_headers: [["X", "=", "Y"]] }, { headers: { x: "1", y: "2" } }],
    ["x is there", { expected_response_headers_missing: ["X"] }, { headers: { x: "" } }],
    ["x,1 is there", { expected_response_headers_missing: [["X", "1"]] }, { headers: { x: "1" } }],
    ['body "other", not "the-case"', {}, { body: "other" }],
    ['body "the-case", not "mine"', { expected_response_text: "mine" }, {}],
    ['body "the-case", not "ours"', { response_body: "ours" }, {}],
    ["interim answers , not 103", { expected_interim_responses: [[103]] }, {}],
    ["interim answers 103, not ", { expected_interim_responses: [] }, { interim: [103] }],
  ];
  test.for(wrong)("%s", ([why, exchange, got]) => {
    expect(verdict(exchange, got, fromOrigin).toLowerCase()).toBe(`failed: request 2: ${why.toLowerCase()}`);
  });

  test("a field of the origin's that was changed on the way", () => {
    const saw = [seen(1), seen(2, { answered: [["X-Mark", "1"]] })];
    expect(verdict({}, { headers: { "x-mark": "1" } }, saw)).toBe("passed");
    expect(verdict({}, { headers: { "x-mark": "2" } }, saw)).toBe("failed: request 2: X-Mark: 2, not 1");
    expect(verdict({}, {}, saw)).toBe("failed: request 2: X-Mark: undefined, not 1");
  });

  test.for<readonly [wanted: string, said: string, passes: boolean]>([
    ["hit", "edge; hit; ttl=5", true],
    ["hit", "edge; fwd=stale", false],
    ["!hit", "edge; hit", false],
    ["fwd=stale", "edge; fwd=stale", true],
    ["fwd=stale", "edge; fwd=uri-miss", false],
    ["ttl>0", "edge; hit; ttl=5", true],
    ["ttl>0", "edge; hit; ttl=-5", false],
    ["ttl<0", "edge; hit", false],
    ["stored", "origin; stored, edge; fwd=stale", false],
    ["hit", "", false],
  ])("Cache-Status: %s of %s", ([wanted, said, passes]) => {
    const told = verdict({ expected_cache_status: [wanted] }, { headers: { "cache-status": said } }, fromOrigin);
    expect(told.startsWith(passes ? "passed" : "failed")).toBe(true);
  });
});

describe("what the origin sees", () => {
  const wrong: readonly (readonly [string, Exchange, readonly Seen[]])[] = [
    ["the origin saw GET, not HEAD", { expected_method: "HEAD" }, fromOrigin],
    ["the origin saw nothing, not HEAD", { expected_method: "HEAD" }, fromStore],
    ["the origin saw X: undefined", { expected_request_headers: ["X"] }, fromOrigin],
    ["the origin saw X: 2", { expected_request_headers: [["X", "1"]] }, [seen(1), seen(2, { headers: { x: "2" } })]],
    ["the origin saw X: 1", { expected_request_headers_missing: ["X"] }, [seen(1), seen(2, { headers: { x: "1" } })]],
  ];
  test.for(wrong)("%s", ([why, exchange, saw]) => {
    expect(verdict(exchange, {}, saw)).toBe(`failed: request 2: ${why}`);
  });
});

test("what only prepares is no failure of the case", () => {
  expect(verdict({ setup: true }, { status: 500 }, fromOrigin)).toMatch(/^setup-failed: /);
  const exchange: Exchange = { setup_tests: ["expected_type"], expected_type: "cached", expected_status: 304 };
  expect(verdict(exchange, {}, fromOrigin)).toMatch(/^setup-failed: /);
  expect(verdict(exchange, {}, fromStore)).toBe("failed: request 2: status 200, not 304");
});

test("a number as a date is so many seconds from now, in RFC 850's form when asked for", () => {
  expect(written(["Expires", 60], at)).toEqual(["Expires", "Sun, 01 Mar 2026 00:01:00 GMT"]);
  expect(written(["Expires", -1], at, ["expires"])).toEqual(["Expires", "Saturday, 28-Feb-26 23:59:59 GMT"]);
  expect(written(["Age", 60], at)).toEqual(["Age", "60"]);
});
