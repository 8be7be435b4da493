import { expect, test } from "vitest";
import { dropClaims } from "../../src/http/claims.ts";
import { Fields } from "../../src/http/fields.ts";

/** What is left of a request that has these fields. */
function left(...names: readonly string[]): readonly string[] {
  const fields = new Fields(new Map(names.map((name) => [name, "x"])));
  dropClaims(fields);
  return Array.from(fields, ([name]) => name);
}

test("what a client claims of its address, its scheme and the resource it means is dropped", () => {
  expect(left("cf-connecting-ip", "forwarded", "true-client-ip", "x-forwarded-for", "x-real-ip")).toEqual([]);
  expect(left("front-end-https", "x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-ssl", "x-scheme")).toEqual([]);
  expect(left("x-forwarded-host", "x-forwarded-server", "x-host", "x-http-host-override")).toEqual([]);
  expect(left("x-forwarded-prefix", "x-original-url", "x-rewrite-url", "x-script-name", "proxy")).toEqual([]);
  expect(left("x-envoy-upstream-rq-timeout-ms", "x-invoke-status", "x-middleware-subrequest")).toEqual([]);
});

test("however it is spelled, for servers that can't tell one spelling from the other", () => {
  expect(left("x_forwarded_for", "x-forwarded_host", "x_original_url", "client_ip", "cf_connecting_ip")).toEqual([]);
});

test("names that only look like it stay, and so does everything else", () => {
  const others = ["accept", "host", "x-forwardedish", "x-hosts", "x_hosts", "x-requested-with", "x-envoyish"];
  expect(left(...others)).toEqual(others);
});
