/** Functions: the library's own, found for the types when the expression is compiled. */
import { compilePattern } from "../pattern/pattern.ts";
import { literalText } from "../tree.ts";
import { attempt } from "./attempt.ts";
import {
  NotCompiled,
  staticType,
  type CheckedNode,
  type CheckedType,
  type CompileChild,
  type Compiler,
  type Handler,
  type Run,
} from "./node.ts";

export const calls: Readonly<Record<string, Compiler>> = {
  call: (node, compile) => {
    const [, values] = node.args as readonly [string, readonly CheckedNode[]];
    return call(node, values, compile);
  },
  rcall: (node, compile) => {
    const [name, receiver, values] = node.args as readonly [string, CheckedNode, readonly CheckedNode[]];
    if (name === "matches") return matches([receiver, values[0]!], compile);
    return call(node, [receiver, ...values], compile);
  },
};

function call(node: CheckedNode, values: readonly CheckedNode[], compile: CompileChild): Run {
  const types = values.map((each) => staticType(each));
  const [receiver, ...others] = types;
  const found =
    node.op === "rcall" ? node.candidates!.findFunction(others, receiver) : node.candidates!.findFunction(types);
  if (!found || values.length > 3) throw new NotCompiled("function");
  staticType(node);
  const runs = values.map((each) => compile(each));
  return withWord(node, types, runs) ?? apply(attempt(found.handler), runs);
}

/** Of a text and a literal, as most rules ask. They can't fail. */
const methods: Readonly<Record<string, (text: Run, word: string) => Run>> = {
  startsWith: (text, word) => (facts) => (text(facts) as string | undefined)?.startsWith(word),
  endsWith: (text, word) => (facts) => (text(facts) as string | undefined)?.endsWith(word),
  contains: (text, word) => (facts) => (text(facts) as string | undefined)?.includes(word),
};

function withWord(node: CheckedNode, types: readonly CheckedType[], [text, word]: readonly Run[]): Run | undefined {
  const [name] = node.args as readonly [string];
  const value = word?.constant?.value;
  const isMethod = node.op === "rcall" && types.length === 2 && types.every((type) => type.name === "string");
  return isMethod && Object.hasOwn(methods, name) && typeof value === "string"
    ? methods[name]!(text!, value)
    : undefined;
}

function apply(handler: Handler, [first, second, third]: readonly Run[]): Run {
  if (!first) return () => handler();
  return (facts) => {
    const one = first(facts);
    if (one === undefined) return undefined;
    const other = second?.(facts);
    if (second && other === undefined) return undefined;
    const last = third?.(facts);
    return third && last === undefined ? undefined : handler(one, other, last);
  };
}

/** The pattern is a literal, or the expression would have been refused; so it is read once. */
function matches([text, pattern]: readonly [CheckedNode, CheckedNode], compile: CompileChild): Run {
  const literal = literalText(pattern);
  const read = literal === undefined ? undefined : compilePattern(literal);
  if (staticType(text).name !== "string" || read?.kind !== "pattern") throw new NotCompiled("matches");
  const [run, test] = [compile(text), read.test];
  return (facts) => {
    const value = run(facts);
    return value === undefined ? undefined : test(value as string);
  };
}
