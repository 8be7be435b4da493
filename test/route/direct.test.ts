import { expect, test } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import { answerDirectly } from "../../src/route/direct.ts";
import { clean, decisions, rule } from "../harness/rooms.ts";

function redirecting(to: string, status = 302): Rule {
  return rule("move", { redirect: { status, to: () => to } });
}

const locations: readonly [written: string, location: string][] = [
  ["/new", "/new"],
  ["new", "new"],
  ["?a=b", "?a=b"],
  ["https://other.example/new?a=b#c", "https://other.example/new?a=b#c"],
  ["https://www.example.com/new", "https://www.example.com/new"],
  ["  /new  ", "/new"],
  ["/café", "https://www.example.com/caf%C3%A9"],
  ["/a b", "https://www.example.com/a%20b"],
  ["https://bücher.example/", "https://xn--bcher-kva.example/"],
  // another host needs its scheme: the path of a request may begin with slashes too
  ["//evil.example", "/evil.example"],
  ["///evil.example", "/evil.example"],
  ["/\\evil.example", "/evil.example"],
  ["\\\\evil.example", "/evil.example"],
  [" //evil.example", "/evil.example"],
];

test.each(locations)("a redirect to %j says Location: %s", (written, location) => {
  const answer = answerDirectly(clean("/old", redirecting(written, 301)));
  expect(answer).toMatchObject({ status: 301, body: null, because: "redirected-by-rule" });
  expect([...answer!.fields]).toEqual([["location", location]]);
});

const unusable = [
  "",
  " ",
  "/new\r\nset-cookie: a=b",
  "/new\n",
  "/a\tb",
  "/a\0b",
  "\n//evil.example",
  "http://",
  "https://a b/",
  "http://[::1/",
];

test.each(unusable)("a redirect to %j lets the visit go on, and the trail says so", (written) => {
  const visit = clean("/old", redirecting(written));
  expect(answerDirectly(visit)).toBeUndefined();
  expect(decisions(visit)).toEqual(["route redirect-unusable:move"]);
});

const itself = [
  "/old?a=b",
  "https://www.example.com/old?a=b",
  "?a=b",
  "old?a=b",
  "HTTPS://WWW.EXAMPLE.COM:443/x/../old?a=b",
  "#top",
  "/old?a=b#top",
];

test.each(itself)("a redirect from /old?a=b to %j would go round for ever", (written) => {
  const visit = clean("/old?a=b", redirecting(written));
  expect(answerDirectly(visit)).toBeUndefined();
  expect(decisions(visit)).toEqual(["route redirect-to-itself:move"]);
});

test.each(["/old", "/old?a=c", "http://www.example.com/old?a=b", "/old/?a=b"])(
  "from /old?a=b to %s is no loop",
  (written) => {
    expect(answerDirectly(clean("/old?a=b", redirecting(written)))).toMatchObject({ status: 302 });
  },
);

test("a redirect is made from the visit", () => {
  const move = rule("move", {
    redirect: { status: 308, to: ({ url }) => `https://other.example${url.pathname}${url.search}` },
  });
  const visit = clean("/a%2Fb?c", move);
  expect(answerDirectly(visit)?.fields.get("location")).toBe("https://other.example/a%2Fb?c");
  expect(decisions(visit)).toEqual(["route redirected-by-rule:move"]);
});

function answering(status: number, body: string, headers: Record<string, string> = {}): Rule {
  const texts = Object.entries(headers).map(([name, value]) => [name, () => value] as const);
  return rule("maintenance page", { respond: { status, body: () => body, headers: texts } });
}

test("an answer has the rule's status, fields and body", () => {
  const visit = clean("/", answering(503, "<h1>Back soon</h1>", { "content-type": "text/html", "retry-after": "120" }));
  const answer = answerDirectly(visit);
  expect(answer).toMatchObject({ status: 503, body: "<h1>Back soon</h1>", because: "answered-by-rule" });
  expect([...answer!.fields]).toEqual([
    ["content-type", "text/html"],
    ["retry-after", "120"],
  ]);
  expect(decisions(visit)).toEqual(["route answered-by-rule:maintenance-page"]);
});

test("a body without a type is plain text", () => {
  const answer = answerDirectly(clean("/robots.txt", answering(200, "User-agent: *")));
  expect([...answer!.fields]).toEqual([["content-type", "text/plain;charset=utf-8"]]);
});

test("an answer without a body has no type", () => {
  const answer = answerDirectly(clean("/", answering(204, "")));
  expect(answer).toMatchObject({ status: 204, body: null });
  expect([...answer!.fields]).toEqual([]);
});

test("the first rule that answers does", () => {
  const answer = answerDirectly(clean("/", rule("none"), redirecting(""), answering(200, "one"), redirecting("/two")));
  expect(answer).toMatchObject({ status: 200, body: "one" });
});

test("without such a rule the visit goes on", () => {
  expect(answerDirectly(clean("/", rule("none")))).toBeUndefined();
  expect(answerDirectly(clean("/"))).toBeUndefined();
});
