/** Door of the rules: CEL expressions and texts, checked and compiled once, asked about every visit. */
import type { AnswerText, Text } from "../config/model.ts";
import type { FilledText } from "../config/rewrite.ts";
import type { Wording } from "../config/shape.ts";
import type { AnswerTest } from "../config/rates.ts";
import { fill, parseFilling } from "../http/path-pattern.ts";
import type { Identified } from "../visit.ts";
import { ResponseFacts } from "./facts.ts";
import { compile } from "./compile/compile.ts";
import { countedSource } from "./counted.ts";
import type { Language } from "./language.ts";
import { parse, type Mistake } from "./mistake.ts";
import { splitTemplate } from "./template.ts";

export { clientFields, requestFields } from "./facts.ts";
export { createLanguage, type Language } from "./language.ts";
export type { Mistake } from "./mistake.ts";
export { compileTerms, readBodyPattern, type BodyPattern } from "./search/terms.ts";

/** What a source was compiled to, or why it can't be. */
export type Compiled<T> =
  | { readonly kind: "compiled"; readonly run: T }
  | { readonly kind: "mistake"; readonly mistake: Mistake };

/**
 * A condition. It never throws: one that fails on a visit (it reads a header that isn't there, say, without having asked
 * `"x" in request.headers`) doesn't apply.
 */
export function compileWhen(source: string, language: Language): Compiled<(visit: Identified) => boolean> {
  const expression = parse(source, language, ["bool", "dyn"]);
  if (typeof expression !== "function") return { kind: "mistake", mistake: expression };
  const ask = compile(expression);
  return { kind: "compiled", run: (visit) => ask(language.contextOf(visit)) === true };
}

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
  return { kind: "compiled", run: (visit, taken) => filled.map((part) => part(visit, taken)).join("") };
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

/** What comes in place of what was found: as it is written, and with the groups of a pattern in it. */
export interface Replacing {
  readonly plain: Wording;
  readonly parts: readonly (Wording | GroupName)[];
}

/** A group of a pattern, by its number, or by its name. */
export interface GroupName {
  readonly group: string;
}

/** A wording in which, for a pattern, `$1` and `$<name>` are its groups, `$0` is all, and `$$` one dollar. */
export function compileReplacing(source: string, language: Language): Compiled<Replacing> {
  const plain = compileWording(source, language);
  if (plain.kind === "mistake") return plain;
  const parts = splitTemplate(source).flatMap((part): Replacing["parts"] => {
    if (part.kind === "text") return splitGroups(part.text);
    const value = compileValue(part.kind === "cel" ? part.source : "", language);
    return value.kind === "compiled" ? [value.run] : [];
  });
  return { kind: "compiled", run: { plain: plain.run, parts } };
}

const groupNames = /\$(?:(\d)|<([^>]*)>|\$)/g;

function splitGroups(text: string): Replacing["parts"] {
  const parts: (string | GroupName)[] = [];
  let from = 0;
  for (const { 0: written, 1: number, 2: name, index } of text.matchAll(groupNames)) {
    const group = number ?? name;
    parts.push(text.slice(from, index), group === undefined ? "$" : { group });
    from = index + written.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

/**
 * What is counted under: CEL such as `client.ip`; or a text as {@link compileText} has it, when there is a `${` in it, or it
 * is a word that means nothing in CEL. In it, `client.ip` is the client's group: see {@link countedSource}.
 */
export function compileKey(source: string, language: Language): Compiled<Text> {
  if (source.includes("${")) return compileText(source, language, compileCounted);
  const value = compileCounted(source, language);
  return value.kind === "mistake" && /^[\w-]*$/.test(source) ? compileText(source, language) : value;
}

/** Which visits count: "all", "origin", or a condition that may ask about `response`, too; it never throws either. */
export function compileAnswerTest(source: string, language: Language): Compiled<"all" | "origin" | AnswerTest> {
  if (source === "all" || source === "origin") return { kind: "compiled", run: source };
  const expression = parse(source, { ...language, environment: language.afterwards }, ["bool", "dyn"]);
  if (typeof expression !== "function") return { kind: "mistake", mistake: expression };
  const run: AnswerTest = (visit, answer) => {
    try {
      return expression({ ...language.contextOf(visit), response: new ResponseFacts(answer) }) === true;
    } catch {
      return false;
    }
  };
  return { kind: "compiled", run };
}

function join(parts: readonly (string | Text)[]): Text {
  const [first = ""] = parts;
  if (parts.length <= 1) return typeof first === "string" ? () => first : first;
  return (visit) => parts.reduce<string>((text, part) => text + (typeof part === "string" ? part : part(visit)), "");
}

const textTypes = ["string", "int", "uint", "double", "bool", "dyn"];

function compileValue(source: string, language: Language): Compiled<Text> {
  const expression = parse(source, language, textTypes);
  if (typeof expression !== "function") return { kind: "mistake", mistake: expression };
  const ask = compile(expression);
  return { kind: "compiled", run: (visit) => toText(ask(language.contextOf(visit))) };
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

function compileCounted(source: string, language: Language): Compiled<Text> {
  const written = parse(source, language, textTypes);
  if (typeof written !== "function") return { kind: "mistake", mistake: written };
  return compileValue(countedSource(source, written.ast), language);
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
