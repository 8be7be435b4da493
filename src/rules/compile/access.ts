/** Values: literals, variables, their fields, and what is in lists and maps. */
import { fieldOf } from "./fields.ts";
import { entry } from "./operators.ts";
import {
  NotCompiled,
  constant,
  operands,
  staticType,
  type CheckedNode,
  type CompileChild,
  type Compiler,
  type Facts,
  type Run,
  type Scope,
} from "./node.ts";

export const access: Readonly<Record<string, Compiler>> = {
  value: ({ args }) => constant(args),
  id: variable,
  ".": (node, compile) => {
    const [owner, name] = node.args as readonly [CheckedNode, string];
    return fieldOf(owner, name)?.read ?? ofMap(owner, constant(name), compile);
  },
  "[]": (node, compile) => {
    const [owner, key] = operands(node) as readonly [CheckedNode, CheckedNode];
    if (key.op === "value" && typeof key.args === "string") {
      return fieldOf(owner, key.args)?.read ?? ofMap(owner, constant(key.args), compile);
    }
    return staticType(key).name === "string" ? ofMap(owner, compile(key), compile) : ofList(owner, key, compile);
  },
  list: (node, compile) => {
    const members = operands(node).map((each) => compile(each));
    return (facts) => {
      const list: unknown[] = [];
      for (const member of members) {
        const value = member(facts);
        if (value === undefined) return undefined;
        list.push(value);
      }
      return list;
    };
  },
  map: literalMap,
};

function ofMap(owner: CheckedNode, key: Run, compile: CompileChild): Run {
  const { kind, keyType } = staticType(owner);
  if (kind !== "map" || keyType!.name !== "string") throw new NotCompiled(`a key of a ${kind}`);
  const map = compile(owner);
  return (facts) => {
    const entries = map(facts);
    if (entries === undefined) return undefined;
    const name = key(facts);
    return name === undefined ? undefined : entry(entries, name as string);
  };
}

/** Beyond its ends a list has nothing, and asking for that fails. */
function ofList(owner: CheckedNode, index: CheckedNode, compile: CompileChild): Run {
  if (staticType(owner).kind !== "list" || staticType(index).name !== "int") throw new NotCompiled("an index");
  const [list, at] = [compile(owner), compile(index)];
  return (facts) => {
    const members = list(facts) as readonly unknown[] | undefined;
    if (members === undefined) return undefined;
    const position = at(facts);
    return position === undefined ? undefined : members[Number(position)];
  };
}

/** Names that the library leaves out of the maps it makes. */
const leftOut: ReadonlySet<unknown> = new Set(["__proto__", "constructor", "prototype"]);

function literalMap(node: CheckedNode, compile: CompileChild): Run {
  const entries = (node.args as readonly (readonly [CheckedNode, CheckedNode])[]).map(([key, value]) => {
    if (staticType(key).name !== "string") throw new NotCompiled("a key that is no text");
    return [compile(key), compile(value)] as const;
  });
  return (facts) => {
    const map: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      const [name, content] = [key(facts), value(facts)];
      if (name === undefined || content === undefined) return undefined;
      if (!leftOut.has(name)) map[name as string] = content;
    }
    return map;
  };
}

function variable({ args }: CheckedNode, _compile: CompileChild, scope: Scope | undefined): Run {
  const name = args as string;
  for (let around = scope; around; around = around.outer) {
    const found = around;
    if (found.variable === name) return () => found.item;
  }
  return (facts) => facts[name as keyof Facts];
}

/** `has(request.headers.accept)`: whether a map of facts has a key. */
export function has(node: CheckedNode): Run {
  const [map, key] = node.args as readonly [CheckedNode, string];
  const [owner, name] = (map.op === "." ? map.args : []) as readonly [CheckedNode?, string?];
  const field = owner?.op === "id" ? fieldOf(owner, name!) : undefined;
  if (!field?.type.startsWith("map")) throw new NotCompiled("has");
  const { read } = field;
  return (facts) => {
    const entries = read(facts);
    return entries === undefined ? undefined : entry(entries, key) !== undefined;
  };
}
