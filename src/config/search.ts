/** Looking for texts in a body as it streams by. Types only. */

/** Begins to look through a body for those of its terms that are wanted, by number. */
export type Searcher = (wanted: readonly boolean[]) => Search;

/**
 * Finds what no later byte can change: of all that begins first the term that was written first, nothing that overlaps what was found
 * before. Places are bytes of the body, from 0.
 */
export interface Search {
  /**
   * Looks at the next bytes, and appends what is found for certain by then. Many finds make it stop early.
   * @returns how many of the bytes it has looked at.
   */
  readonly look: (bytes: Uint8Array, found: Found[]) => number;
  /** The body is over: appends what is found in its last bytes. */
  readonly end: (found: Found[]) => void;
  /** Where what may still be found begins; the place it has come to when nothing may. */
  readonly open: () => number;
  /** Goes back to that place, at which something found ended, and looks for the term no longer. `before`: the byte before the place. */
  readonly without: (term: number, place: number, before: number) => void;
}

/** What stands from `start` up to `end` is that term. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly term: number;
  /** What stands beside it; absent where only literals are looked for. */
  readonly beside?: readonly [before: Side, after: Side];
}

/** What is before a place in a text, or after it: its end, a unit of a word, or another one. */
export type Side = "none" | "word" | "other";

/** What the groups of a pattern have in what was found, by number: 0 is the whole. None for a group that has nothing. */
export type Groups = (found: Found, bytes: Uint8Array) => readonly Uint8Array[];
