/** Door of the rules: CEL expressions and texts, checked and compiled once, asked about every visit. */
import type { Text } from "../config/model.ts";
import type { AnswerTest } from "../config/rates.ts";
import type { When } from "../config/reads.ts";
import type { Identified } from "../visit.ts";
import { ResponseFacts } from "./facts.ts";
import { compile } from "./compile/compile.ts";
import { exactPathOf } from "./exact-path.ts";
import { countedSource } from "./counted.ts";
import type { Language } from "./language.ts";
import { parse } from "./mistake.ts";
import { readingOf } from "./reads.ts";
import { compileText, compileValue, textTypes, type Compiled } from "./text.ts";

export { clientFields, requestFields } from "./facts.ts";
export { createLanguage, type Language } from "./language.ts";
export type { Mistake } from "./mistake.ts";
export { compileReplacing, type Replacing } from "./replacing.ts";
export { compileTerms, readBodyPattern, type BodyPattern } from "./search/terms.ts";
export { compileAnswerText, compileFilledText, compileText, compileWording, type Compiled } from "./text.ts";
export { compileAttribute, compileMarkup, compilePlain } from "./wording.ts";

/**
 * A condition. It never throws: one that fails on a visit (it reads a header that isn't there, say, without having asked
 * `"x" in request.headers`) doesn't apply.
 */
export function compileWhen(source: string, language: Language): Compiled<When> {
  const expression = parse(source, language, ["bool", "dyn"]);
  if (typeof expression !== "function") return { kind: "mistake", mistake: expression };
  const ask = compile(expression);
  const holds = (visit: Identified): boolean => ask(language.contextOf(visit)) === true;
  const path = exactPathOf(expression.ast);
  const reading = readingOf(expression.ast, ask, language);
  return { kind: "compiled", run: Object.assign(holds, reading, path !== undefined && { path }) };
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

function compileCounted(source: string, language: Language): Compiled<Text> {
  const written = parse(source, language, textTypes);
  if (typeof written !== "function") return { kind: "mistake", mistake: written };
  return compileValue(countedSource(source, written.ast), language);
}
