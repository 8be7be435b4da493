/** Door of the compiler: a checked expression to closures. */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Expression } from "../language.ts";
import { compilePattern } from "../pattern/pattern.ts";
import { literalText, nodesOf } from "../tree.ts";
import { access, has } from "./access.ts";
import { calls } from "./calls.ts";
import { logic } from "./logic.ts";
import { loops } from "./loops.ts";
import { NotCompiled, constant, type CheckedNode, type Compiler, type Facts, type Run, type Scope } from "./node.ts";
import { operators } from "./operators.ts";

/**
 * Everything that the compiler knows, for types that are known before any visit. The rest of CEL (`dyn`, `cel.bind`, comparing
 * whole lists and maps, …) the library evaluates: see {@link compileTree}.
 */
const kinds: Readonly<Record<string, Compiler>> = { ...access, ...logic, ...operators, ...calls, ...loops };

/** What an expression gives for a visit's facts; undefined when it fails. @throws never. */
export function compile(expression: Expression): Run {
  return compileTree(expression) ?? evaluate(expression);
}

/** Undefined when there is something in it that the compiler doesn't know. */
export function compileTree({ ast }: Expression): Run | undefined {
  try {
    return compileNode(ast as unknown as CheckedNode, undefined);
  } catch (error) {
    if (error instanceof NotCompiled) return undefined;
    throw error;
  }
}

function compileNode(node: CheckedNode, scope: Scope | undefined): Run {
  const { alternate } = node.meta;
  if (alternate) return compileNode(alternate, scope);
  const children: Run[] = [];
  const run = compilerOf(node)(
    node,
    (child, inner = scope) => {
      const compiled = compileNode(child, inner);
      children.push(compiled);
      return compiled;
    },
    scope,
  );
  const isConstant = children.length > 0 && children.every((child) => child.constant);
  return isConstant && !run.constant ? constant(run({} as Facts)) : run;
}

function compilerOf({ op, args, meta: { macro } }: CheckedNode): Compiler {
  if (macro?.compile) return macro.compile;
  if (macro && op === "call" && (args as readonly unknown[])[0] === "has") return () => has(macro.args![0]!);
  const compiler = macro ? undefined : kinds[op];
  if (!compiler) throw new NotCompiled(op);
  return compiler;
}

/** By the library's evaluator, which throws what fails; but for regular expressions, by which it could be made slow. */
function evaluate(expression: Expression): Run {
  replaceMatches(expression.ast);
  return (facts: Facts) => {
    try {
      return expression(facts) as unknown;
    } catch {
      return undefined;
    }
  };
}

/** A node's side of the evaluator. */
interface Evaluated {
  readonly setMeta: (name: "evaluate", evaluate: (by: Evaluator, node: unknown, context: unknown) => unknown) => void;
}
interface Evaluator {
  readonly run: (node: unknown, context: unknown) => unknown;
}

function replaceMatches(ast: ASTNode): void {
  for (const node of nodesOf(ast)) {
    if (node.op !== "rcall" || node.args[0] !== "matches") continue;
    const [, text, [literal]] = node.args;
    const pattern = compilePattern(literalText(literal!)!);
    (node as unknown as Evaluated).setMeta("evaluate", (evaluator, _node, context) => {
      const asked = evaluator.run(text, context);
      if (pattern.kind === "flaw" || typeof asked !== "string") throw new TypeError("matches() asks about texts");
      return pattern.test(asked);
    });
  }
}
