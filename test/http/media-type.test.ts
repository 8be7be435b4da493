import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { essence, isOfType, parameter } from "../../src/http/media-type.ts";

describe("media types (RFC 9110 §8.3.1)", () => {
  test.for([
    "text/html;charset=utf-8",
    'Text/HTML;Charset="utf-8"',
    'text/html; charset="utf-8"',
    "text/html;charset=UTF-8",
  ])("%s is HTML in UTF-8", (value) => {
    expect(essence(value)).toBe("text/html");
    expect(parameter(value, "charset")?.toLowerCase()).toBe("utf-8");
  });

  test("parameters are found among others, with what is quoted in them", () => {
    const value = 'multipart/form-data; x="a;charset=no\\""; boundary=b; charset=first; charset=second';
    expect(parameter(value, "x")).toBe('a;charset=no"');
    expect(parameter(value, "boundary")).toBe("b");
    expect(parameter(value, "charset")).toBe("first");
    expect(parameter(value, "absent")).toBeUndefined();
    expect(parameter("text/html", "charset")).toBeUndefined();
    expect(parameter(undefined, "charset")).toBeUndefined();
  });

  test.for([
    ["text/css", true],
    ["application/vnd.api+json", true],
    ["application/json", false],
    ["application/a+jsonx", false],
    ["+json", true],
    ["*+json", true],
    ["", false],
  ] as const)("%s is one of them: %j", ([type, is]) => {
    expect(isOfType(["text/*", "*+json"], type)).toBe(is);
  });

  test("any value is read without an error", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, name) => {
        expect(essence(value)).toBe(essence(value).toLowerCase());
        parameter(value, name);
      }),
    );
  });

  test("a parameter that was written is read", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", " ", ";", '"', "\\", "=") }), (text) => {
        const written = `text/x; p="${text.replace(/["\\]/g, "\\$&")}"; q=1`;
        expect(parameter(written, "p")).toBe(text);
        expect(parameter(written, "q")).toBe("1");
      }),
    );
  });
});
