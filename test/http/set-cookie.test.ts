import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cookieAttribute, mapCookieAttributes } from "../../src/http/set-cookie.ts";

describe("Set-Cookie (RFC 6265)", () => {
  const line = "SID=31d4; Path=/a; Domain = .example.com ;Secure; HttpOnly; Expires=Wed, 09 Jun 2027 10:18:14 GMT";

  test("attributes are read without regard to case and white space", () => {
    expect(cookieAttribute(line, "domain")).toBe(".example.com");
    expect(cookieAttribute(line, "path")).toBe("/a");
    expect(cookieAttribute(line, "expires")).toBe("Wed, 09 Jun 2027 10:18:14 GMT");
    expect(cookieAttribute(line, "secure")).toBeUndefined();
    expect(cookieAttribute("a=b; Path=/x; path=/y", "path")).toBe("/y");
  });

  test("the cookie's own name and value are no attributes", () => {
    expect(mapCookieAttributes("domain=x; Domain=y", { domain: () => "z" })).toBe("domain=x; Domain=z");
  });

  test("only what is mapped changes", () => {
    const mapped = mapCookieAttributes(line, { domain: () => "www.example.org" });
    expect(mapped).toBe(line.replace(" .example.com ", "www.example.org"));
  });

  test("under the identity every line stays as it is written", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, name) => {
        expect(mapCookieAttributes(text, { [name]: (value) => value, domain: (value) => value })).toBe(text);
      }),
    );
  });
});
