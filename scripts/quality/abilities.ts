/** Finds where a program uses an ability of the platform by itself, instead of the port that it is given. */
import type { Program } from "oxc-parser";
import { abilities } from "./layout.ts";

/** Any node of the syntax tree. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

/** An ability that is used, by its name in the layout. */
interface Use {
  readonly what: string;
  readonly start: number;
}

/** Global names that reach the others. */
const globals = new Set(["globalThis", "self"]);

/** Every use, in the order of the text. */
export function touches(program: Program): Use[] {
  const uses: Use[] = [];
  visit(program as unknown as Node, undefined, "", (node, parent, field) => {
    const what = nameOf(node);
    const isUse = what !== undefined && Object.hasOwn(abilities, what) && isReference(node, parent, field);
    if (isUse) uses.push({ what, start: node.start });
  });
  const own = declared(program as unknown as Node);
  return uses.filter(({ what }) => !own.has(what));
}

/** What the table of abilities would call that expression; undefined when it is none of them. */
function nameOf(node: Node): string | undefined {
  if (node.type === "Identifier") return node["name"] as string;
  if (node.type === "NewExpression") return isNewDate(node) ? "new Date()" : undefined;
  if (node.type !== "MemberExpression" || node["computed"]) return undefined;
  const object = nameOf(node["object"] as Node);
  const property = nameOf(node["property"] as Node);
  // `context.waitUntil` is the platform's whatever holds it.
  if (property === "waitUntil" || (object !== undefined && globals.has(object))) return property;
  return `${object}.${property}`;
}

/** Without arguments it reads the clock; with them it only converts. */
function isNewDate(node: Node): boolean {
  return nameOf(node["callee"] as Node) === "Date" && (node["arguments"] as readonly unknown[]).length === 0;
}

/** Whether a name stands for what it names: not a member's, a property's or a type's name. */
function isReference(node: Node, parent: Node | undefined, field: string): boolean {
  if (node.type !== "Identifier" || parent === undefined) return true;
  if (field === "property" || field === "key") return parent["computed"] === true;
  // `fetch as Fetch` and its like hold an expression; every other name within a type only describes.
  if (parent.type.startsWith("TS")) return field === "expression";
  return !parent.type.startsWith("Import") && !parent.type.startsWith("Export");
}

const patternFields: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ["id"],
  FunctionDeclaration: ["id", "params"],
  FunctionExpression: ["params"],
  ArrowFunctionExpression: ["params"],
  ImportSpecifier: ["local"],
};

/** Names that the file gives to something of its own, in whatever scope. */
function declared(program: Node): ReadonlySet<string> {
  const names = new Set<string>();
  visit(program, undefined, "", (node) => {
    for (const field of patternFields[node.type] ?? []) bind(node[field], names);
  });
  return names;
}

/** Adds the names that a pattern binds. */
function bind(pattern: unknown, names: Set<string>): void {
  if (Array.isArray(pattern)) return pattern.forEach((part) => bind(part, names));
  if (!isNode(pattern)) return;
  if (pattern.type === "Identifier") names.add(pattern["name"] as string);
  else for (const field of ["properties", "elements", "value", "left", "argument"]) bind(pattern[field], names);
}

type Look = (node: Node, parent: Node | undefined, field: string) => void;

function visit(node: Node, parent: Node | undefined, field: string, look: Look): void {
  look(node, parent, field);
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node, name, look);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
