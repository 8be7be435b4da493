/** The states of an automaton with beginnings that texts have asked for, and what follows them. */
import type { Moves, State, Turn } from "./turns.ts";

/** States that are kept; then they are forgotten, and those made again that are asked for. */
const maxStates = 500;

export interface States {
  readonly moves: Moves;
  /**
   * A row for each state, by class of character: where the row of the next one begins; below zero where there is a turn, 0 where
   * nothing is known yet. The rows begin at the width, so that none is 0.
   */
  table: Int32Array<ArrayBuffer>;
  /** By place in the table. */
  turns: Map<number, Turn>;
  kept: State[];
  rows: Map<string, number>;
}

export function createStates(moves: Moves): States {
  return { moves, ...nothing(moves.width) };
}

function nothing(width: number): Omit<States, "moves"> {
  return { table: new Int32Array(width * 8), turns: new Map(), kept: [], rows: new Map() };
}

/** What follows the state of that row: its row, and what becomes of the beginnings. The rows of before may be forgotten. */
export function follow(states: States, row: number, unit: number): { readonly row: number; readonly turn?: Turn } {
  const { table, turns } = states;
  const known = table[row + unit]!;
  if (known > 0) return { row: known };
  if (known < 0) return { row: -known, turn: turns.get(row + unit)! };
  const { state, turn } = states.moves.move(stateOf(states, row), unit);
  const next = rowOf(states, state);
  // If the table was given up meanwhile, what is written to it is lost, and found out again.
  (states.turns === turns ? states.table : table)[row + unit] = turn ? -next : next;
  if (turn) turns.set(row + unit, turn);
  return { row: next, ...(turn && { turn }) };
}

export function stateOf({ kept, moves }: States, row: number): State {
  return kept[row / moves.width - 1]!;
}

/** Makes one where there is none. */
export function rowOf(states: States, state: State): number {
  const name = nameOf(state);
  const known = states.rows.get(name);
  if (known !== undefined) return known;
  const { width } = states.moves;
  if (states.kept.length === maxStates) Object.assign(states, nothing(width));
  const row = states.kept.push(state) * width;
  if (row + width > states.table.length) states.table = grown(states.table);
  states.rows.set(name, row);
  return row;
}

/** No place is so far. */
const between = "\uffff";

function nameOf({ groups, before }: State): string {
  return before + groups.map((places) => between + String.fromCharCode(...places)).join("");
}

function grown(table: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(table.length * 2);
  larger.set(table);
  return larger;
}
