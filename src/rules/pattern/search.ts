/** Looks for patterns in bodies as they stream by, in time that grows with the body's length alone. */
import type { Found, Search, Searcher, Side } from "../../config/search.ts";
import type { Step } from "./program.ts";
import { createStates, follow, rowOf, stateOf, type States } from "./states.ts";
import { createMoves, type State, type Turn } from "./turns.ts";
import { characterAt, noCharacter } from "./utf-8.ts";

/** Bytes of the longest find. A beginning that goes on for longer is given up. */
export const longestFind = 4096;

/** Finds after which it stops for the time being. */
const manyFinds = 1_000;

/** Automatons for what is wanted that are kept. */
const maxAutomatons = 20;

/** @param programOf the patterns that are wanted, by number; none can be found where nothing is. */
export function searchPatterns(programOf: (wanted: readonly boolean[]) => readonly Step[]): Searcher {
  const made = new Map<string, States>();
  const statesFor = (wanted: readonly boolean[]): States => {
    const name = wanted.map(Number).join("");
    const states = made.get(name) ?? createStates(createMoves(programOf(wanted)));
    if (made.size === maxAutomatons) made.clear();
    made.set(name, states);
    return states;
  };
  return (wanted) => createSearch(statesFor, [...wanted]);
}

/** Where something may have begun. */
interface Beginning {
  readonly place: number;
  readonly before: Side;
  /** What has ended and will be found, unless this one or one before it ends, too. */
  waiting: Found[];
}

interface Course {
  states: States;
  /** Rows of the table are others' by the time the next bytes come. */
  state: State;
  row: number;
  /** Bytes of the body that are read as characters. */
  place: number;
  /** The bytes behind them that are the beginning of a character. */
  partial: readonly number[];
  beginnings: Beginning[];
}

function createSearch(statesFor: (wanted: readonly boolean[]) => States, wanted: boolean[]): Search {
  const course: Course = { ...begun(statesFor(wanted), "none"), place: 0 };
  return {
    look: (bytes, found) => look(course, bytes, found),
    end: (found) => {
      course.row = rowOf(course.states, course.state);
      for (const _ of course.partial) step(course, { unit: course.states.moves.none, length: 1 }, found);
      step(course, { unit: course.states.moves.end, length: 0 }, found);
      course.partial = [];
    },
    open: () => course.beginnings[0]?.place ?? course.place,
    without: (term, place, before) => {
      wanted[term] = false;
      Object.assign(course, begun(statesFor(wanted), isWord(before) ? "word" : "other"), { place });
    },
  };
}

function begun(states: States, before: Side): Omit<Course, "place"> {
  return { states, state: { groups: [], before }, row: 0, partial: [], beginnings: [] };
}

function isWord(byte: number): boolean {
  return /\w/.test(String.fromCharCode(byte));
}

function look(course: Course, bytes: Uint8Array, found: Found[]): number {
  course.row = rowOf(course.states, course.state);
  let at = course.partial.length > 0 ? complete(course, bytes, found) : 0;
  while (at < bytes.length && found.length < manyFinds) {
    const quick = pass(course, bytes, at);
    course.place += quick - at;
    at = quick;
    if (at === bytes.length) break;
    const length = lookAt(course, bytes, at, found);
    if (length === 0) {
      course.partial = [...bytes.subarray(at)];
      at = bytes.length;
    }
    at += length;
  }
  course.state = stateOf(course.states, course.row);
  return at;
}

/** Over bytes with which nothing ends or begins: nearly all. @returns where it stops. */
function pass(course: Course, bytes: Uint8Array, from: number): number {
  const { table, moves } = course.states;
  const { ascii } = moves.alphabet;
  const first = course.beginnings[0];
  const end = first ? Math.min(bytes.length, from + first.place + longestFind - course.place) : bytes.length;
  let { row } = course;
  let at = from;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 127) break;
    const next = table[row + ascii[byte]!]!;
    if (next <= 0) break;
    row = next;
  }
  course.row = row;
  return at;
}

/** The character that the bytes before have begun. @returns how many of these bytes belong to it. */
function complete(course: Course, bytes: Uint8Array, found: Found[]): number {
  const begun = course.partial.length;
  const together = [...course.partial, ...bytes.subarray(0, 3)];
  course.partial = [];
  let at = 0;
  while (at < begun) {
    const length = lookAt(course, together, at, found);
    if (length === 0) {
      course.partial = together.slice(at);
      return bytes.length;
    }
    at += length;
  }
  return at - begun;
}

/** @returns the bytes of the character there; 0 when they are not all there. */
function lookAt(course: Course, bytes: ArrayLike<number>, at: number, found: Found[]): number {
  const { alphabet, none } = course.states.moves;
  const character = characterAt(bytes, at);
  if (character < 0) return 0;
  const [code, length] = [character >> 3, character & 7];
  const unit = code < 128 ? alphabet.ascii[code]! : code === noCharacter ? none : alphabet.classOf(code);
  step(course, { unit, length }, found);
  return length;
}

interface Character {
  /** Its class. */
  readonly unit: number;
  /** Its bytes. */
  readonly length: number;
}

function step(course: Course, { unit, length }: Character, found: Found[]): void {
  const { states, place } = course;
  while (place - (course.beginnings[0]?.place ?? place) > longestFind) giveUp(course, found);
  const { before } = stateOf(states, course.row);
  const next = follow(states, course.row, unit);
  course.row = next.row;
  const after = stateOf(states, next.row).before;
  if (next.turn) course.beginnings = turned(course.beginnings, next.turn, { place, before, after }, found);
  course.place += length;
}

/** Where a body is read. */
interface Here {
  readonly place: number;
  readonly before: Side;
  readonly after: Side;
}

function turned(
  beginnings: readonly Beginning[],
  { kept, ends }: Turn,
  { place, before, after }: Here,
  found: Found[],
): Beginning[] {
  if (ends) {
    const one = beginnings[ends.group]!;
    one.waiting = [{ start: one.place, end: place, term: ends.term, beside: [one.before, after] }];
  }
  const goOn: Beginning[] = [];
  // What was waiting behind those that an end has taken the place of isn't found.
  const count = ends ? ends.group + 1 : beginnings.length;
  for (let index = 0; index < count; index++) {
    const one = beginnings[index]!;
    if (kept[goOn.length] === index) goOn.push(one);
    else moveTo(goOn.at(-1)?.waiting ?? found, one);
  }
  if (kept.length > goOn.length) goOn.push({ place, before, waiting: [] });
  return goOn;
}

/** What nothing goes before any more is found; what something does waits behind that. */
function moveTo(waiting: Found[], { waiting: moved }: Beginning): void {
  for (const each of moved) waiting.push(each);
}

/** The first beginning, which has become too long. */
function giveUp(course: Course, found: Found[]): void {
  const { groups, before } = stateOf(course.states, course.row);
  course.row = rowOf(course.states, { groups: groups.slice(1), before });
  moveTo(found, course.beginnings.shift()!);
}
