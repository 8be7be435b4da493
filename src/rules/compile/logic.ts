/** `&&`, `||` and `? :`, with CEL's rule that a failure doesn't matter where the other side decides. */
import { operands, staticType, type CheckedNode, type CompileChild, type Compiler, type Run } from "./node.ts";

export const logic: Readonly<Record<string, Compiler>> = {
  "||": (node, compile) => decide(true, operands(node), compile),
  "&&": (node, compile) => decide(false, operands(node), compile),
  "?:": (node, compile) => {
    const [condition, yes, no] = operands(node) as readonly [CheckedNode, CheckedNode, CheckedNode];
    staticType(condition);
    const [which, one, other] = [compile(condition), compile(yes), compile(no)];
    return (facts) => {
      const answer = which(facts);
      if (answer === undefined) return undefined;
      return answer === true ? one(facts) : other(facts);
    };
  },
};

/** The operator that is `deciding` as soon as one side is, whatever the other is, even if it fails. */
function decide(deciding: boolean, sides: readonly CheckedNode[], compile: CompileChild): Run {
  for (const side of sides) staticType(side);
  const [left, right] = sides.map((side) => compile(side)) as [Run, Run];
  return (facts) => {
    const one = left(facts);
    if (one === deciding) return deciding;
    const other = right(facts);
    return other === deciding || one !== undefined ? other : undefined;
  };
}
