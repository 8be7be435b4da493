/** What is compared with a fact, and can't be one: the comparison would never hold, or, negated, always. */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Mistake } from "./mistake.ts";
import { literalNumber, literalText } from "./tree.ts";
import { numberForms, textForms, type NumberForm, type Where } from "./values.ts";

/** The mistake in a comparison; undefined for one that can hold, and for every other expression. */
export function badComparison(node: ASTNode): Mistake | undefined {
  return badText(node) ?? badNumber(node);
}

/** Text functions, and which part of the receiver they compare. */
const asking: Readonly<Record<string, Where>> = { startsWith: "start", endsWith: "end", contains: "part" };

const whereWords: Readonly<Record<Where, string>> = {
  whole: "",
  start: "the beginning of ",
  end: "the end of ",
  part: "in ",
};

function badText(node: ASTNode): Mistake | undefined {
  const { fact, literals, where } = textsIn(node);
  const form = fact === undefined ? undefined : textForms[fact];
  if (!form) return undefined;
  for (const literal of literals) {
    const text = literalText(literal);
    if (text === undefined || form.can(text, where)) continue;
    const right = form.right?.(text, where);
    const advice = right && form.can(right, where) ? `: write ${JSON.stringify(right)}` : "";
    const expected = `${whereWords[where]}a value of ${fact}, which is ${form.what}${advice}`;
    return { what: text, expected, among: advice === "" ? (form.words ?? []) : [], at: literal.start };
  }
  return undefined;
}

interface Compared {
  readonly fact: string | undefined;
  readonly literals: readonly ASTNode[];
  readonly where: Where;
}

/** What a fact is compared with as a text, wherever it stands. */
function textsIn({ op, args }: ASTNode): Compared {
  if (op === "==" || op === "!=") {
    const [one, other] = args;
    const fact = factIn(one);
    return { fact: fact ?? factIn(other), literals: [fact === undefined ? one : other], where: "whole" };
  }
  if (op === "in") return { fact: factIn(args[0]), literals: membersOf(args[1]), where: "whole" };
  const where = op === "rcall" ? asking[args[0]] : undefined;
  if (op !== "rcall" || where === undefined) return { fact: undefined, literals: [], where: "whole" };
  return { fact: factIn(args[1]), literals: args[2], where };
}

function membersOf(node: ASTNode): readonly ASTNode[] {
  return node.op === "list" ? node.args : [];
}

/** "request.path", of the expression that is that. */
function factIn({ op, args }: ASTNode): string | undefined {
  if (op !== ".") return undefined;
  const [owner, field] = args;
  return owner.op === "id" ? `${owner.args}.${field}` : undefined;
}

/** Whether some number between them stands so to the literal. */
const relations: Readonly<Record<string, (form: NumberForm, literal: number) => boolean>> = {
  "==": isWithin,
  "!=": isWithin,
  in: isWithin,
  "<": ([least], literal) => least < literal,
  "<=": ([least], literal) => least <= literal,
  ">": ([, most], literal) => most > literal,
  ">=": ([, most], literal) => most >= literal,
};

/** The same with its sides changed. */
const mirrored: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function isWithin([least, most]: NumberForm, literal: number): boolean {
  return least <= literal && literal <= most;
}

function badNumber(node: ASTNode): Mistake | undefined {
  const { op, input, start, end } = node;
  if (!(op in relations)) return undefined;
  const [one, other] = node.args as readonly [ASTNode, ASTNode];
  const isFirst = factIn(one) !== undefined;
  const fact = factIn(isFirst ? one : other) ?? "";
  const form = numberForms[fact];
  const can = relations[isFirst ? op : (mirrored[op] ?? op)]!;
  if (!form) return undefined;
  const literals = op === "in" ? membersOf(other) : [isFirst ? other : one];
  const wrong = literals.map(literalNumber).find((number) => number !== undefined && !can(form, number));
  if (wrong === undefined) return undefined;
  const [least, most] = form;
  const range = most === Infinity ? `${least} or more` : `from ${least} to ${most}`;
  return {
    what: input.slice(start, end),
    expected: `a comparison that means anything: ${fact} is ${range}`,
    among: [],
    at: start,
  };
}
