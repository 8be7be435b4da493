/** An expression's tree as the CEL library's type checker leaves it: what the compiler needs, and the library doesn't export. */

import type { ClientFacts, RequestFacts, ResponseFacts } from "../facts.ts";

/** A type that the checker found. */
export interface CheckedType {
  /** Such as "string" or "map<string, string>". */
  readonly name: string;
  /** "primitive", "list", "map", "message", "dyn", … */
  readonly kind: string;
  readonly keyType?: CheckedType;
  readonly valueType?: CheckedType;
  /** It, or a type inside it, is known on a visit only. */
  readonly hasDynType: boolean;
  /** It, or a type inside it, stands open: that of an empty list. */
  readonly hasPlaceholderType: boolean;
}

/** What an operator or function does for the types that were found; it may throw. No function has more than three values. */
export type Handler = (one?: unknown, other?: unknown, third?: unknown) => unknown;

export interface CheckedNode {
  readonly op: string;
  /** Nodes, names and values, as each kind of node has them. */
  readonly args: unknown;
  readonly checkedType?: CheckedType;
  /** Of operators: the handler for its operands' types, which looks at these when it is called if they aren't known before. */
  readonly handle?: Handler;
  /** Of calls: all functions of that name. */
  readonly candidates?: {
    readonly findFunction: (
      args: readonly CheckedType[],
      receiver?: CheckedType,
    ) => { readonly handler: Handler } | null;
  };
  readonly meta: {
    /** What stands for the node: a constant's value, or what a macro such as `exists` is written out to. */
    readonly alternate?: CheckedNode;
    /** A macro that evaluates itself. */
    readonly macro?: Macro;
  };
}

/** Of the library's own only `has` is known: it has `args`. */
export interface Macro {
  readonly args?: readonly CheckedNode[];
  /** Those of our functions that take a literal compile themselves. */
  readonly compile?: Compiler;
}

/**
 * A compiled expression. Gives undefined when it fails on a visit, which no CEL value is: failing is as usual as succeeding
 * (a header isn't there), and an exception would take hundreds of times as long. Which failure it was, nobody asks.
 */
export interface Run {
  (facts: Facts): unknown;
  /** Present when it gives the same for every visit. */
  readonly constant?: { readonly value: unknown };
}

/** The values of an expression's variables. */
export interface Facts {
  readonly request: RequestFacts;
  readonly client: ClientFacts;
  /** "" where no rule wants one, and before the store. */
  readonly nonce: string;
  /** Only when there is an answer. */
  readonly response?: ResponseFacts;
}

/** How a kind of node compiles. `compile` compiles a child, in the same scope if none is given. */
export type Compiler = (node: CheckedNode, compile: CompileChild, scope: Scope | undefined) => Run;
export type CompileChild = (node: CheckedNode, scope?: Scope) => Run;

/** What the loop around a node changes as it goes. Nothing of a loop is asynchronous, so one for all visits will do. */
export interface Scope {
  readonly variable: string;
  /** The variable's value. */
  item: unknown;
  /** What is gathered. */
  gathered: unknown;
  readonly outer: Scope | undefined;
}

/** The compiler doesn't know something: the library evaluates the expression. Thrown and caught while compiling. */
export class NotCompiled extends Error {}

export function constant(value: unknown): Run {
  return Object.assign(() => value, { constant: { value } });
}

/** The type, which must be known before any visit. */
export function staticType({ op, checkedType: type }: CheckedNode): CheckedType {
  if (!type || type.hasDynType || type.hasPlaceholderType) throw new NotCompiled(`type of ${op}`);
  return type;
}

/** The nodes among the arguments. */
export function operands(node: CheckedNode): readonly CheckedNode[] {
  return node.args as readonly CheckedNode[];
}
