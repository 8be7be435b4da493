/** What the groups of a pattern have in what was found by it: all ways at once, first the one that goes before others (Pike 1987). */
import type { Side } from "../../config/search.ts";
import { programOfAll, type Step } from "./program.ts";
import { wordUnits, type Ranges } from "./sets.ts";
import { holds } from "./sides.ts";
import type { Tree } from "./syntax.ts";
import { characterAt } from "./utf-8.ts";

/** What each group has, by its number: 0 is the whole. "" for one that has nothing. */
export type Capture = (found: Uint8Array, beside: readonly [before: Side, after: Side]) => readonly Uint8Array[];

/** A place of the program, and what was saved on the way there, the last first. */
interface Way {
  readonly place: number;
  readonly saved: Saved | undefined;
}

interface Saved {
  readonly slot: number;
  readonly at: number;
  readonly before: Saved | undefined;
}

/** @throws PatternFlaw for a pattern that is too long with its groups. */
export function createCapture(tree: Tree, groups: number): Capture {
  const program = programOfAll([tree], true);
  const spread = createSpread(program);
  return (found, [before, after]) => {
    let ways: readonly Way[] = [{ place: 0, saved: undefined }];
    let side = before;
    for (let at = 0; at < found.length;) {
      const character = characterAt(found, at);
      const [code, length] = [character >> 3, character & 7];
      const next = sideOf(code);
      ways = goOn(program, spread(ways, { at, before: side, after: next }), code);
      side = next;
      at += length;
    }
    const last = spread(ways, { at: found.length, before: side, after });
    return slotsOf(last.find(({ place }) => program[place]!.kind === "accept")?.saved, groups, found);
  };
}

function goOn(program: readonly Step[], ways: readonly Way[], code: number): readonly Way[] {
  const next: Way[] = [];
  for (const { place, saved } of ways) {
    const step = program[place]!;
    if (step.kind === "set" && has(step.set, code)) next.push({ place: step.next, saved });
  }
  return next;
}

interface Spot {
  readonly at: number;
  readonly before: Side;
  readonly after: Side;
}

/** From ways to where a character is read or the pattern found, each place once. */
function createSpread(program: readonly Step[]): (ways: readonly Way[], spot: Spot) => Way[] {
  const seen = new Int32Array(program.length);
  let round = 0;
  return (ways, { at, before, after }) => {
    round += 1;
    const reached: Way[] = [];
    const waiting = ways.toReversed();
    for (let way = waiting.pop(); way; way = waiting.pop()) {
      const { place, saved } = way;
      if (seen[place] === round) continue;
      seen[place] = round;
      const step = program[place]!;
      if (step.kind === "fork") waiting.push({ place: step.other, saved }, { place: step.next, saved });
      else if (step.kind === "save") waiting.push({ place: step.next, saved: { slot: step.slot, at, before: saved } });
      else if (step.kind !== "assertion") reached.push(way);
      else if (holds[step.assertion](before, after)) waiting.push({ place: step.next, saved });
    }
    return reached;
  };
}

function slotsOf(saved: Saved | undefined, groups: number, found: Uint8Array): readonly Uint8Array[] {
  const slots = new Map<number, number>();
  for (let one = saved; one; one = one.before) if (!slots.has(one.slot)) slots.set(one.slot, one.at);
  const group = (_: unknown, index: number): Uint8Array =>
    found.subarray(slots.get(index * 2 + 2) ?? 0, slots.get(index * 2 + 3) ?? 0);
  return [found, ...Array.from({ length: groups }, group)];
}

function has(set: Ranges, code: number): boolean {
  for (const [first, last] of set) if (first <= code && code <= last) return true;
  return false;
}

function sideOf(code: number): Side {
  return has(wordUnits, code) ? "word" : "other";
}
