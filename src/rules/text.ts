/** Texts in which `${…}` holds CEL. */
import type { AnswerText, Text } from "../config/model.ts";
import type { FilledText } from "../config/rewrite.ts";
import type { Wording } from "../config/shape.ts";
import { fill, parseFilling } from "../http/path-pattern.ts";
import { compile } from "./compile/compile.ts";
import { ResponseFacts } from "./facts.ts";
import type { Language } from "./language.ts";
import { parse, type Mistake } from "./mistake.ts";
import { readingOf, readingOfAll } from "./reads.ts";
import { splitTemplate } from "./template.ts";

/** What a source was compiled to, or why it can't be. */
export type Compiled<T> =
  | { readonly kind: "compiled"; readonly run: T }
  | { readonly kind: "mistake"; readonly mistake: Mistake };

/**
 * A text in which `${…}` holds CEL that gives a text, a number, or true or false. It never throws: what fails on a visit
 * becomes "". A literal `${` is written `${"$"}{`.
 * @param compileCel what stands in `${…}`.
 */
export function compileText(source: string, language: Language, compileCel = compileValue): Compiled<Text> {
  const parts = compileParts(source, (cel) => compileCel(cel, language));
  return Array.isArray(parts) ? { kind: "compiled", run: join(parts) } : { kind: "mistake", mistake: parts };
}

/** The same about an answer, too, as `response`. */
export function compileAnswerText(source: string, language: Language): Compiled<AnswerText> {
  const parts = compileParts(source, (cel) => compileAnswerValue(cel, language));
  if (!Array.isArray(parts)) return { kind: "mistake", mistake: parts };
  return {
    kind: "compiled",
    run: (visit, answer) => parts.map((part) => (typeof part === "string" ? part : part(visit, answer))).join(""),
  };
}

/** A text in which, besides, `:name` stands for what a pattern of paths took under that name. */
export function compileFilledText(source: string, language: Language, names: readonly string[]): Compiled<FilledText> {
  const parts = compileParts(source, (cel) => compileValue(cel, language));
  if (!Array.isArray(parts)) return { kind: "mistake", mistake: parts };
  const filled: FilledText[] = [];
  for (const part of parts) {
    if (typeof part !== "string") {
      filled.push(part);
      continue;
    }
    const filling = parseFilling(part, names);
    if ("flaw" in filling)
      return { kind: "mistake", mistake: { what: source, expected: flawed(filling.flaw), among: [], at: 0 } };
    filled.push((_visit, taken) => fill(filling, taken));
  }
  const run: FilledText = (visit, taken) => filled.map((part) => part(visit, taken)).join("");
  return { kind: "compiled", run: Object.assign(run, readingOfAll(filled)) };
}

function flawed(flaw: string): string {
  return `a text that is made of what the pattern takes: ${flaw}`;
}

/** Texts as they stand, and what the CEL in `${…}` was compiled to. */
function compileParts<T>(source: string, compileCel: (source: string) => Compiled<T>): (string | T)[] | Mistake {
  const parts: (string | T)[] = [];
  for (const part of splitTemplate(source)) {
    if (part.kind === "unclosed") return unclosed(source, part.at);
    if (part.kind === "text") parts.push(part.text);
    else {
      const value = compileCel(part.source);
      if (value.kind === "mistake") return { ...value.mistake, at: value.mistake.at + part.at };
      parts.push(value.run);
    }
  }
  return parts;
}

/** The same; a text without `${…}`, which is the same for everyone, stays a string. */
export function compileWording(source: string, language: Language): Compiled<Wording> {
  const isFixed = splitTemplate(source).every(({ kind }) => kind === "text");
  return isFixed ? { kind: "compiled", run: source } : compileText(source, language);
}

function join(parts: readonly (string | Text)[]): Text {
  const [first = ""] = parts;
  if (parts.length <= 1) return typeof first === "string" ? () => first : first;
  const joined: Text = (visit) =>
    parts.reduce<string>((text, part) => text + (typeof part === "string" ? part : part(visit)), "");
  return Object.assign(joined, readingOfAll(parts.filter((part) => typeof part !== "string")));
}

/** CEL types that can become a text. */
export const textTypes = ["string", "int", "uint", "double", "bool", "dyn"];

/** CEL that gives a text, a number, or true or false. */
export function compileValue(source: string, language: Language): Compiled<Text> {
  const expression = parse(source, language, textTypes);
  if (typeof expression !== "function") return { kind: "mistake", mistake: expression };
  const ask = compile(expression);
  const run: Text = (visit) => toText(ask(language.contextOf(visit)));
  return { kind: "compiled", run: Object.assign(run, readingOf(expression.ast, ask, language)) };
}

/** What doesn't ask about `response` is compiled as everywhere. */
function compileAnswerValue(source: string, language: Language): Compiled<AnswerText> {
  if (!/\bresponse\b/.test(source)) return compileValue(source, language);
  const expression = parse(source, { ...language, environment: language.afterwards }, textTypes);
  if (typeof expression !== "function") return { kind: "mistake", mistake: expression };
  const ask = compile(expression);
  return {
    kind: "compiled",
    run: (visit, answer) => toText(ask({ ...language.contextOf(visit), response: new ResponseFacts(answer) })),
  };
}

/** "" for what is unknown (a NaN) or no text. */
function toText(value: unknown): string {
  if (typeof value === "string") return value;
  const isText =
    typeof value === "bigint" || typeof value === "boolean" || (typeof value === "number" && !Number.isNaN(value));
  return isText ? String(value) : "";
}

function unclosed(source: string, at: number): Mistake {
  return { what: source, expected: 'a text in which every "${" is closed by "}"', among: [], at };
}
