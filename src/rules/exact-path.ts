/** Conditions that are about one path and nothing else. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { factIn } from "./reads.ts";
import { literalText } from "./tree.ts";

/** The path, of `request.path == "/a"`, alone or beside `request.method == "GET"`; undefined for every other condition. */
export function exactPathOf(condition: ASTNode): string | undefined {
  const parts = partsOf(condition).map(comparisonIn);
  const paths = parts.filter((part) => part?.fact === "request.path");
  const isOnly = parts.every(
    (part) => paths.includes(part) || (part?.fact === "request.method" && part.text === "GET"),
  );
  return isOnly && paths.length === 1 ? paths[0]!.text : undefined;
}

function partsOf(node: ASTNode): readonly ASTNode[] {
  return node.op === "&&" ? (node.args as readonly ASTNode[]).flatMap(partsOf) : [node];
}

interface Comparison {
  readonly fact: string;
  readonly text: string;
}

/** Of a fact with a text in quotes, in either order. */
function comparisonIn({ op, args }: ASTNode): Comparison | undefined {
  if (op !== "==") return undefined;
  const [one, other] = args as readonly [ASTNode, ASTNode];
  const [fact, text] = [factIn(one) ?? factIn(other), literalText(one) ?? literalText(other)];
  return fact === undefined || text === undefined ? undefined : { fact, text };
}
