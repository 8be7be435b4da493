/** Parsing a block: which of its bytes are copies, and of what. */
import { longPlace, sameLength, see, shortPlace, tail, type History } from "./matches.ts";
import type { Sequences } from "./sequences.ts";

/** The last three distances, the newest first, as reader and writer both know them (RFC 8878 §3.1.1.5). */
export type Recent = [number, number, number];

export interface Block {
  /** In the history. */
  readonly start: number;
  readonly end: number;
}

/** A copy that begins there, of what stood so far back. */
interface Copy {
  readonly at: number;
  readonly length: number;
  readonly distance: number;
}

/** Shorter ones by a hash of five bytes cost as much as they save. */
const shortest = 5;

/** A copy from one of the last distances is cheap. */
const shortestRecent = 4;

/** A shorter copy is held against those that begin up to so many bytes later. */
const [longEnough, lookahead] = [32, 8];

/** After so many bytes without a copy one more is passed over each time, so that what has none costs little. */
const patience = 7;

/**
 * Fills the sequences of a block.
 * @param recent is brought up to date.
 * @returns where its last literals begin, which belong to no sequence.
 */
export function parse(history: History, block: Block, { sequences, recent }: Parsing): number {
  sequences.count = 0;
  let [anchor, at] = [block.start, block.start];
  const last = Math.min(block.end, history.bytes.byteLength - tail);
  while (at < last) {
    const looking = { anchor, end: block.end, recent };
    const found = copyAt(history, at, looking);
    see(history, at);
    if (!found) {
      at += 1 + ((at - anchor) >> patience);
      continue;
    }
    const copy = longest(history, found, { ...looking, after: at, last });
    note(sequences, { ...copy, literals: copy.at - anchor }, recent);
    anchor = copy.at + copy.length;
    seeEnds(history, Math.max(at, copy.at) + 1, Math.min(anchor, last));
    at = anchor;
  }
  return anchor;
}

interface Parsing {
  readonly sequences: Sequences;
  readonly recent: Recent;
}

interface Looking {
  readonly anchor: number;
  readonly end: number;
  readonly recent: Recent;
}

/** The copy to take at a place; from a recent distance, where there is one. */
function copyAt(history: History, at: number, looking: Looking): Copy | undefined {
  const { end, recent } = looking;
  for (const distance of recent) {
    if (distance > at) continue;
    const length = sameLength(history, at, { place: at - distance, end });
    if (length >= shortestRecent) return { at, length, distance };
  }
  return far(history, at, looking);
}

/** The copy, or a longer one that begins a few bytes later: one of many short ones is seldom of the place where it goes on. */
function longest(
  history: History,
  found: Copy,
  looking: Looking & { readonly after: number; readonly last: number },
): Copy {
  let best = found;
  const until = Math.min(looking.after + lookahead, looking.last);
  for (let at = looking.after + 1; at < until && best.length < longEnough; at++) {
    const other = copyAt(history, at, looking);
    if (other && other.length > best.length + (other.at - best.at)) best = other;
  }
  return best;
}

function far(history: History, at: number, looking: Looking): Copy | undefined {
  const [long, short] = [longPlace(history, at), shortPlace(history, at)];
  const one = long < 0 ? undefined : extended(history, at, { ...looking, place: long });
  const other = short < 0 || short === long ? undefined : extended(history, at, { ...looking, place: short });
  const best = !one || (other && other.length > one.length) ? other : one;
  return best && best.length >= shortest ? best : undefined;
}

/** With the literals before it that are the same there, too. */
function extended(history: History, at: number, { anchor, end, place }: Looking & { place: number }): Copy {
  const { bytes } = history;
  const length = sameLength(history, at, { place, end });
  let before = 0;
  while (at - before > anchor && place - before > 0 && bytes[at - before - 1] === bytes[place - before - 1]) before++;
  return { at: at - before, length: length + before, distance: at - place };
}

function note(sequences: Sequences, { literals, length, distance }: Copy & { literals: number }, recent: Recent): void {
  const { count } = sequences;
  sequences.literals[count] = literals;
  sequences.lengths[count] = length;
  sequences.offsets[count] = written(distance, recent, literals === 0);
  sequences.count++;
}

/** A distance as it is written; what is recent afterwards, in place. Right after a copy the newest one means nothing. */
function written(distance: number, recent: Recent, isRightAfter: boolean): number {
  const known = recent.indexOf(distance);
  const isTold = known > 0 || (known === 0 && !isRightAfter);
  const code = known + (isRightAfter ? 0 : 1);
  recent.copyWithin(1, 0, isTold ? known : 2);
  recent[0] = distance;
  return isTold ? code : distance + 3;
}

/** Of a copy, what is at its ends can be found again: all of it can be where it was copied from. */
function seeEnds(history: History, start: number, end: number): void {
  for (let at = start; at < Math.min(start + 2, end); at++) see(history, at);
  for (let at = Math.max(start + 2, end - 2); at < end; at++) see(history, at);
}
