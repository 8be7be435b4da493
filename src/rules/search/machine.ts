/** Many literals as one automaton (Aho and Corasick 1975): one step a byte, however many there are. */

/** States are numbered from 0, where nothing has begun. Those of each have a row in the table, of `width` classes of bytes. */
export interface Machine {
  readonly width: number;
  /** Class of each byte: 0 for those that are in no literal. */
  readonly classes: Readonly<Uint8Array>;
  /** By row and class: the row of the next state, or `~row` when a literal ends there. */
  readonly table: Readonly<Int32Array>;
  /** Bytes of the longest beginning of a literal that a state stands for. */
  readonly depth: Readonly<Int32Array>;
  /** The same for the longest that may still grow. */
  readonly live: Readonly<Int32Array>;
  /** The state for the longest part of what this one stands for that begins later. */
  readonly fallback: Readonly<Int32Array>;
  /** The state itself or the first of its fallbacks at which literals end as wholes; 0 for none. */
  readonly ending: Readonly<Int32Array>;
  /** Which those are, in the order they were written. */
  readonly ends: readonly (readonly number[])[];
}

/** What literals have in common at their beginnings. */
interface Node {
  readonly next: Map<number, number>;
  readonly depth: number;
  readonly ends: number[];
}

/** @param literals of one byte at least. `ignoreCase`: letters of ASCII in either case are one. */
export function createMachine(literals: readonly Uint8Array[], ignoreCase: boolean): Machine {
  const { classes, width } = classesOf(literals, ignoreCase);
  const nodes: Node[] = [{ next: new Map(), depth: 0, ends: [] }];
  for (const [term, literal] of literals.entries()) {
    let at = 0;
    for (const byte of literal) at = stepInto(nodes, at, classes[byte]!);
    nodes[at]!.ends.push(term);
  }
  return { classes, width, ends: nodes.map(({ ends }) => ends), ...link(nodes, width) };
}

function stepInto(nodes: Node[], from: number, by: number): number {
  const { next, depth } = nodes[from]!;
  const known = next.get(by);
  if (known !== undefined) return known;
  const added = nodes.push({ next: new Map(), depth: depth + 1, ends: [] }) - 1;
  next.set(by, added);
  return added;
}

function classesOf(literals: readonly Uint8Array[], ignoreCase: boolean): Pick<Machine, "classes" | "width"> {
  const classes = new Uint8Array(256);
  const fold = (byte: number): number => (ignoreCase && byte >= 65 && byte <= 90 ? byte + 32 : byte);
  let width = 1;
  for (const literal of literals) for (const byte of literal) classes[fold(byte)] ||= width++;
  for (let byte = 0; byte < 256; byte++) classes[byte] = classes[fold(byte)]!;
  return { classes, width };
}

type Links = Pick<Machine, "table" | "depth" | "live" | "fallback" | "ending">;

/** Row by row, those first that stand for less: what a state falls back to is known then. */
function link(nodes: readonly Node[], width: number): Links {
  const row = (): Int32Array<ArrayBuffer> => new Int32Array(nodes.length);
  const [depth, live, fallback, ending] = [row(), row(), row(), row()];
  const table = new Int32Array(nodes.length * width);
  const order = [0];
  for (const state of order) {
    const { next, ends, depth: own } = nodes[state]!;
    const back = fallback[state]!;
    depth[state] = own;
    live[state] = next.size > 0 ? own : live[back]!;
    ending[state] = ends.length > 0 ? state : ending[back]!;
    for (let by = 0; by < width; by++) {
      const grown = next.get(by);
      const fallen = state === 0 ? 0 : table[back * width + by]!;
      table[state * width + by] = grown ?? fallen;
      if (grown === undefined) continue;
      order.push(grown);
      fallback[grown] = fallen;
    }
  }
  for (let index = 0; index < table.length; index++) {
    const to = table[index]!;
    table[index] = ending[to] === 0 ? to * width : ~(to * width);
  }
  return { table, depth, live, fallback, ending };
}
