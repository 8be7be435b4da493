/** Texts in which `${…}` holds CEL. */
import type { Text } from "../config/model.ts";
import type { Wording } from "../config/shape.ts";
import { compile } from "./compile/compile.ts";
import type { Language } from "./language.ts";
import { parse, type Mistake } from "./mistake.ts";
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
  const parts: (string | Text)[] = [];
  for (const part of splitTemplate(source)) {
    if (part.kind === "unclosed") return { kind: "mistake", mistake: unclosed(source, part.at) };
    if (part.kind === "text") parts.push(part.text);
    else {
      const value = compileCel(part.source, language);
      if (value.kind === "mistake") return { ...value, mistake: { ...value.mistake, at: value.mistake.at + part.at } };
      parts.push(value.run);
    }
  }
  return { kind: "compiled", run: join(parts) };
}

/** The same; a text without `${…}`, which is the same for everyone, stays a string. */
export function compileWording(source: string, language: Language): Compiled<Wording> {
  const isFixed = splitTemplate(source).every(({ kind }) => kind === "text");
  return isFixed ? { kind: "compiled", run: source } : compileText(source, language);
}

function join(parts: readonly (string | Text)[]): Text {
  const [first = ""] = parts;
  if (parts.length <= 1) return typeof first === "string" ? () => first : first;
  return (visit) => parts.reduce<string>((text, part) => text + (typeof part === "string" ? part : part(visit)), "");
}

/** CEL types that can become a text. */
export const textTypes = ["string", "int", "uint", "double", "bool", "dyn"];

/** CEL that gives a text, a number, or true or false. */
export function compileValue(source: string, language: Language): Compiled<Text> {
  const expression = parse(source, language, textTypes);
  if (typeof expression !== "function") return { kind: "mistake", mistake: expression };
  const ask = compile(expression);
  return { kind: "compiled", run: (visit) => toText(ask(language.contextOf(visit))) };
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
