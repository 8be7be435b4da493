/** What conditions read, as caches further on are told of it. */
import { expect, test } from "vitest";
import { createLanguage } from "../../src/rules/language.ts";
import { compileText, compileWhen } from "../../src/rules/rules.ts";
import { visitTo } from "../transform/visit.ts";

const language = createLanguage(new Map());

function readsAt(source: string, target: string): unknown {
  const compiled = compileWhen(source, language);
  if (compiled.kind === "mistake") throw new Error(compiled.mistake.expected);
  return compiled.run.reads?.(visitTo(target, { headers: { "x-a": "1" } }));
}

const of = (...fields: string[]) => ({ fields, isPrivate: false });
const nobodyElses = { fields: [], isPrivate: true };

test.each<[string, unknown]>([
  ["true", undefined],
  ['request.path == "/a" || request.query.contains("b")', undefined],
  ["request.included", undefined],
  ['"x-a" in request.headers', of("x-a")],
  ['request.headers["x-a"] == "1" && request.headers.dnt != "1"', of("x-a", "dnt")],
  ["has(request.headers.accept)", of("accept")],
  ['request["headers"]["x-a"] == "1"', of("x-a")],
  ['request.cookies["a"] == "b"', of("Cookie")],
  ["has(request.cookies.a)", of("Cookie")],
  ['client.device == "phone"', of("User-Agent", "Sec-CH-UA-Mobile")],
  ['client.country == "DE"', nobodyElses],
  ['inNet(client.ip, "10.0.0.0/8")', nobodyElses],
  ['client.country == "DE" && "x-a" in request.headers', { fields: ["x-a"], isPrivate: true }],
  ['request.headers.exists(name, name.startsWith("x-"))', nobodyElses],
  ["request.headers[request.method] == 'a'", nobodyElses],
  ["[client].exists(c, c.eu)", nobodyElses],
  ["client.eu ? true : false", nobodyElses],
  ["!(client.score > 50)", nobodyElses],
])("%s", (source, expected) => expect(readsAt(source, "/a")).toEqual(expected));

test.each([
  ['request.path.startsWith("/b/") && "x-a" in request.headers', "/a"],
  ['"x-a" in request.headers && request.path.startsWith("/b/")', "/a"],
  ['request.path == "/a" || client.eu', "/a"],
  ['!(request.path == "/a" || client.eu)', "/a"],
  ['request.path == "/a" ? true : client.eu', "/a"],
  ['has(request.headers.accept) && request.method == "POST"', "/a"],
])("%s: the URL alone decides at %s", (source, target) => {
  expect(readsAt(source, target)).toBeUndefined();
  expect(readsAt(source, "/b/")).toSatisfy((reads) => reads !== undefined || source.includes("POST"));
});

test.each<[string, unknown]>([
  ["text", undefined],
  ["${request.path}-${request.query}", undefined],
  ["${client.country}", nobodyElses],
  ['a-${"b" + client.country}', nobodyElses],
  ["${string(client.asn)}", nobodyElses],
  ["${client.country == 'DE'}", nobodyElses],
  ['${request.headers["x-a"]}${request.cookies.a}', of("x-a", "Cookie")],
  ['${request.headers["x-a"]}${client.ip}', { fields: ["x-a"], isPrivate: true }],
  ['${request.path == "/a" ? "a" : client.country}', undefined],
  ['${request.path == "/b" ? "b" : client.country}', nobodyElses],
])("the text %s", (source, expected) => {
  const compiled = compileText(source, language);
  if (compiled.kind === "mistake") throw new Error(compiled.mistake.expected);
  expect(compiled.run.reads?.(visitTo("/a"))).toEqual(expected);
});
