/** What can be looked for in bodies: literals and patterns, each compiled once. */
import type { Groups, Searcher } from "../../config/search.ts";
import { createCapture, type Capture } from "../pattern/captures.ts";
import { canBeEmpty, literalTree, ofCharacters, ofEitherCase } from "../pattern/characters.ts";
import { PatternFlaw } from "../pattern/flaw.ts";
import { programOfAll } from "../pattern/program.ts";
import { searchPatterns } from "../pattern/search.ts";
import { readPattern, type Read, type Tree } from "../pattern/syntax.ts";
import { searchLiterals } from "./literals.ts";

/** A literal, or a pattern. */
export interface Term {
  readonly find: string | BodyPattern;
  /** Letters of ASCII in either case are one. */
  readonly ignoreCase: boolean;
}

/** A pattern of characters, as it is written and as it is understood. */
export interface BodyPattern extends Read {
  readonly source: string;
}

export type Terms =
  | { readonly kind: "terms"; readonly search: Searcher; readonly groups: Groups }
  /** Why they can't be had: words that follow a colon. */
  | { readonly kind: "flaw"; readonly flaw: string };

/** @returns why it can't be had, in words that follow a colon, when it can't. */
export function readBodyPattern(source: string): BodyPattern | string {
  return orFlaw(() => {
    const { tree, groups } = readPattern(source);
    const characters = ofCharacters(tree);
    programOfAll([characters], true);
    if (canBeEmpty(characters)) throw new PatternFlaw("it finds nothing, too, which is everywhere");
    return { source, tree: characters, groups };
  });
}

/** All of them, to be looked for at once. Of those that begin at the same place, the one that was written first goes before. */
export function compileTerms(terms: readonly Term[]): Terms {
  const [{ ignoreCase }] = terms as [Term];
  const literals = terms.flatMap(({ find }) => (typeof find === "string" ? [find] : []));
  const areAlike = literals.length === terms.length && terms.every((each) => each.ignoreCase === ignoreCase);
  if (areAlike) return { kind: "terms", search: searchLiterals(literals, ignoreCase), groups: (_, bytes) => [bytes] };
  const trees = terms.map(treeOf);
  const flaw = orFlaw(() => programOfAll(trees));
  if (typeof flaw === "string") return { kind: "flaw", flaw };
  const search = searchPatterns((wanted) => programOfAll(trees.map((tree, term) => (wanted[term] ? tree : nothing))));
  return { kind: "terms", search, groups: groupsOf(terms, trees) };
}

/** No text has it. */
const nothing: Tree = { kind: "set", set: [] };

function treeOf({ find, ignoreCase }: Term): Tree {
  const tree = typeof find === "string" ? literalTree(find) : find.tree;
  return ignoreCase ? ofEitherCase(tree) : tree;
}

function groupsOf(terms: readonly Term[], trees: readonly Tree[]): Groups {
  const captures = new Map<number, Capture>();
  return ({ term, beside }, bytes) => {
    const { find } = terms[term]!;
    const capture =
      captures.get(term) ?? createCapture(trees[term]!, typeof find === "string" ? 0 : find.groups.length);
    captures.set(term, capture);
    return capture(bytes, beside!);
  };
}

function orFlaw<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof PatternFlaw) return error.message;
    throw error;
  }
}
