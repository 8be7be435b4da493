/** Comparisons, arithmetic, and membership. */
import { attempt } from "./attempt.ts";
import {
  NotCompiled,
  operands,
  staticType,
  type CheckedNode,
  type CheckedType,
  type Compiler,
  type Run,
} from "./node.ts";

/** Types whose values are the same exactly when `===` says so. */
const plain: ReadonlySet<string> = new Set(["string", "int", "double", "bool"]);
/** Those of which a Set tells as much. (NaN equals nothing, but is found in a Set.) */
const hashable: ReadonlySet<string> = new Set(["string", "int"]);

export const operators: Readonly<Record<string, Compiler>> = {
  "==": (node, compile) => equality(node, compile, false),
  "!=": (node, compile) => equality(node, compile, true),
  in: membership,
  "!_": unary,
  "-_": unary,
  ...Object.fromEntries(["+", "-", "*", "/", "%", "<", "<=", ">", ">="].map((op) => [op, binary])),
};

function equality(node: CheckedNode, compile: Parameters<Compiler>[1], negated: boolean): Run {
  const [left, right] = sides(node);
  const type = staticType(left).name;
  if (!plain.has(type) || type !== staticType(right).name) return byHandler(node, compile);
  const [one, other] = [compile(left), compile(right)];
  if (other.constant) return equalTo(one, other.constant.value, negated);
  return (facts) => {
    const value = one(facts);
    if (value === undefined) return undefined;
    const against = other(facts);
    return against === undefined ? undefined : (value === against) !== negated;
  };
}

function equalTo(one: Run, against: unknown, negated: boolean): Run {
  if (against === undefined) return () => undefined;
  return (facts) => {
    const value = one(facts);
    return value === undefined ? undefined : (value === against) !== negated;
  };
}

function membership(node: CheckedNode, compile: Parameters<Compiler>[1]): Run {
  const [left, right] = sides(node);
  const { kind, keyType, valueType } = staticType(right);
  const member = staticType(left).name;
  if (kind === "map") {
    if (member !== "string" || keyType!.name !== "string") throw new NotCompiled("a key that is no text");
    return both([compile(left), compile(right)], (key, map) => entry(map, key as string) !== undefined);
  }
  if (!plain.has(member) || valueType!.name !== member) throw new NotCompiled(`${member} in a list`);
  const [one, other] = [compile(left), compile(right)];
  const members = other.constant?.value;
  if (members === undefined || !hashable.has(member)) {
    return both([one, other], (value, list) => (list as readonly unknown[]).includes(value) && !Number.isNaN(value));
  }
  const set = new Set(members as readonly unknown[]);
  return (facts) => {
    const value = one(facts);
    return value === undefined ? undefined : set.has(value);
  };
}

/** What a map has under a key; undefined for nothing. Maps of facts are Maps, those written in an expression objects. */
export function entry(map: unknown, key: string): unknown {
  if (map instanceof Map) return map.get(key);
  return Object.hasOwn(map as object, key) ? (map as Record<string, unknown>)[key] : undefined;
}

function binary(node: CheckedNode, compile: Parameters<Compiler>[1]): Run {
  for (const side of sides(node)) staticType(side);
  return byHandler(node, compile);
}

/** The library's own handler for the types. Those that compare what is inside lists and maps need its evaluator. */
function byHandler(node: CheckedNode, compile: Parameters<Compiler>[1]): Run {
  const [left, right] = sides(node);
  const isInside = ({ kind }: CheckedType): boolean => kind === "list" || kind === "map";
  if (node.op !== "+" && [left, right].some((side) => isInside(staticType(side)))) throw new NotCompiled(node.op);
  const handle = attempt(node.handle!);
  return both([compile(left), compile(right)], (one, other) => handle(one, other, node));
}

function unary(node: CheckedNode, compile: Parameters<Compiler>[1]): Run {
  const operand = node.args as CheckedNode;
  staticType(operand);
  const run = compile(operand);
  const handle = attempt(node.handle!);
  return (facts) => {
    const value = run(facts);
    return value === undefined ? undefined : handle(value, node);
  };
}

function both([left, right]: readonly [Run, Run], ask: (one: unknown, other: unknown) => unknown): Run {
  return (facts) => {
    const one = left(facts);
    if (one === undefined) return undefined;
    const other = right(facts);
    return other === undefined ? undefined : ask(one, other);
  };
}

function sides(node: CheckedNode): readonly [CheckedNode, CheckedNode] {
  return operands(node) as readonly [CheckedNode, CheckedNode];
}
