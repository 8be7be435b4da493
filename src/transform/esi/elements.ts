/** The elements of Edge Side Includes, and how what is in them is taken. */
import type { Attributes } from "./tokens.ts";

/** One part of the page, in its order. */
export type Piece =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** A fragment, and the one that stands in for it. */
  | { readonly kind: "fragment"; readonly src: string; readonly alt: string | undefined }
  /** Pieces all of whose fragments must do, and what stands in for them. */
  | { readonly kind: "attempt"; readonly pieces: readonly Piece[]; readonly otherwise: readonly Piece[] };

/** Bytes that an element holds back: the rest of a longer attempt goes out as it comes, and what hides more is taken for never closed. */
export const longestHeld = 256 << 10;

/** An element that was opened. */
export interface Frame {
  readonly name: string;
  /** Whether what is in it is a part of the page. */
  readonly shows: boolean;
  /** Whether variables in it stand for their values. */
  readonly fills: boolean;
  /** Of `choose` and `try`: whether one of its branches may show, and the pieces of those that did. */
  readonly choice?: Choice;
  readonly into: Piece[];
  /** Of an element that hides what is directly in it: that is `into` until the element is closed, for one that never is hides nothing. */
  readonly draft?: Draft;
}

interface Draft {
  /** Where what was hidden goes in the end. */
  readonly outer: Piece[];
  bytes: number;
}

/** Branches, of which one is to show. */
export interface Choice {
  readonly mayShow: boolean;
  isMade: boolean;
  /** Bytes that the attempt holds back. */
  held: number;
  readonly attempt: Piece[];
  readonly otherwise: Piece[];
}

interface Entering {
  readonly attributes: Attributes;
  readonly test: (source: string) => boolean;
}

/** What is around an element. */
export type Outer = Pick<Frame, "name" | "shows" | "fills" | "into" | "choice" | "draft">;

/** What hides all that is in it but its branches. */
export const hiding: ReadonlySet<string> = new Set(["remove", "comment", "choose", "try"]);

/** Branch → of what it is one; elsewhere it is taken as what is around it. */
export const branchOf: Readonly<Record<string, string>> = {
  when: "choose",
  otherwise: "choose",
  attempt: "try",
  except: "try",
};

/** Whether what is around shows, and the choice that it is a branch of. */
type Around = Pick<Frame, "shows"> & { readonly choice: Choice | undefined };

/** Element → how what is in it is taken; what is not here is taken as what is around it. */
export const entering: Readonly<Record<string, (around: Around, entering: Entering) => Partial<Frame>>> = {
  vars: () => ({ fills: true }),
  choose: ({ shows }) => ({ choice: newChoice(shows) }),
  when: ({ shows, choice }, { attributes, test }) => ({
    shows: choice ? chosen(choice, () => test(attributes.get("test") ?? "")) : shows,
  }),
  otherwise: ({ shows, choice }) => ({ shows: choice ? chosen(choice, () => true) : shows }),
  try: ({ shows }) => ({ choice: newChoice(shows) }),
};

function newChoice(mayShow: boolean): Choice {
  return { mayShow, isMade: false, held: 0, attempt: [], otherwise: [] };
}

/** Whether this branch is the one that shows. */
function chosen(choice: Choice, test: () => boolean): boolean {
  if (!choice.mayShow || choice.isMade || !test()) return false;
  choice.isMade = true;
  return true;
}

/** The attempt is shown as it is, whatever its fragments do. */
export function release(choice: Choice, into: Piece[]): void {
  into.push(...choice.attempt.splice(0));
  choice.isMade = true;
  choice.held = 0;
}

/** Where a branch is held back that stands in for another, or for which another does. */
export function intoOf(name: string, { attempt, otherwise }: Choice): Piece[] | undefined {
  if (name === "attempt") return attempt;
  return name === "except" ? otherwise : undefined;
}
