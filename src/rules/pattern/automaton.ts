/**
 * Runs a pattern in time that grows with the text's length alone: a deterministic automaton, whose states are made as texts
 * ask for them. A backtracking matcher, such as the runtime's own, takes time that grows with its square, or doubles with every unit.
 */
import type { Side } from "../../config/search.ts";
import type { Step } from "./program.ts";
import { holds, sides } from "./sides.ts";
import { alphabetOf, wordUnits, type Alphabet } from "./sets.ts";

/** Where the program is, before anything that reads no unit. */
interface State {
  /** In ascending order. */
  readonly places: readonly number[];
  readonly before: Side;
}

/** What comes of a unit besides another state: nothing is known yet, the pattern is found, or it can't be any more. */
const [unknown, found, lost] = [0, -1, -2];

/** States that are kept; then they are forgotten, and those made again that are asked for. */
const maxStates = 500;

/** @returns whether a text has the pattern in it. */
export function createMatcher(program: readonly Step[]): (text: string) => boolean {
  const alphabet = alphabetOf([wordUnits, ...program.flatMap((step) => (step.kind === "set" ? [step.set] : []))]);
  const { size: end, ascii, classOf } = alphabet;
  const width = end + 1;
  const known = createTransitions(createMove(program, alphabet), width);

  return (text) => {
    let row = width;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const unit = code < 128 ? ascii[code]! : classOf(code);
      const next = known.table[row + unit]! || findNext(known, row, unit);
      if (next < unknown) return next === found;
      row = next;
    }
    return (known.table[row + end]! || findNext(known, row, end)) === found;
  };
}

/** From a state by a class of units, or the end: to another, or to `found` or `lost`. */
type Move = (state: State, unit: number) => State | number;

/** What has been found out. */
interface Transitions {
  readonly move: Move;
  readonly width: number;
  /**
   * A row for each state: where the row of the next one begins, by class of unit and last of all for the end of the text.
   * The rows begin at `width`, so that none is 0.
   */
  table: Int32Array<ArrayBuffer>;
  states: State[];
  rows: Map<string, number>;
}

const begin: State = { places: [0], before: "none" };

function createTransitions(move: Move, width: number): Transitions {
  return { move, width, table: new Int32Array(width * 8), states: [begin], rows: new Map() };
}

function findNext(known: Transitions, row: number, unit: number): number {
  const { move, states, width, table } = known;
  const state = move(states[row / width - 1]!, unit);
  const next = typeof state === "number" ? state : (known.rows.get(nameOf(state)) ?? keep(known, state));
  // Into the table of before: if that was given up meanwhile, the row may be another's now, and this is found out again.
  table[row + unit] = next;
  return next;
}

/** Makes a row. */
function keep(known: Transitions, state: State): number {
  const { move, width } = known;
  if (known.states.length === maxStates) Object.assign(known, createTransitions(move, width));
  const row = known.states.push(state) * width;
  if (row + width > known.table.length) known.table = grown(known.table);
  known.rows.set(nameOf(state), row);
  return row;
}

function nameOf({ places, before }: State): string {
  return before + String.fromCharCode(...places);
}

function grown(table: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(table.length * 2);
  larger.set(table);
  return larger;
}

function createMove(program: readonly Step[], { size, within }: Alphabet): Move {
  const isWord = new Set(within(wordUnits));
  const classes = program.map((step) => new Set(step.kind === "set" ? within(step.set) : []));
  const reach = createReach(program);
  const canBeginLater = (["word", "other"] as const).some((before) =>
    sides.some((after) => reach([0], before, after).length > 0),
  );
  const goesOn = new Uint8Array(program.length);

  return ({ places, before }, unit) => {
    const after = unit === size ? "none" : isWord.has(unit) ? "word" : "other";
    goesOn.fill(0);
    for (const place of reach(places, before, after)) {
      const step = program[place]!;
      if (step.kind === "accept") return found;
      if (step.kind === "set" && classes[place]!.has(unit)) goesOn[step.next] = 1;
    }
    if (canBeginLater) goesOn[0] = 1;
    const next: number[] = [];
    for (let place = 0; place < goesOn.length; place++) if (goesOn[place] === 1) next.push(place);
    return next.length > 0 && after !== "none" ? { places: next, before: after } : lost;
  };
}

/** The places that are come to without reading a unit, and at which one is read or the pattern found. */
function createReach(program: readonly Step[]) {
  const seen = new Uint8Array(program.length);
  return (places: readonly number[], before: Side, after: Side): readonly number[] => {
    const reached: number[] = [];
    const waiting = [...places];
    seen.fill(0);
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (seen[place] === 1) continue;
      seen[place] = 1;
      const step = program[place]!;
      if (step.kind === "fork") waiting.push(step.next, step.other);
      else if (step.kind === "save") waiting.push(step.next);
      else if (step.kind !== "assertion") reached.push(place);
      else if (holds[step.assertion](before, after)) waiting.push(step.next);
    }
    return reached;
  };
}
