import { describe, expect, test } from "vitest";
import { plan } from "../../src/cache/cache.ts";
import type { CachePolicy, KeyParts } from "../../src/config/model.ts";
import type { Routed } from "../../src/visit.ts";
import { compressing, edgeWith, person, sited } from "../harness/rooms.ts";

/** Routed as it was visited. */
function routed(target: string, init: RequestInit = {}, policy: Partial<CachePolicy> = {}): Routed {
  const visit = sited(target, init);
  return {
    ...visit,
    ...person,
    rules: [],
    dues: [],
    target,
    pool: visit.site.origins,
    balance: visit.site.balance,
    caching: { ...visit.site.caching, ...policy },
    experiments: [],
    requestEdits: [],
    shapes: [],
    finishing: { edits: [], compress: compressing },
  };
}

describe("what the cache stays out of", () => {
  test.for<[what: string, init: RequestInit, because: string, policy?: Partial<CachePolicy>]>([
    ["another method", { method: "POST" }, "method"],
    ["a WebSocket", { headers: { upgrade: "WebSocket" } }, "upgrade"],
    ["what a rule says", {}, "rule", { bypass: true }],
  ])("%s", ([, init, because, policy]) => {
    expect(plan(routed("/a", init, policy), edgeWith()).plan).toEqual({ kind: "bypass", because });
  });

  test("content of a GET, which an origin may take for parameters that no key tells of", () => {
    // A client in here can send none, so the visit gets the request of one that did.
    const { request } = routed("/a", { method: "POST", body: "callback=evil" });
    const visit = { ...routed("/a"), request };
    expect(plan(visit, edgeWith()).plan).toEqual({ kind: "bypass", because: "body" });
  });
});

describe("what the origin is asked for", () => {
  const except = (...names: string[]): KeyParts["query"] => ({ except: names });
  test.for<[visited: string, query: KeyParts["query"], target: string]>([
    ["/a?x=1&y=2", "all", "/a?x=1&y=2"],
    ["/a?x=1&y=2", "none", "/a"],
    ["/a?x=1&y=2", { only: ["y"] }, "/a?y=2"],
    ["/a?x=1&y=2", except("y"), "/a?x=1"],
    ["/a?x=1;y=2", except("x"), "/a"],
    ["/a?x=1;y=2", except("y"), "/a?x=1;y=2"],
  ])("%s, keyed by %j, is what the key tells: %s", ([visited, query, target]) => {
    const visit = routed(visited);
    const planned = plan({ ...visit, caching: { ...visit.caching, key: { ...visit.caching.key, query } } }, edgeWith());
    expect(planned.target).toBe(target);
    expect(planned.plan).toEqual({ kind: "lookup", key: `https://www.example.com${target}` });
  });
});
