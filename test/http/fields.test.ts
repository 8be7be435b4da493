import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Fields } from "../../src/http/fields.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/).filter((text) => text !== "set-cookie");
const value = fc.stringMatching(/^([!-~]([ -~]{0,20}[!-~])?)?$/);
const lines = fc.array(fc.tuple(name, value));

function filled(from: readonly (readonly [string, string])[], cookies: readonly string[]): Fields {
  const fields = new Fields();
  for (const [key, line] of from) fields.append(key, line);
  for (const cookie of cookies) fields.append("set-cookie", cookie);
  return fields;
}

describe("fields (RFC 9110 §5)", () => {
  test("repeated lines become one list; Set-Cookie keeps its lines", () => {
    const headers = new Headers([
      ["Vary", "a"],
      ["vary", "b"],
      ["Set-Cookie", "a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT"],
      ["Set-Cookie", "b=2"],
    ]);
    const fields = Fields.from(headers);
    expect(fields.get("vary")).toBe("a, b");
    expect(fields.cookies).toEqual(["a=1; Expires=Wed, 09 Jun 2027 10:18:14 GMT", "b=2"]);
    expect(fields.size).toBe(3);
    expect(fields.has("set-cookie")).toBe(true);
  });

  test("are the same after a trip through the platform's headers", () => {
    fc.assert(
      fc.property(lines, fc.array(value), (from, cookies) => {
        const fields = filled(from, cookies);
        // White space at a value's ends is no part of it (RFC 9110 §5.5), and an empty line joined to another makes some.
        const trimmed = [...fields].map(([name, text]) => [name, text.trim()]);
        expect([...Fields.from(new Headers(fields.toInit()))].toSorted()).toEqual(trimmed.toSorted());
      }),
    );
  });

  test("are the same after a trip through JSON, and as a copy that nobody else edits", () => {
    fc.assert(
      fc.property(lines, fc.array(value), (from, cookies) => {
        const fields = filled(from, cookies);
        expect([...Fields.fromJSON(JSON.parse(JSON.stringify(fields)))]).toEqual([...fields]);
        const before = [...fields];
        fields.copy().set("x", "y").append("set-cookie", "z=1").delete("vary");
        expect([...fields]).toEqual(before);
      }),
    );
  });

  test("set replaces, append adds, delete removes; for Set-Cookie too", () => {
    const fields = Fields.of({ a: "1" }).append("a", "2").set("set-cookie", "x=1").append("set-cookie", "y=2");
    expect([...fields]).toEqual([
      ["a", "1, 2"],
      ["set-cookie", "x=1"],
      ["set-cookie", "y=2"],
    ]);
    fields.set("a", "3").set("set-cookie", "z=3");
    expect([...fields]).toEqual([
      ["a", "3"],
      ["set-cookie", "z=3"],
    ]);
    fields.delete("a").delete("set-cookie");
    expect(fields.size).toBe(0);
    expect(fields.has("set-cookie")).toBe(false);
  });
});
