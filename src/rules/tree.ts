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

/** The text of a string literal; undefined for every other expression. */
export function literalText(node: { readonly op: string; readonly args: unknown }): string | undefined {
  return node.op === "value" && typeof node.args === "string" ? node.args : undefined;
}
