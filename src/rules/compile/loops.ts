/**
 * `all`, `exists`, `exists_one`, `map` and `filter`, which the library writes out to one loop: `gathered` begins as `init`, and
 * becomes `step` for each member.
 */
import {
  NotCompiled,
  staticType,
  type CheckedNode,
  type CompileChild,
  type Compiler,
  type Run,
  type Scope,
} from "./node.ts";

interface Loop {
  readonly iterable: CheckedNode;
  readonly iterVarName: string;
  readonly init: CheckedNode;
  readonly step: CheckedNode;
  /** Whether it goes on. */
  readonly condition?: (gathered: unknown) => boolean;
  readonly result: (gathered: unknown) => unknown;
  /** A failing step ends it. Otherwise it goes on, and a later member may still decide. */
  readonly errorsAreFatal: boolean;
}

export const loops: Readonly<Record<string, Compiler>> = {
  comprehension: (node, compile, outer) => {
    const loop = node.args as Loop;
    const scope: Scope = { variable: loop.iterVarName, item: undefined, gathered: undefined, outer };
    const [members, init] = [compileMembers(loop.iterable, compile), compile(loop.init)];
    return turn(loop, { members, init, step: compile(loop.step, scope) }, scope);
  },
  accuValue: (_node, _compile, scope) => () => scope!.gathered,
  accuInc: (_node, _compile, scope) => () => (scope!.gathered = (scope!.gathered as number) + 1),
  accuPush: ({ args }, compile, scope) => {
    const run = compile(args as CheckedNode);
    return (facts) => {
      const value = run(facts);
      if (value === undefined) return undefined;
      (scope!.gathered as unknown[]).push(value);
      return scope!.gathered;
    };
  },
};

/** A list's members, or a map's keys. */
function compileMembers(
  iterable: CheckedNode,
  compile: CompileChild,
): (...facts: Parameters<Run>) => readonly unknown[] | undefined {
  const { kind, keyType } = staticType(iterable);
  const run = compile(iterable);
  if (kind === "list") return run as (...facts: Parameters<Run>) => readonly unknown[] | undefined;
  if (keyType?.name !== "string") throw new NotCompiled("keys that are no texts");
  return (facts) => {
    const map = run(facts);
    if (map === undefined) return undefined;
    return map instanceof Map ? [...map.keys()] : Object.keys(map as object);
  };
}

interface Parts {
  readonly members: (...facts: Parameters<Run>) => readonly unknown[] | undefined;
  readonly init: Run;
  readonly step: Run;
}

function turn({ condition, result, errorsAreFatal }: Loop, { members, init, step }: Parts, scope: Scope): Run {
  return (facts) => {
    const items = members(facts);
    if (items === undefined) return undefined;
    let gathered = (scope.gathered = init(facts));
    let failed = false;
    for (const item of items) {
      if (condition?.(gathered) === false) break;
      scope.item = item;
      const next = step(facts);
      if (next !== undefined) gathered = next;
      else if (errorsAreFatal) return undefined;
      else failed = true;
    }
    return failed && condition?.(gathered) !== false ? undefined : result(gathered);
  };
}
