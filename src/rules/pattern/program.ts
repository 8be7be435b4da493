/** A pattern's tree as a nondeterministic automaton (Thompson 1968). */
import { PatternFlaw } from "./flaw.ts";
import type { Ranges } from "./sets.ts";
import type { Assertion, Tree } from "./syntax.ts";

/**
 * What the automaton does at a place; it begins at 0, and has found the pattern, by its number, when it is at `accept`. Where it
 * matters, `next` goes before `other`. `save`: where the text is then is kept in that slot.
 */
export type Step =
  | { readonly kind: "set"; readonly set: Ranges; next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; next: number }
  | { readonly kind: "save"; readonly slot: number; next: number }
  | { readonly kind: "fork"; next: number; other: number }
  | { readonly kind: "accept"; readonly term: number };

/** Every unit of a text takes up to so many steps, whatever the text. */
const maxSteps = 600;

/** @throws PatternFlaw for one that gets too long when its repetitions are written out. */
export function programOf(tree: Tree): readonly Step[] {
  return programOfAll([tree]);
}

/** Of several, each of which goes before those behind it. `saves`: where groups begin and end is saved. */
export function programOfAll(trees: readonly Tree[], saves = false): readonly Step[] {
  const steps: Step[] = [];
  for (const [term, tree] of trees.entries()) {
    const start = term < trees.length - 1 ? fork(steps) : undefined;
    emit(tree, steps, saves);
    steps.push({ kind: "accept", term });
    if (start) start.other = steps.length;
  }
  return steps;
}

/** Appends steps that end behind the last of them. Groups are saved: the first in the slots 2 and 3, and so on. */
function emit(tree: Tree, steps: Step[], saves: boolean): void {
  if (steps.length >= maxSteps) throw new PatternFlaw(`it is too long: write smaller numbers in "{}"`);
  const next = steps.length + 1;
  if (tree.kind === "set") steps.push({ ...tree, next });
  else if (tree.kind === "assertion") steps.push({ ...tree, next });
  else if (tree.kind === "repeat") emitRepeat(tree, steps, saves);
  else if (tree.kind === "group") emitGroup(tree, steps, saves);
  else if (tree.kind === "choice") emitChoice(tree.parts, steps, saves);
  else for (const part of tree.parts) emit(part, steps, saves);
}

function emitGroup({ part, number }: Extract<Tree, { kind: "group" }>, steps: Step[], saves: boolean): void {
  if (saves) steps.push({ kind: "save", slot: number * 2, next: steps.length + 1 });
  emit(part, steps, saves);
  if (saves) steps.push({ kind: "save", slot: number * 2 + 1, next: steps.length + 1 });
}

function emitChoice(parts: readonly Tree[], steps: Step[], saves: boolean): void {
  const ends: Fork[] = [];
  for (const part of parts.slice(0, -1)) {
    const start = fork(steps);
    emit(part, steps, saves);
    ends.push(fork(steps));
    start.other = steps.length;
  }
  emit(parts.at(-1)!, steps, saves);
  for (const end of ends) end.next = end.other = steps.length;
}

function emitRepeat(repeat: Extract<Tree, { kind: "repeat" }>, steps: Step[], saves: boolean): void {
  const { part, min, max, isLazy } = repeat;
  for (let count = 0, before = -1; count < min && steps.length > before; count++) {
    before = steps.length;
    emit(part, steps, saves);
  }
  const skips: Fork[] = [];
  const optional = max === Infinity ? 1 : max - min;
  for (let count = 0; count < optional; count++) {
    const start = steps.length;
    skips.push(fork(steps));
    emit(part, steps, saves);
    if (max === Infinity) fork(steps).next = start;
  }
  for (const skip of skips) {
    skip.other = steps.length;
    if (isLazy) [skip.next, skip.other] = [skip.other, skip.next];
  }
}

type Fork = Extract<Step, { kind: "fork" }>;

function fork(steps: Step[]): Fork {
  const added: Fork = { kind: "fork", next: steps.length + 1, other: steps.length + 1 };
  steps.push(added);
  return added;
}
