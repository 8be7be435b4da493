/** An expression's tree as it was written. */
import type { ASTNode } from "@marcbachmann/cel-js";

/** The node and all below it, those before that are written before. Of a macro, what is written in it. */
export function* nodesOf(node: ASTNode): Generator<ASTNode> {
  yield node;
  for (const child of children(node.args)) yield* nodesOf(child);
}

/** The nodes directly below, wherever in the arguments they are. */
function children(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(children);
  return typeof args === "object" && args !== null && "op" in args ? [args as ASTNode] : [];
}

/** The number of a literal, also a negative one; undefined for every other expression. */
export function literalNumber(node: ASTNode): number | undefined {
  if (node.op === "-_") {
    const number = literalNumber(node.args);
    return number === undefined ? undefined : -number;
  }
  const value: unknown = node.op === "value" ? node.args : undefined;
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : undefined;
}

/** The text of a string literal; undefined for every other expression. */
export function literalText(node: { readonly op: string; readonly args: unknown }): string | undefined {
  return node.op === "value" && typeof node.args === "string" ? node.args : undefined;
}
