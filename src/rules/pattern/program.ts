/** A pattern's tree as a nondeterministic automaton (Thompson 1968). */
import { PatternFlaw } from "./flaw.ts";
import type { Ranges } from "./sets.ts";
import type { Assertion, Tree } from "./syntax.ts";

/** What the automaton does at a place; it begins at 0, and has found the pattern when it is at `accept`. */
export type Step =
  | { readonly kind: "set"; readonly set: Ranges; next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; next: number }
  | { readonly kind: "fork"; next: number; other: number }
  | { readonly kind: "accept" };

/** Every unit of a text takes up to so many steps, whatever the text. */
const maxSteps = 600;

/** @throws PatternFlaw for one that gets too long when its repetitions are written out. */
export function programOf(tree: Tree): readonly Step[] {
  const steps: Step[] = [];
  emit(tree, steps);
  steps.push({ kind: "accept" });
  return steps;
}

/** Appends steps that end behind the last of them. */
function emit(tree: Tree, steps: Step[]): void {
  if (steps.length >= maxSteps) throw new PatternFlaw(`it is too long: write smaller numbers in "{}"`);
  const next = steps.length + 1;
  if (tree.kind === "set") steps.push({ ...tree, next });
  else if (tree.kind === "assertion") steps.push({ ...tree, next });
  else if (tree.kind === "repeat") emitRepeat(tree, steps);
  else if (tree.kind === "choice") emitChoice(tree.parts, steps);
  else for (const part of tree.parts) emit(part, steps);
}

function emitChoice(parts: readonly Tree[], steps: Step[]): void {
  const ends: Fork[] = [];
  for (const part of parts.slice(0, -1)) {
    const start = fork(steps);
    emit(part, steps);
    ends.push(fork(steps));
    start.other = steps.length;
  }
  emit(parts.at(-1)!, steps);
  for (const end of ends) end.next = end.other = steps.length;
}

function emitRepeat({ part, min, max }: Extract<Tree, { kind: "repeat" }>, steps: Step[]): void {
  for (let count = 0, before = -1; count < min && steps.length > before; count++) {
    before = steps.length;
    emit(part, steps);
  }
  const skips: Fork[] = [];
  const optional = max === Infinity ? 1 : max - min;
  for (let count = 0; count < optional; count++) {
    const start = steps.length;
    skips.push(fork(steps));
    emit(part, steps);
    if (max === Infinity) fork(steps).next = start;
  }
  for (const skip of skips) skip.other = steps.length;
}

type Fork = Extract<Step, { kind: "fork" }>;

function fork(steps: Step[]): Fork {
  const added: Fork = { kind: "fork", next: steps.length + 1, other: steps.length + 1 };
  steps.push(added);
  return added;
}
