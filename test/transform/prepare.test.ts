import { describe, expect, test } from "vitest";
import type { Fields } from "../../src/http/fields.ts";
import { prepare } from "../../src/transform/transform.ts";
import { answer, edge, origin, visitTo, type VisitOptions } from "./visit.ts";

/** A field as it comes out, for a visit to https://www.example.com/page. */
async function prepared(
  name: string,
  value: string,
  options: VisitOptions & { at?: string } = {},
): Promise<string | undefined> {
  const { fields } = await prepare(visitTo(options.at ?? "/page", options), answer({ [name]: value }), edge);
  return name === "set-cookie" ? fields.cookies[0] : fields.get(name);
}

async function cookies(line: string, options: VisitOptions = {}): Promise<Fields["cookies"]> {
  const from = answer({});
  from.fields.append("set-cookie", line);
  return (await prepare(visitTo("/page", options), from, edge)).fields.cookies;
}

const two = { origins: [origin("fra", "https://fra.example"), origin("iad", "http://iad.example:8080/app")] };
const based = { origins: [origin("fra", "https://fra.example/app")] };

describe("prepare hides the origin", () => {
  test.for([
    "server",
    "x-powered-by",
    "via",
    "x-aspnet-version",
    "x-served-by",
    "x-varnish",
    "alt-svc",
    "cache-status",
  ])("%s goes", async (name) => {
    expect(await prepared(name, "secret")).toBeUndefined();
  });

  test.for([
    ["content-type", "text/css"],
    ["etag", '"abc"'],
    ["content-length", "5"],
    ["accept-ranges", "bytes"],
    ["server-timing", "db;dur=5"],
    ["cache-control", "max-age=5"],
    ["x-anything", "https://elsewhere.example/"],
  ] as const)("%s stays as it is", async ([name, value]) => {
    expect(await prepared(name, value)).toBe(value);
  });
});

describe("prepare maps addresses in fields", () => {
  test.for([
    ["https://fra.example/x?y#z", "https://www.example.com/x?y#z"],
    ["http://fra.example/x", "https://www.example.com/x"],
    ["HTTPS://FRA.example:443/x", "https://www.example.com/x"],
    ["http://fra.example:80", "https://www.example.com"],
    ["//fra.example/x", "//www.example.com/x"],
    ["https://fra.example?x", "https://www.example.com?x"],
    ["wss://fra.example/live", "wss://www.example.com/live"],
    ["http://iad.example:8080/app/x", "https://www.example.com/x"],
    ["http://iad.example:8080/app", "https://www.example.com/"],
    ["http://iad.example:8080/app?q", "https://www.example.com/?q"],
    // Not of the site, or not under its base.
    ["http://iad.example:8080/other", "http://iad.example:8080/other"],
    ["http://iad.example:8080/apple", "http://iad.example:8080/apple"],
    ["http://iad.example/app/x", "http://iad.example/app/x"],
    ["https://fra.example.net/x", "https://fra.example.net/x"],
    ["https://fra.example:8443/x", "https://fra.example:8443/x"],
    ["https://fra.example@evil.example/", "https://fra.example@evil.example/"],
    ["ftp://fra.example/x", "ftp://fra.example/x"],
    ["/x", "/x"],
    ["x?u=https://fra.example/", "x?u=https://fra.example/"],
    ["", ""],
  ] as const)("Location: %s → %s", async ([value, mapped]) => {
    expect(await prepared("location", value, two)).toBe(mapped);
  });

  test.for([
    ["/app/x", "/x"],
    ["/app", "/"],
    ["/apple", "/apple"],
    ["/x", "/x"],
    // Never to another host.
    ["/app//evil.example/x", "//www.example.com//evil.example/x"],
    ["/app/\\evil.example/x", "//www.example.com/\\evil.example/x"],
    ["https://fra.example/app//evil.example/x", "https://www.example.com//evil.example/x"],
    ["https://fra.example/app/x", "https://www.example.com/x"],
    ["https://fra.example/x", "https://fra.example/x"],
  ] as const)("the base of the origin that answered goes: %s → %s", async ([value, mapped]) => {
    expect(await prepared("location", value, based)).toBe(mapped);
  });

  test("of two origins on one host, the closer base counts", async () => {
    const origins = [origin("a", "https://fra.example"), origin("b", "https://fra.example/app")];
    expect(await prepared("location", "https://fra.example/app/x", { origins })).toBe("https://www.example.com/x");
    expect(await prepared("location", "https://fra.example/x", { origins })).toBe("https://www.example.com/x");
  });

  test("the visited scheme and port are kept", async () => {
    const at = "http://127.0.0.1:8787/page";
    expect(await prepared("location", "https://fra.example/x", { at })).toBe("http://127.0.0.1:8787/x");
  });

  test("a redirect to https of the very page visited over http stays one, not a loop", async () => {
    const at = "http://www.example.com/page";
    expect(await prepared("location", "https://fra.example/page", { at })).toBe("https://www.example.com/page");
    expect(await prepared("location", "http://fra.example/page", { at })).toBe("http://www.example.com/page");
    expect(await prepared("location", "https://fra.example", { at: "http://www.example.com/" })).toBe(
      "https://www.example.com",
    );
  });

  test.for([
    ["content-location", "https://fra.example/x", "https://www.example.com/x"],
    [
      "link",
      '<https://fra.example/s.css>; rel=preload, </n>; rel="next"',
      '<https://www.example.com/s.css>; rel=preload, </n>; rel="next"',
    ],
    ["refresh", "5; url=https://fra.example/x", "5; url=https://www.example.com/x"],
    ["access-control-allow-origin", "https://fra.example", "https://www.example.com"],
    ["access-control-allow-origin", "*", "*"],
    ["access-control-allow-origin", "https://app.example.org", "https://app.example.org"],
    [
      "content-security-policy",
      "default-src 'self' https://fra.example; img-src fra.example data:; connect-src wss://fra.example",
      "default-src 'self' https://www.example.com; img-src www.example.com data:; connect-src wss://www.example.com",
    ],
  ] as const)("%s: %s", async ([name, value, mapped]) => {
    expect(await prepared(name, value)).toBe(mapped);
  });

  test("an origin has no path, so its base doesn't count", async () => {
    expect(await prepared("access-control-allow-origin", "https://fra.example", based)).toBe("https://www.example.com");
    expect(await prepared("content-security-policy", "img-src https://fra.example;", based)).toBe(
      "img-src https://www.example.com;",
    );
  });

  test.for([
    ["a=1; Domain=fra.example; Secure", "a=1; Domain=www.example.com; Secure"],
    ["a=1; domain=.FRA.example", "a=1; domain=www.example.com"],
    ["a=1; Domain=other.example", "a=1; Domain=other.example"],
    ["a=1; Domain=www.example.com", "a=1; Domain=www.example.com"],
    ["a=1; Path=/x", "a=1; Path=/x"],
    ["a=Domain=fra.example", "a=Domain=fra.example"],
  ] as const)("Set-Cookie: %s", async ([line, mapped]) => {
    expect(await cookies(line)).toEqual([mapped]);
  });

  test("a cookie for a domain above both hosts stays, one only above the origin's comes down", async () => {
    const origins = [origin("fra", "https://fra.origin.example.com")];
    expect(await cookies("a=1; Domain=example.com", { origins })).toEqual(["a=1; Domain=example.com"]);
    expect(await cookies("a=1; Domain=origin.example.com", { origins })).toEqual(["a=1; Domain=www.example.com"]);
  });

  test("a cookie's path loses the origin's base", async () => {
    expect(await cookies("a=1; Path=/app", based)).toEqual(["a=1; Path=/"]);
    expect(await cookies("a=1; Path=/app/x", based)).toEqual(["a=1; Path=/x"]);
    expect(await cookies("a=1; Path=/", based)).toEqual(["a=1; Path=/"]);
  });
});
