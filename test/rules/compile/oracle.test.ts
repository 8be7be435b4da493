/** The compiler against the library's own evaluator. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FixedList, parseMember } from "../../../src/lists/lists.ts";
import { compile, compileTree } from "../../../src/rules/compile/compile.ts";
import { createLanguage } from "../../../src/rules/rules.ts";
import { visitOf, type VisitParts } from "../visit.ts";
import { expressions } from "./expressions.ts";

const members = ["a", "GET", "192.0.2.0/24", 64500].map((member) => parseMember(member)!);
const language = createLanguage(new Map([["texts", FixedList.of(members)]]));
const failed = "failed";

/** What came of it, in a form that can be compared: ways to fail are all alike. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (value instanceof Uint8Array) return `bytes ${value.join(" ")}`;
  if (Object.getPrototypeOf(Object(value)) === Object.prototype) return Object.entries(value as object);
  if (value instanceof Map) return [...value];
  return `${typeof value} ${Object.is(value, -0) ? "-0" : String(value)}`;
}

function byLibrary(source: string, visit: VisitParts): unknown {
  const expression = language.environment.parse(source);
  expression.check();
  try {
    return shown(expression(language.contextOf(visitOf(visit))));
  } catch {
    return failed;
  }
}

function compiled(source: string): ReturnType<typeof compile> | undefined {
  const expression = language.environment.parse(source);
  return expression.check().valid ? compile(expression) : undefined;
}

function isCompiled(source: string): boolean {
  const expression = language.environment.parse(source);
  return expression.check().valid && compileTree(expression) !== undefined;
}

function byClosures(source: string, visit: VisitParts): unknown {
  const value = compiled(source)!(language.contextOf(visitOf(visit)));
  return value === undefined ? failed : shown(value);
}

const visits: fc.Arbitrary<VisitParts> = fc.record({
  url: fc.constantFrom("https://www.example.com/", "http://a/a/b?x=1", "https://a.example/%61?12"),
  method: fc.constantFrom("GET", "POST"),
  headers: fc.dictionary(
    fc.constantFrom("x-a", "a", "accept", "cookie", "content-length", "user-agent"),
    fc.constantFrom("", "a", "12", "a=1; b=2", "DE"),
    { maxKeys: 4 },
  ),
  client: fc.record(
    {
      ip: fc.constantFrom("192.0.2.1", "2001:db8::1", "198.51.100.7", ""),
      country: fc.constantFrom("DE", "US"),
      asn: fc.constantFrom(64500, 1),
      latitude: fc.constantFrom(1.5, -0),
    },
    { requiredKeys: ["ip"] },
  ),
  bot: fc.constantFrom("", "gptbot"),
});

test("whatever the expression and the visit, closures and the library's evaluator come to the same", () => {
  const seen = { compiled: 0, evaluated: 0, failed: 0, yes: 0 };
  fc.assert(
    fc.property(expressions, visits, (source, visit) => {
      if (!compiled(source)) return;
      const outcome = byLibrary(source, visit);
      expect([source, byClosures(source, visit)]).toEqual([source, outcome]);
      seen[isCompiled(source) ? "compiled" : "evaluated"]++;
      if (outcome === failed) seen.failed++;
      if (outcome === "boolean true") seen.yes++;
    }),
    { numRuns: 3_000 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(300);
}, 60_000);

describe("awkward ones", () => {
  const visit: VisitParts = { headers: { "x-a": "a", accept: "" }, client: { ip: "192.0.2.1", asn: 64500 } };

  test.each([
    ['request.headers["x-none"] == "a" || true', "boolean true"],
    ['true || request.headers["x-none"] == "a"', "boolean true"],
    ['request.headers["x-none"] == "a" && false', "boolean false"],
    ['request.headers["x-none"] == "a" || false', failed],
    ['false || request.headers["x-none"] == "a"', failed],
    ['!(request.headers["x-none"] == "a")', failed],
    ['request.headers["x-none"] == "a" ? true : true', failed],
    ['true ? "a" : request.headers["x-none"]', "string a"],
    ["[1, 0, 2].exists(n, 4 / n == 2)", "boolean true"],
    ["[1, 0].exists(n, 4 / n == 2)", failed],
    ["[0, 4].all(n, 4 / n == 2)", "boolean false"],
    ["[0, 2].all(n, 4 / n == 2)", failed],
    ["[2, 0].exists_one(n, 4 / n == 2)", failed],
    ["[2, 0].map(n, 4 / n)", failed],
    ["[2, 0].filter(n, n != 0).map(n, 4 / n)", ["bigint 2"]],
    [
      "[1, 2].map(n, [3, 4].map(m, n * m))",
      [
        ["bigint 3", "bigint 4"],
        ["bigint 6", "bigint 8"],
      ],
    ],
    ["[1].map(request, request + 1)", ["bigint 2"]],
    ["[request].exists(r, r.headers.exists(k, k == 'x-a'))", "boolean true"],
    ["[client].exists(request, request.ip == '192.0.2.1')", "boolean true"],
    ["request.headers.exists(k, request.headers[k] == 'a')", "boolean true"],
    ["client.latitude in [client.latitude]", "boolean false"],
    ["client.latitude == client.latitude || client.latitude < 0.0", "boolean false"],
    ["-0.0 in [0.0]", "boolean true"],
    ["9223372036854775807 + 1 > 0", failed],
    ["1 / 0 == 1 || 1 % 0 == 1", failed],
    ["[1, 2][2] == 1", failed],
    ["[1, 2][-1] == 1", failed],
    ['{"constructor": 1, "a": 2}.size()', "bigint 1"],
    ['"toString" in {"a": 1}', "boolean false"],
    ['{"a": 1}["toString"] == 1', failed],
    ["request.headers.constructor == 'a'", failed],
    ["has(request.headers.accept) && !has(request.headers.constructor)", "boolean true"],
    ['"x-a" in request.headers && request["headers"]["x-a"] == "a"', "boolean true"],
    ['int("x") == 1 || int("12") == 12', "boolean true"],
    ['"é😀".size() == 2', "boolean true"],
    ['b"ab" + b"c" == b"abc"', "boolean true"],
    ["1u + 1u == 2u && 1u < 2", "boolean true"],
    ['timestamp("2026-11-26T12:00:00Z") - timestamp("2026-11-26T11:59:00Z") == duration("60s")', "boolean true"],
    ["inList(client.asn, 'texts') && inNet(client.ip, '192.0.2.0/24')", "boolean true"],
  ])("%s", (source, outcome) => {
    expect(byLibrary(source, visit)).toEqual(outcome);
    expect(byClosures(source, visit)).toEqual(outcome);
    expect(isCompiled(source)).toBe(true);
  });
});

/** What the compiler leaves to the library, and what comes of it. */
test.each([
  ["dyn(client.asn) == 1.0", "boolean true"],
  ["cel.bind(a, client.asn, a + a) == 2", "boolean true"],
  ["[1, 2] == [1, 2]", "boolean true"],
  ['{"a": 1} == {"a": 2}', "boolean false"],
  ["client.city in []", "boolean false"],
  ["[].size() == 0", "boolean true"],
  ["{1: 2}[1] == 2", "boolean true"],
  ["[1u].exists(n, n in [1u])", "boolean true"],
  ["has(request.method)", "boolean true"],
  ["[request][0].method == 'GET'", "boolean true"],
  ['b"{}".json().a == 1', failed],
  ["dyn(request.query).matches('^x$')", "boolean true"],
  ["[1].exists(n, dyn(request.query).matches('^y$'))", "boolean false"],
  ["dyn(client.asn).matches('1')", failed],
])("left to the library: %s", (source, outcome) => {
  const visit: VisitParts = { url: "https://www.example.com/?x", client: { asn: 1 } };
  expect(isCompiled(source)).toBe(false);
  expect(byLibrary(source, visit)).toEqual(outcome);
  expect(byClosures(source, visit)).toEqual(outcome);
});

test("an expression that the library evaluates has patterns in linear time, too", () => {
  const visit = { url: `https://www.example.com/?${"a".repeat(30)}!` };
  expect(byClosures("dyn(request.query).matches('^(a+)+$')", visit)).toBe("boolean false");
});
