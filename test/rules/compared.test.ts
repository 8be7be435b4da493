import { describe, expect, test } from "vitest";
import { compileAnswerTest, compileWhen, createLanguage } from "../../src/rules/rules.ts";

const language = createLanguage(new Map());

/** What is wrong, as far as it is told, and where. */
function told(source: string): { readonly what: string; readonly expected: string; readonly at: number } | undefined {
  const compiled = compileWhen(source, language);
  return compiled.kind === "mistake" ? compiled.mistake : undefined;
}

test.for<[source: string, what: string, right: string]>([
  ['request.path == "/a%2fb"', "/a%2fb", "/a%2Fb"],
  ['"/%61dmin" == request.path', "/%61dmin", "/admin"],
  ['request.path == "/a?x=1"', "/a?x=1", "/a"],
  ['request.path == "/a#b"', "/a#b", "/a"],
  ['request.path.startsWith("admin")', "admin", "/admin"],
  ['request.path.startsWith("/%61")', "/%61", "/a"],
  ['request.path.endsWith("é.html")', "é.html", "%C3%A9.html"],
  ['request.path.contains(" ")', " ", "%20"],
  ['request.path == "/my file"', "/my file", "/my%20file"],
  ['request.path == "/café"', "/café", "/caf%C3%A9"],
  ['request.path != "/100%"', "/100%", "/100%25"],
  ['request.path in ["/a", "/b c"]', "/b c", "/b%20c"],
  ['client.bot == "GPTBot"', "GPTBot", "gptbot"],
  ['client.bot.contains("Bot")', "Bot", "bot"],
  ['client.kind == "ai_training"', "ai_training", "ai-training"],
  ['client.country == "de"', "de", "DE"],
  ['client.country == "UK"', "UK", "GB"],
  ['client.country in ["FR", "el"]', "el", "GR"],
  ['client.continent == "Europe"', "Europe", "EU"],
  ['client.device == "mobile"', "mobile", "phone"],
  ['client.device == "Phone"', "Phone", "phone"],
  ['client.ip == "::ffff:192.0.2.1"', "::ffff:192.0.2.1", "192.0.2.1"],
  ['client.ip == "2001:DB8:0::1"', "2001:DB8:0::1", "2001:db8::1"],
  ['client.ip.startsWith("2001:DB8:")', "2001:DB8:", "2001:db8:"],
  ['request.method == "post"', "post", "POST"],
  ['request.host == "WWW.Example.com"', "WWW.Example.com", "www.example.com"],
  ['request.host == "a.example:8080"', "a.example:8080", "a.example"],
  ['request.host == "a.example."', "a.example.", "a.example"],
  ['request.host == "bücher.example"', "bücher.example", "xn--bcher-kva.example"],
  ['request.host.endsWith(".Example.com")', ".Example.com", ".example.com"],
  ['request.scheme == "https:"', "https:", "https"],
])("%s: %s should be %s", ([source, what, right]) => {
  const mistake = told(source);
  expect(mistake).toMatchObject({ what, at: source.indexOf(JSON.stringify(what)) });
  expect(mistake!.expected).toMatch(
    /^(?:(?:the beginning of|the end of|in) )?a value of (?:request|client)\.\w+, which is /,
  );
  expect(mistake!.expected).toContain(`: write ${JSON.stringify(right)}`);
  // What is told instead can be.
  expect(told(source.replace(JSON.stringify(what), JSON.stringify(right)))).toBeUndefined();
});

test.for<[source: string, what: string]>([
  ['request.path == "/a/../b"', "/a/../b"],
  ['request.path.contains("?")', "?"],
  ['client.ip == "192.0.2.0/24"', "192.0.2.0/24"],
  ['client.ip == "192.0.2.300"', "192.0.2.300"],
  ['client.country == "ZZ"', "ZZ"],
  ['client.kind == "robot"', "robot"],
  ['request.host == "*.example.com"', "*.example.com"],
  ["client.score > 100", "client.score > 100"],
  ["client.score >= 0 && 101 <= client.score", "101 <= client.score"],
  ["client.score < 0", "client.score < 0"],
  ["client.score == -1", "client.score == -1"],
  ["client.asn in [1, 4294967296]", "client.asn in [1, 4294967296]"],
  ["client.latitude > 90.5", "client.latitude > 90.5"],
])("%s: %s can be nothing, and nothing is told instead", ([source, what]) => {
  expect(told(source)).toMatchObject({ what, expected: expect.not.stringContaining("write") as string });
});

test("it is told of what is asked about answers, too", () => {
  const mistakeOf = (source: string): string => compileAnswerTest(source, language).kind;
  expect(mistakeOf("response.status == 4040")).toBe("mistake");
  expect(mistakeOf("response.status >= 500")).toBe("compiled");
});

test("words that come near are offered", () => {
  const compiled = compileWhen('client.kind == "ai-trainnig"', language);
  expect(compiled).toMatchObject({ mistake: { among: expect.arrayContaining(["ai-training"]) as string[] } });
});

describe("what can be is let through:", () => {
  test.each([
    'request.path == "/" || request.path == "//a" || request.path == "/a;b" || request.path == "/%40a%2Fb"',
    'request.path.startsWith("") || request.path.startsWith("/a%") || request.path.startsWith("/a%2")',
    'request.path.endsWith("2Fb") || request.path.endsWith(".php") || request.path.contains("\\\\")',
    'request.path.contains("..") || request.path.contains("a/b") || request.path.lowerAscii() == "/A"',
    'request.host == "[2001:db8::1]" || request.host == "192.0.2.1" || request.host == "a_b.example"',
    'request.host.startsWith("www.") || request.host.endsWith(".example.com") || request.host.contains("shop")',
    'client.ip == "" || client.ip.startsWith("192.168.") || client.ip == "2001:db8::1"',
    'client.country == "" || client.country == "T1" || client.country in ["DE", "XK"]',
    'client.continent != "" && client.bot == "" && client.bot != "mj12bot"',
    'client.kind.startsWith("ai-") || client.kind in ["search", "feed"] || client.tls != "TLSv1.2"',
    "client.score > 99 && client.score >= 0 && client.asn == 0 && request.contentLength > -1",
    'request.method == "PROPFIND" || request.query == "é" || request.headers["a"] == "B"',
    'client.group == "2001:db8:0:1::/64" || client.city == "München"',
  ])("%s", (source) => expect(told(source)).toBeUndefined());
});
