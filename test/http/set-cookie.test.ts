import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapCookieAttributes, ownCookie, setCookieAttributes } from "../../src/http/set-cookie.ts";

describe("Set-Cookie (RFC 6265)", () => {
  const line = "SID=31d4; Path=/a; Domain = .example.com ;Secure; HttpOnly; Expires=Wed, 09 Jun 2027 10:18:14 GMT";

  test("attributes are read without regard to case and white space, each of repeated ones", () => {
    const seen: string[] = [];
    const see = (value: string) => {
      seen.push(value);
      return value;
    };
    mapCookieAttributes(line, { domain: see, path: see, expires: see, secure: see });
    mapCookieAttributes("a=b; Path=/x; path=/y", { path: see });
    expect(seen).toEqual(["/a", ".example.com", "Wed, 09 Jun 2027 10:18:14 GMT", "/x", "/y"]);
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

test("attributes are set once, and twice is the same as once", () => {
  const attribute = fc.tuple(fc.constantFrom("Path", "Secure", "SameSite"), fc.constantFrom("", "/a", undefined));
  const line = fc.string({ unit: fc.constantFrom("a", "=", ";", " ", "path", "SECURE", "SameSite", "=/b") });
  fc.assert(
    fc.property(line, fc.uniqueArray(attribute, { selector: ([name]) => name }), (text, attributes) => {
      const set = setCookieAttributes(text, attributes);
      expect(setCookieAttributes(set, attributes)).toBe(set);
      expect(set.split(";")[0]).toBe(text.split(";")[0]);
      for (const [name, value] of attributes) {
        const there = set
          .split(";")
          .slice(1)
          .map((each) => each.trim())
          .filter((each) => each.toLowerCase().split("=")[0]!.trim() === name.toLowerCase());
        expect(there).toEqual(value === undefined ? [] : [value === "" ? name : `${name}=${value}`]);
      }
    }),
  );
});

test("the edge's own cookies are for the host alone, and for https where they come by it", () => {
  const cookie = { name: "a", value: "b", lasts: 90_500, protocol: "https:" };
  expect(ownCookie(cookie)).toBe("a=b; Path=/; Max-Age=90; HttpOnly; SameSite=Lax; Secure");
  expect(ownCookie({ ...cookie, protocol: "http:", lasts: 0 })).toBe("a=b; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
});
