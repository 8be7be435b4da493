/** What is counted under: an address stands for all that its holder has. */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { CheckedNode } from "./compile/node.ts";
import { nodesOf } from "./tree.ts";

/**
 * The source with `client.group` wherever the address of the client becomes part of the text, so that nobody is counted anew by each
 * of the addresses of one IPv6 network. In a condition (`inList(client.ip, "offices") ? "office" : client.ip`) it stays the address.
 * @param ast checked, of that source.
 */
export function countedSource(source: string, ast: ASTNode): string {
  const conditions = [...nodesOf(ast)].filter((node) => typeOf(node) === "bool");
  const isAsked = ({ start, end }: ASTNode): boolean =>
    conditions.some((condition) => condition.start <= start && end <= condition.end);
  const found = [...nodesOf(ast)].filter((node) => isAddress(node) && !isAsked(node));
  // From the last one on, so that those before it stay where they are.
  return found.toReversed().reduce((text, { end, args }) => {
    const { end: from } = (args as readonly unknown[] as readonly [ASTNode])[0];
    return text.slice(0, from) + text.slice(from, end).replace(lastName, "group") + text.slice(end);
  }, source);
}

/** `ip` in what follows the variable: `.ip` or `["ip"]`. */
const lastName = /ip(?=["']?\s*\]?$)/;

function isAddress({ op, args }: ASTNode): boolean {
  if (op !== "." && op !== "[]") return false;
  const [owner, field] = args as readonly [ASTNode, ASTNode | string];
  const name = typeof field === "string" ? field : field.args;
  return name === "ip" && (typeOf(owner) === "Client" || (owner.op === "id" && owner.args === "client"));
}

function typeOf(node: ASTNode): string | undefined {
  return (node as unknown as CheckedNode).checkedType?.name;
}
