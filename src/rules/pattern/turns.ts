/**
 * Patterns as an automaton that knows where in a text each of its beginnings was: a deterministic one, whose states are made as
 * texts ask for them, and which tells with each step what becomes of the beginnings (tagged automata: Laurikari 2000).
 */
import type { Side } from "../../config/search.ts";
import type { Step } from "./program.ts";
import { holds } from "./sides.ts";
import { alphabetOf, wordUnits, type Alphabet } from "./sets.ts";

/** Where the program is, before anything that reads no character. */
export interface State {
  /** The places of each beginning that goes on, first the one that goes before others. A place is in one of them. */
  readonly groups: readonly (readonly number[])[];
  readonly before: Side;
}

/** What becomes of the beginnings with a step. */
export interface Turn {
  /** The numbers of those that go on, in order; one more than there were is what begins here. */
  readonly kept: readonly number[];
  /** What has ended here, and of which beginning. */
  readonly ends?: { readonly group: number; readonly term: number } | undefined;
}

/** A state by a class of characters to the next one; without a turn when all go on and nothing begins. */
export type Move = (state: State, unit: number) => { readonly state: State; readonly turn: Turn | undefined };

export interface Moves {
  readonly move: Move;
  readonly alphabet: Alphabet;
  /** The class of what is no character, and of the end; `width`: of how many there are. */
  readonly none: number;
  readonly end: number;
  readonly width: number;
}

/** @param program none that can be found where nothing is. */
export function createMoves(program: readonly Step[]): Moves {
  const alphabet = alphabetOf([wordUnits, ...program.flatMap((step) => (step.kind === "set" ? [step.set] : []))]);
  const { size: none } = alphabet;
  return { alphabet, none, end: none + 1, width: none + 2, move: createMove(program, alphabet) };
}

function createMove(program: readonly Step[], { within, size }: Alphabet): Move {
  const isWord = new Set(within(wordUnits));
  const reader = createReader(program, within);

  return ({ groups, before }, unit) => {
    const after: Side = unit > size ? "none" : isWord.has(unit) ? "word" : "other";
    const [next, kept]: [(readonly number[])[], number[]] = [[], []];
    let ends: Turn["ends"];
    reader.begin();
    for (const [group, places] of [...groups, [0]].entries()) {
      // What ends here takes the place of all that it goes before, but for what begins where it ends.
      if (ends && group < groups.length) continue;
      const { goOn, term } = reader.read(places, { unit, before, after });
      if (term !== undefined) ends = { group, term };
      if (goOn.length === 0) continue;
      next.push(goOn);
      kept.push(group);
    }
    const isSame = !ends && kept.length === groups.length && kept.at(-1) !== groups.length;
    return { state: { groups: next, before: after }, turn: isSame ? undefined : { kept, ends } };
  };
}

interface Reading {
  readonly unit: number;
  readonly before: Side;
  readonly after: Side;
}

/**
 * One beginning after another, with one unit: a place that one before has come to is that one's. Where one has ended, ways behind that
 * were not gone; none of them is also a way of what begins, or that could end where it begins.
 */
interface Reader {
  readonly begin: () => void;
  /** Where it goes on, first what goes before others, and the pattern that has ended, which all behind it gives way to. */
  readonly read: (places: readonly number[], reading: Reading) => { readonly goOn: number[]; readonly term?: number };
}

function createReader(program: readonly Step[], within: Alphabet["within"]): Reader {
  const classes = program.map((step) => new Set(step.kind === "set" ? within(step.set) : []));
  const [seen, taken] = [new Int32Array(program.length), new Int32Array(program.length)];
  let round = 0;

  const read: Reader["read"] = (places, { unit, before, after }) => {
    const goOn: number[] = [];
    const waiting = places.toReversed();
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (seen[place] === round) continue;
      seen[place] = round;
      const step = program[place]!;
      if (step.kind === "accept") return { goOn, term: step.term };
      if (step.kind === "fork") waiting.push(step.other, step.next);
      else if (step.kind === "save") waiting.push(step.next);
      else if (step.kind === "assertion") {
        if (holds[step.assertion](before, after)) waiting.push(step.next);
      } else if (classes[place]!.has(unit) && taken[step.next] !== round) {
        taken[step.next] = round;
        goOn.push(step.next);
      }
    }
    return { goOn };
  };
  return { read, begin: () => void (round += 1) };
}
