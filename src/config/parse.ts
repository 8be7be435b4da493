/** Pieces of a config, and what their schemas make of them. */
import * as v from "valibot";
import { describe, expectation } from "./describe.ts";
import type { Problem } from "./problem.ts";
import type { Piece } from "./read.ts";

/** A piece as its schema understood it. */
export interface Parsed<T> {
  readonly at: string;
  readonly value: T;
  /** Before that. */
  readonly written: unknown;
}

/** Parses one piece; what is wrong with it goes to the problems. */
export function parse<const S extends v.GenericSchema>(
  schema: S,
  { at, value }: Piece,
  problems: Problem[],
): v.InferOutput<S> | undefined {
  const { success, output, issues } = v.safeParse(schema, value, { message: expectation });
  if (success) return output;
  problems.push(...issues.flatMap((issue) => describe(issue, { at, value })));
  return undefined;
}

/** Those that have nothing wrong with them. */
export function parseAll<const S extends v.GenericSchema>(
  schema: S,
  pieces: readonly Piece[],
  problems: Problem[],
): Parsed<v.InferOutput<S>>[] {
  return pieces.flatMap((piece) => {
    const value = parse(schema, piece, problems);
    return value === undefined ? [] : [{ at: piece.at, value, written: piece.value }];
  });
}
