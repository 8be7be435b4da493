import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FixedList, parseMember, type Lists } from "../../src/lists/lists.ts";
import { compileWhen, createLanguage, type Mistake } from "../../src/rules/rules.ts";
import { person } from "../harness/rooms.ts";
import { visitOf, type VisitParts } from "./visit.ts";

const lists: Lists = new Map(
  Object.entries({
    offices: ["192.0.2.0/24", "2001:db8::/32"],
    embargo: ["KP", "IR"],
    clouds: [64500, "AS64501"],
    bots: ["gptbot"],
  }).map(([name, members]) => [name, FixedList.of(members.map((member) => parseMember(member)!))]),
);
const language = createLanguage(lists);

function applies(source: string, visit: VisitParts = {}): boolean {
  const compiled = compileWhen(source, language);
  if (compiled.kind === "mistake") throw new Error(JSON.stringify(compiled.mistake));
  return compiled.run(visitOf(visit));
}

function mistakeOf(source: string): Mistake | undefined {
  const compiled = compileWhen(source, language);
  return compiled.kind === "mistake" ? compiled.mistake : undefined;
}

describe("facts", () => {
  const url = "http://WWW.Example.com:8080/a%20b/c?x=1&y=2#z";

  test.each([
    ['request.method == "POST"', { method: "POST" }],
    ['request.url == "http://www.example.com:8080/a%20b/c?x=1&y=2#z"', { url }],
    ['request.scheme == "http"', { url }],
    ['request.host == "www.example.com"', { url }],
    ['request.path == "/a%20b/c"', { url }],
    ['request.query == "x=1&y=2"', { url }],
    ['request.query == ""', {}],
    ['request.headers["x-a"] == "1" && "x-a" in request.headers', { headers: { "x-a": "1" } }],
    ["has(request.headers.accept)", { headers: { accept: "*/*" } }],
    ['request.cookies["a"] == "1=2" && request.cookies.b == "3"', { headers: { cookie: "a=1=2; b = 3;a=4; c" } }],
    ['!("c" in request.cookies)', { headers: { cookie: "a=1; c" } }],
    ["request.contentLength == 12", { headers: { "content-length": "12" } }],
    ["request.contentLength == -1", { headers: { "content-length": "1e3" } }],
    ['client.ip == "192.0.2.1"', {}],
    ['client.group == "192.0.2.1"', {}],
    ['client.group == "2001:db8:0:1::/64"', { client: { ip: "2001:db8:0:1:2::3" } }],
    ['client.eu && client.country == "FR"', { client: { country: "FR" } }],
    ['!client.eu && client.country == "T1"', { client: { country: "T1" } }],
    ["!client.eu", {}],
    ['client.country == "DE" && client.continent == "EU"', { client: { country: "DE", continent: "EU" } }],
    ["client.asn == 64500 && client.asn > 64000", { client: { asn: 64500 } }],
    ["client.latitude > 50 && client.longitude < 13.5", { client: { latitude: 52.5, longitude: 13.4 } }],
    [
      'client.city == "Berlin" && client.timezone == "Europe/Berlin"',
      { client: { city: "Berlin", timezone: "Europe/Berlin" } },
    ],
    ['client.bot == "gptbot"', { bot: "gptbot" }],
    ['client.kind == "ai-training"', { identity: { kind: "ai-training" } }],
    ["client.verified && !client.impostor", { identity: { proof: "verified" } }],
    ["client.impostor && !client.verified", { identity: { proof: "impostor" } }],
    ['client.tor && client.kind == "person"', { client: { country: "T1" } }],
    ["client.score >= 70 && client.score < 71", { identity: { score: { ...person.score, total: () => 70 } } }],
    ['client.device == "tablet"', { headers: { "user-agent": "Mozilla/5.0 (Android 15; Tablet; rv:144.0)" } }],
    ['client.tls == "TLSv1.3"', { client: { tls: "TLSv1.3" } }],
  ] satisfies [string, VisitParts][])("%s", (source, visit) => {
    expect(applies(source, visit)).toBe(true);
    expect(applies(`!(${source})`, visit)).toBe(false);
  });

  test("what isn't known of the client is empty, and no comparison of its position holds", () => {
    expect(
      applies('client.country + client.continent + client.city + client.timezone + client.bot + client.tls == ""'),
    ).toBe(true);
    expect(applies("client.asn == 0")).toBe(true);
    expect(applies("client.latitude < 0.0 || client.latitude >= 0.0 || client.longitude == client.longitude")).toBe(
      false,
    );
  });
});

describe("lists and prefixes", () => {
  test.each([
    ['inList(client.ip, "offices")', { client: { ip: "192.0.2.77" } }, { client: { ip: "198.51.100.1" } }],
    ['inList(client.ip, "offices")', { client: { ip: "2001:db8::1" } }, { client: { ip: "" } }],
    ['inList(client.country, "embargo")', { client: { country: "KP" } }, { client: { country: "DE" } }],
    ['inList(client.asn, "clouds")', { client: { asn: 64501 } }, {}],
    ['inList(client.bot, "bots")', { bot: "GPTBot" }, {}],
    [
      'inList(request.headers["x-forwarded-for"], "offices")',
      { headers: { "x-forwarded-for": "192.0.2.1" } },
      { headers: { "x-forwarded-for": "unknown" } },
    ],
    ['inNet(client.ip, "10.0.0.0/8")', { client: { ip: "10.1.2.3" } }, { client: { ip: "11.1.2.3" } }],
    ['inNet(client.ip, "2001:db8::/32")', { client: { ip: "2001:db8::1" } }, { client: { ip: "" } }],
    ['inNet(client.ip, "10.0.0.0/8")', { client: { ip: "::ffff:10.1.2.3" } }, { client: { ip: "::10.1.2.3" } }],
    ['inNet(client.ip, "10.0.0.0/8")', { client: { ip: "2002:a01:203::1" } }, { client: { ip: "2002:b01:203::1" } }],
    ['inNet(client.ip, "10.0.0.0/8")', { client: { ip: "64:ff9b::a01:203" } }, { client: { ip: "64:ff9c::a01:203" } }],
    ['inNet(client.ip, "2002::/16")', { client: { ip: "2002:a01:203::1" } }, { client: { ip: "10.1.2.3" } }],
  ] satisfies [string, VisitParts, VisitParts][])("%s", (source, inside, outside) => {
    expect(applies(source, inside)).toBe(true);
    expect(applies(source, outside)).toBe(false);
  });
});

describe("a condition that fails on a visit does not apply", () => {
  test.each([
    'request.headers["x-none"] == "1"',
    'request.headers["x-none"] != "1"',
    "1 / (request.contentLength + 1) == 0",
    "dyn(1)",
  ])("%s", (source) => {
    expect(applies(source)).toBe(false);
  });

  test("unless the failing part doesn't matter", () => {
    expect(applies('request.method == "GET" || request.headers["x-none"] == "1"')).toBe(true);
  });
});

describe("mistakes are found when it is compiled", () => {
  test.each([
    ['reqest.path == "/"', "reqest", "a variable", 0],
    ['client.ip == "" && request.pth == "/"', "pth", "a field of request", 27],
    ['client.contry == "DE"', "contry", "a field of client", 7],
    ['request.path.startWith("/a")', "startWith", "a function", 0],
    ['inlist(client.ip, "offices")', "inlist", "a function", 0],
    ['inList(client.ip, "ofices")', "ofices", "the name of a list in LISTS", 18],
    ['inNet(client.ip, "10.0.0.0/33")', "10.0.0.0/33", "an address or a prefix", 17],
    ["inNet(client.ip, client.city)", "client.city", "a text in quotes", 17],
    ['inNet(client.asn, "10.0.0.0/8")', "client.asn", "of type string", 6],
    ['request.path.matches("(")', "(", "a regular expression", 21],
    ['request.path == "/" || [1].exists(x, request.path.matches("["))', "[", "a regular expression", 58],
    ['request.path.matches("(a)\\\\1")', "(a)\\1", "what a group has found can't be asked for again", 21],
    ['request.path.matches("a(?!b)")', "a(?!b)", 'join two conditions by "&&"', 21],
    ['dyn(request.path).matches("(?i)a")', "(?i)a", 'for "(?i)" ask lowerAscii() for its matches()', 26],
    ['request.path.matches("(?i:a)")', "(?i:a)", 'for "(?i)" ask lowerAscii() for its matches()', 21],
    ['request.path.matches("[[:digit:]]")', "[[:digit:]]", 'write "0-9"', 21],
    ['request.path.matches("a{1000}")', "a{1000}", "it is too long", 21],
    ["request.path.matches(request.query)", "The argument of matches()", "a text in quotes", 21],
    ['request.headers["X-A"] == "1"', "X-A", "a field name in lower case", 16],
    ['"X-A" in request.headers', "X-A", "a field name in lower case", 0],
    ["request.path", "request.path", "an expression that gives bool (it gives string)", 0],
    ["request.path == 1", "request.path == 1", "an expression that can be read: no such overload", 0],
    ["request.path ==", "request.path ==", "an expression that can be read: Unexpected token", 15],
    ["", "", "an expression that can be read", 0],
    ["inList(client.ip)", "inList(client.ip)", "a call of inList(ast, ast): bool", 0],
  ])("%s", (source, ...told) => {
    const [what, expected, at] = told;
    const mistake = mistakeOf(source);
    expect(mistake).toMatchObject({ what, at });
    expect(mistake!.expected).toContain(expected);
  });

  test("with the words that would have been right", () => {
    expect(mistakeOf('request.pth == "/"')!.among).toContain("path");
    expect(mistakeOf('client.contry == ""')!.among).toContain("country");
    expect(mistakeOf('request.path.startWith("/a")')!.among).toContain("startsWith");
    expect(mistakeOf('inList(client.ip, "ofices")')!.among).toContain("offices");
  });

  test("no source makes compiling or asking throw", () => {
    const words = fc.constantFrom(
      "request.path",
      "client.ip",
      "client.asn",
      "inList(",
      "inNet(",
      '"offices"',
      ")",
      "(",
      "==",
      "&&",
      "!",
      '"',
      "1",
      "[",
      "]",
      "matches",
      ".",
      "{",
      "}",
      " in ",
      "?",
      ":",
      "x",
      ",",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 12 }).map((list) => list.join("")),
        ),
        (source) => {
          const compiled = compileWhen(source, language);
          if (compiled.kind === "compiled") expect(compiled.run(visitOf())).toBeTypeOf("boolean");
          else expect(compiled.mistake.at).toBeLessThanOrEqual(source.length);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
