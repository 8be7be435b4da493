/** Looks for many literals at once, in time that grows with the body's length alone. */
import type { Found, Search, Searcher } from "../../config/search.ts";
import { createMachine, type Machine } from "./machine.ts";

/** Finds after which it stops for the time being. */
const manyFinds = 1_000;

/** @param literals none of them empty. It is made into an automaton when the first body comes. */
export function searchLiterals(literals: readonly string[], ignoreCase: boolean): Searcher {
  let machine: Machine | undefined;
  return (wanted) => {
    machine ??= createMachine(
      literals.map((literal) => new TextEncoder().encode(literal)),
      ignoreCase,
    );
    return createSearch(machine, [...wanted]);
  };
}

/** How far it has come. */
interface Course {
  readonly machine: Machine;
  readonly wanted: boolean[];
  row: number;
  place: number;
  /** What ends by now, is apart, and will be found unless something that begins before or was written before takes its place. */
  readonly waiting: Found[];
}

function createSearch(machine: Machine, wanted: boolean[]): Search {
  const course: Course = { machine, wanted, row: 0, place: 0, waiting: [] };
  return {
    look: (bytes, found) => look(course, bytes, found),
    end: (found) => void found.push(...course.waiting.splice(0)),
    open: () => course.place - machine.live[stateOf(course)]!,
    without: (term, place) => {
      wanted[term] = false;
      Object.assign(course, { row: 0, place });
      course.waiting.length = 0;
    },
  };
}

function stateOf({ row, machine }: Course): number {
  return row / machine.width;
}

function look(course: Course, bytes: Uint8Array, found: Found[]): number {
  const { table, classes } = course.machine;
  let { row } = course;
  let at = 0;
  while (at < bytes.length && found.length < manyFinds) {
    if (course.waiting.length === 0) {
      // Nearly all of the time is spent here.
      while (at < bytes.length && row >= 0) row = table[row + classes[bytes[at++]!]!]!;
    } else row = table[row + classes[bytes[at++]!]!]!;
    const ends = row < 0;
    course.row = ends ? ~row : row;
    if (ends) propose(course, course.place + at);
    settle(course, course.place + at, found);
    row = course.row;
  }
  course.place += at;
  return at;
}

/** What ends at the place waits to be found, the longest first. */
function propose(course: Course, place: number): void {
  const { depth, ending, ends, fallback } = course.machine;
  for (let state = ending[stateOf(course)]!; state !== 0; state = ending[fallback[state]!]!) {
    const term = ends[state]!.find((each) => course.wanted[each]);
    const start = place - depth[state]!;
    if (term !== undefined) suggest(course.waiting, { start, end: place, term });
  }
}

/** Nothing that waits ends later, so that whatever it goes before overlaps it. */
function suggest(waiting: Found[], one: Found): void {
  const index = waiting.findIndex(({ end }) => end > one.start);
  const rival = waiting[index];
  if (!rival) return void waiting.push(one);
  if (rival.start < one.start || (rival.start === one.start && rival.term <= one.term)) return;
  waiting.splice(index, Infinity, one);
}

/** What waits is found when nothing is under way that begins no later. */
function settle(course: Course, place: number, found: Found[]): void {
  const { depth, live, fallback, width } = course.machine;
  for (let first = course.waiting[0]; first; first = course.waiting[0]) {
    if (place - live[stateOf(course)]! <= first.start) return;
    found.push(course.waiting.shift()!);
    // What has begun in it comes to nothing.
    let state = stateOf(course);
    while (depth[state]! > place - first.end) state = fallback[state]!;
    course.row = state * width;
  }
}
