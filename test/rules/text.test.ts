import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileText, createLanguage } from "../../src/rules/rules.ts";
import { visitOf } from "./visit.ts";

const language = createLanguage(new Map());
const visit = visitOf({ url: "https://www.example.com/a/b?c=1", client: { asn: 64500, latitude: 52.5 } });

function textOf(source: string): string {
  const compiled = compileText(source, language);
  if (compiled.kind === "mistake") throw new Error(JSON.stringify(compiled.mistake));
  return compiled.run(visit);
}

describe("texts", () => {
  test.each([
    ["", ""],
    ["plain", "plain"],
    ["$5 {a} $", "$5 {a} $"],
    ["${request.path}", "/a/b"],
    ["https://${request.host}${request.path}?${request.query}!", "https://www.example.com/a/b?c=1!"],
    ["AS${client.asn} ${client.latitude} ${1 == 1}", "AS64500 52.5 true"],
    ['${"$"}{', "${"],
    ['${{"a": "}"}["a"]}', "}"],
    ["${'\\'}'}", "'}"],
    ['[${request.headers["x-none"]}]', "[]"],
    ["[${client.longitude}]", "[]"],
  ])("%s", (source, text) => expect(textOf(source)).toBe(text));

  test.each([
    ["a ${request.path", "a ${request.path", 'a text in which every "${" is closed by "}"', 2],
    ["a ${reqest.path}", "reqest", "a variable", 4],
    ["${}", "", "an expression that can be read", 2],
    ["${request.headers}", "request.headers", "an expression that gives string (it gives map<string, string>)", 2],
  ])("mistake in %s", (source, ...told) => {
    const [what, expected, at] = told;
    const compiled = compileText(source, language);
    expect(compiled).toMatchObject({ kind: "mistake", mistake: { what, at } });
    expect(compiled.kind === "mistake" && compiled.mistake.expected).toContain(expected);
  });

  test("no source makes compiling or asking throw", () => {
    const words = fc.constantFrom("${", "}", "{", '"', "'", "\\", "request.path", "a", " ");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 12 }).map((list) => list.join("")),
        ),
        (source) => {
          const compiled = compileText(source, language);
          if (compiled.kind === "compiled") expect(compiled.run(visit)).toBeTypeOf("string");
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
