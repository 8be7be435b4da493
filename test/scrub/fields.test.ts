import { describe, expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";
import { fieldFlaw, withPlainNames } from "../../src/scrub/fields.ts";
import { decisions, sited } from "../harness/rooms.ts";

const flawOf = (headers: Readonly<Record<string, string>>, method = "GET", methodOverrides = false) =>
  fieldFlaw({ method, fields: Fields.of(headers) }, { methodOverrides });

describe("a value", () => {
  const valid = ["", "\t", " ", "a\tb", "~", "\u0080", "\u00ff", "\u20ac"];
  test.for(valid)("%j is valid", (value) => expect(flawOf({ "x-any": value })).toBeUndefined());

  const codes = [...Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 9), 127];
  test("with any control character but a tab is not", () => {
    for (const code of codes) expect(flawOf({ accept: `a${String.fromCharCode(code)}b` }), `${code}`).toBe("bad-field");
  });
});

describe("a transfer coding", () => {
  test.for(["chunked", "Chunked", "CHUNKED"])("of %s is undone", (coding) => {
    expect(flawOf({ "transfer-encoding": coding }, "POST")).toBeUndefined();
  });

  test.for(["gzip, chunked", "chunked, chunked", "identity", "", "chunked ", "x"])("of %j is not", (coding) => {
    expect(flawOf({ "transfer-encoding": coding }, "POST")).toBe("transfer-coding");
  });
});

describe("another method", () => {
  const names = ["x-http-method", "x-http-method-override", "x-method-override", "x_http_method_override"];
  test.for(names)("in %s is refused, whatever it is", (name) => {
    for (const method of ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]) {
      for (const value of ["DELETE", "GET", "", "x"]) expect(flawOf({ [name]: value }, method)).toBe("method-override");
    }
  });

  test.for(names)("in %s of a POST is let through where the settings say so, and of no other", (name) => {
    expect(flawOf({ [name]: "PATCH" }, "POST", true)).toBeUndefined();
    for (const method of ["GET", "HEAD", "PUT"])
      expect(flawOf({ [name]: "PATCH" }, method, true)).toBe("method-override");
  });

  test("in a field that only looks like it is none", () => {
    expect(flawOf({ "x-method": "DELETE", "x-http-methods": "DELETE" })).toBeUndefined();
  });
});

describe("names", () => {
  test("of letters, digits and dashes leave a visit as it is", () => {
    const visit = sited("/", { headers: { "X-A1": "1", accept: "*/*" } });
    expect(withPlainNames(visit, { fieldNames: "plain" })).toBe(visit);
    expect(decisions(visit)).toEqual([]);
  });

  test("of anything else are dropped, and told as far as they are short", () => {
    const odd = ["a_b", "a.b", "a!b", "a`b", "a|b", "a~", "_", `x_${"y".repeat(200)}`];
    const visit = sited("/", { headers: Object.fromEntries([...odd, "kept"].map((name) => [name, "1"])) });
    expect([...withPlainNames(visit, { fieldNames: "plain" }).fields.asMap().keys()]).toEqual(["kept"]);
    expect(decisions(visit)).toEqual([expect.stringMatching(/^scrub dropped:[\w.,-]{80}$/)]);
    expect(withPlainNames(visit, { fieldNames: "any" })).toBe(visit);
  });
});
