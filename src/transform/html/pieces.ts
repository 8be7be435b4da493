/** A page, cut so that a parser that gives up in the middle of it has lost nothing. */
import type { ByteReader } from "../../http/byte-reader.ts";
import { joined } from "../../http/stream.ts";

/** Elements in which the parser doesn't know whether a tag of these {@link unclear} ones is one: it gives up there. */
const holders: ReadonlySet<string> = new Set(["select", "frameset"]);

const unclear: ReadonlySet<string> = new Set([
  "script",
  "style",
  "title",
  "textarea",
  "iframe",
  "noscript",
  "noembed",
  "noframes",
  "plaintext",
  "xmp",
]);

/** The longest of those names, with what is in front of it. */
const longest = "</plaintext".length;

/** Bytes of a tag that is waited for. */
const longestTag = 64 << 10;

/** Pieces that are remembered: a tag that was cut into more of them can't be gone back to. */
const remembered = 8;

const [opening, closing] = [0x3c, 0x3e];

/**
 * The pieces of a page. After the first tag of a {@link holders} one, a piece begins at each tag that is unclear there, so that
 * all before it has been dealt with when the parser gives up.
 */
export class Pieces {
  readonly #reader: ByteReader;
  /** To be handed out before more is read. */
  #ahead: Uint8Array[] = [];
  /** Handed out last, the newest at the end. */
  #recent: Uint8Array[] = [];
  /** Read, but held back until it is known what it begins. */
  #held: Uint8Array = new Uint8Array();
  #isWary = false;
  #isAtEnd = false;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#ahead.length === 0 && !this.#isAtEnd) this.#add(await this.#reader.read());
    const piece = this.#ahead.shift();
    if (piece) this.#recent = [...this.#recent.slice(1 - remembered), piece];
    return piece;
  }

  /**
   * Hands out again what was handed out from a tag of that name on, after other text.
   * @returns whether it is still known.
   */
  goBack(name: string, after: string): boolean {
    const from = this.#recent.findLastIndex((piece) => nameAt(piece, 0) === name);
    if (from === -1) return false;
    this.#ahead = [new TextEncoder().encode(after), ...this.#recent.slice(from), ...this.#ahead];
    this.#recent = [];
    return true;
  }

  cancel(reason: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }

  #add({ done, value }: ReadableStreamReadResult<Uint8Array>): void {
    this.#isAtEnd = done;
    const bytes = joined([this.#held, ...(value ? [value] : [])].filter(({ byteLength }) => byteLength > 0));
    const cuts = this.#cutsIn(bytes);
    const end = done ? bytes.byteLength : this.#settled(bytes, cuts.at(-1));
    const borders = [0, ...cuts.filter((cut) => cut > 0 && cut < end), end];
    for (const [index, border] of borders.slice(1).entries()) {
      if (border > borders[index]!) this.#ahead.push(bytes.subarray(borders[index], border));
    }
    this.#held = bytes.subarray(end);
  }

  /** Where a piece must begin. */
  #cutsIn(bytes: Uint8Array): readonly number[] {
    const cuts: number[] = [];
    for (let at = bytes.indexOf(opening); at !== -1; at = bytes.indexOf(opening, at + 1)) {
      const letter = bytes[at + 1]! | 0x20;
      if (!this.#isWary && letter !== 0x73 && letter !== 0x66) continue; // neither "s" nor "f"
      const name = nameAt(bytes, at);
      if (this.#isWary && unclear.has(name)) cuts.push(at);
      this.#isWary ||= holders.has(name);
    }
    return cuts;
  }

  /** How much can be handed out: not a name that may go on, nor the beginning of an unclear tag whose end hasn't come yet. */
  #settled(bytes: Uint8Array, lastCut: number | undefined): number {
    const open = bytes.lastIndexOf(opening);
    const isNaming = open !== -1 && open >= bytes.byteLength - longest && bytes.indexOf(closing, open) === -1;
    const isOpen = lastCut !== undefined && bytes.indexOf(closing, lastCut) === -1;
    if (isOpen && bytes.byteLength - lastCut < longestTag) return lastCut;
    return isNaming ? open : bytes.byteLength;
  }
}

/** The name of the start tag there, in lower case; "" for none. */
function nameAt(bytes: Uint8Array, at: number): string {
  let name = "";
  for (let next = at + 1; next < at + longest; next++) {
    const letter = bytes[next]! | 0x20;
    if (!(letter >= 0x61 && letter <= 0x7a)) break;
    name += String.fromCharCode(letter);
  }
  return name;
}
