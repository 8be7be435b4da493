/** What is wrong with an expression, found when it is loaded. */
import { type ASTNode, ParseError, TypeError as CelTypeError } from "@marcbachmann/cel-js";
import { clientFields, requestFields, responseFields } from "./facts.ts";
import { badComparison } from "./compared.ts";
import type { Expression, Language } from "./language.ts";
import { compilePattern } from "./pattern/pattern.ts";
import { literalText, nodesOf } from "./tree.ts";

/** It reads: `what` is not `expected`. */
export interface Mistake {
  /** The word that is wrong, or the whole expression. */
  readonly what: string;
  /** Such as "a field of request". */
  readonly expected: string;
  /** The words that would have been right; empty when there is no such list. */
  readonly among: readonly string[];
  /** Where it begins in the source, counted from 0. */
  readonly at: number;
}

/** Parses and checks; the expression's CEL type must be one of `types`. */
export function parse(source: string, language: Language, types: readonly string[]): Expression | Mistake {
  try {
    const expression = language.environment.parse(source);
    const { type = "", error } = expression.check();
    if (error) return toMistake(error, source, language);
    const mistake = findBadLiteral(expression.ast);
    if (mistake) return mistake;
    if (types.includes(type)) return expression;
    return { what: source, expected: `an expression that gives ${types[0]} (it gives ${type})`, among: [], at: 0 };
  } catch (error) {
    return toMistake(error, source, language);
  }
}

function toMistake(error: unknown, source: string, language: Language): Mistake {
  if (!(error instanceof ParseError || error instanceof CelTypeError)) {
    return { what: source, expected: "an expression that can be read", among: [], at: 0 };
  }
  const { start, end } = error.range ?? { start: 0, end: source.length };
  const found: Found = {
    word: source.slice(start, end),
    before: source.slice(0, start),
    message: error.summary,
    node: error.node as ASTNode,
  };
  const told = byCode[error.code]?.(found, language) ?? {
    what: source,
    expected: `an expression that can be read: ${error.summary}`,
  };
  return { among: [], at: start, ...told };
}

interface Found {
  readonly word: string;
  /** The source before it. */
  readonly before: string;
  readonly message: string;
  readonly node: ASTNode;
}

type Told = Pick<Mistake, "what" | "expected"> & Partial<Mistake>;

/** Variable → its fields. */
const fieldsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  request: requestFields,
  client: clientFields,
  response: responseFields,
};

/** The library's error codes, and those of our own functions, which a better sentence can be made of. */
const byCode: Readonly<Record<string, (found: Found, language: Language) => Told>> = {
  unknown_variable: ({ word }, { environment }) => ({
    what: word,
    expected: "a variable",
    among: Object.keys(fieldsOf).filter((name) => environment.hasVariable(name)),
  }),
  no_such_key({ word, before }) {
    const owner = /(\w+)\s*\.\s*$/.exec(before)?.[1] ?? "";
    return {
      what: word,
      expected: `a field of ${owner}`,
      among: Object.keys(fieldsOf[owner] ?? requestFields),
    };
  },
  no_matching_overload({ word, node }, { environment }) {
    const name = String((node.args as readonly unknown[])[0]);
    const { functions } = environment.getDefinitions();
    const fitting = functions.filter(
      (one) => one.name === name && (one.receiverType !== null) === (node.op === "rcall"),
    );
    return fitting.length > 0
      ? { what: word, expected: `a call of ${fitting.map(({ signature }) => signature).join(" or ")}` }
      : { what: name, expected: "a function", among: functions.map((one) => one.name) };
  },
  unknown_list: ({ message }, { lists }) => ({
    what: message,
    expected: "the name of a list in LISTS",
    among: [...lists.keys()],
  }),
  invalid_prefix: ({ message }) => ({
    what: message,
    expected: `an address or a prefix with no bits set after its length, such as "10.0.0.0/8"`,
  }),
  no_literal: ({ node, message }) => ({ what: written(node), expected: message, at: node.start }),
  invalid_argument: ({ node, message }) => ({ what: written(node), expected: `of type ${message}`, at: node.start }),
};

/** All of a node's source; an error's own range is only where the eye should fall. */
function written({ input, start, end }: ASTNode): string {
  return input.slice(start, end);
}

/** A literal that the type checker lets pass, although it can't mean anything. */
function findBadLiteral(expression: ASTNode): Mistake | undefined {
  for (const node of nodesOf(expression)) {
    const mistake = badPattern(node) ?? badFieldName(node) ?? badComparison(node);
    if (mistake) return mistake;
  }
  return undefined;
}

/** A regular expression is a literal that compiles. */
function badPattern({ op, args }: ASTNode): Mistake | undefined {
  if (op !== "rcall" || args[0] !== "matches") return undefined;
  const [pattern] = args[2];
  const text = pattern && literalText(pattern);
  if (text === undefined) {
    return { what: "The argument of matches()", expected: "a text in quotes", among: [], at: pattern?.start ?? 0 };
  }
  const flaw = flawOf(text);
  return flaw === undefined
    ? undefined
    : { what: text, expected: `a regular expression: ${flaw}`, among: [], at: pattern!.start };
}

function flawOf(text: string): string | undefined {
  const read = compilePattern(text);
  if (read.kind === "flaw") return read.flaw;
  try {
    RegExp(text);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

/** Field names are in lower case: any other is never there. */
function badFieldName({ op, args }: ASTNode): Mistake | undefined {
  if (op !== "[]" && op !== "in") return undefined;
  const [map, key] = op === "in" ? args.toReversed() : args;
  const name = literalText(key!);
  if (map?.op !== ".") return undefined;
  const [owner, field] = map.args;
  const isHeaders = field === "headers" && owner.op === "id" && (owner.args === "request" || owner.args === "response");
  if (!isHeaders || name === undefined || name === name.toLowerCase()) return undefined;
  return { what: name, expected: "a field name in lower case", among: [name.toLowerCase()], at: key!.start };
}
