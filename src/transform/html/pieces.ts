/** A page, cut so that the platform's parser, which gives up where it can't go on, has lost nothing when another takes over. */
import type { ByteReader } from "../../http/byte-reader.ts";
import { joined } from "../../http/stream.ts";
import { rawTagEnd, scanTags } from "./scan.ts";

/** Bytes of a tag that are waited for. The parser could hold twice as many. */
const longestTag = 1 << 20;

/** Pieces that are remembered: a tag that was cut into more of them can't be gone back to. */
const remembered = 8;

/** Bytes of the page, and who they are for. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly for: "parser" | "new parser" | "nobody";
}

/** What comes after a parser has read all that was for it. */
export type Turn =
  | { readonly kind: "over" }
  /** Another parser goes on. */
  | { readonly kind: "anew" }
  /** To be handed on as they are. */
  | { readonly kind: "as-is"; readonly bytes: Uint8Array };

export class Pieces {
  readonly #reader: ByteReader;
  /** To be handed out before more is read. */
  #ahead: Piece[] = [];
  /** Handed out last, the newest at the end. */
  #recent: Uint8Array[] = [];
  /** The beginning of a tag whose end hasn't come yet. */
  #held: Uint8Array = new Uint8Array();
  /** Inside a tag that is too long for a parser: the quote that is open there, if one is. */
  #tooLong: { quote: number } | undefined;
  #isNew = false;
  #isAtEnd = false;
  readonly #counts = { open: 0, isWary: false };

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  /** Whether the parser may give up at what it has got. */
  get isWary(): boolean {
    return this.#counts.isWary;
  }

  /** Whether all was handed out. */
  get isOver(): boolean {
    return this.#isAtEnd && this.#ahead.length === 0;
  }

  /** For the parser; undefined when there is no more for this one. */
  async next(): Promise<Uint8Array | undefined> {
    await this.#fill();
    if (this.#ahead[0]?.for !== "parser") return undefined;
    const { bytes } = this.#ahead.shift()!;
    this.#recent = [...this.#recent.slice(1 - remembered), bytes];
    return bytes;
  }

  /** After {@link next} came to an end. @param resumed what another parser must read first. */
  async turn(resumed: () => string): Promise<Turn> {
    await this.#fill();
    const [piece] = this.#ahead;
    if (!piece) return { kind: "over" };
    if (piece.for === "nobody") {
      this.#ahead.shift();
      return { kind: "as-is", bytes: piece.bytes };
    }
    this.#begin([{ ...piece, for: "parser" }, ...this.#ahead.slice(1)], resumed());
    return { kind: "anew" };
  }

  /**
   * Hands out again, to another parser, what was handed out from a tag of that name on.
   * @param resumed what it must read first.
   * @returns whether the tag is still known.
   */
  goBack(name: string, resumed: () => string): boolean {
    const from = this.#recent.findLastIndex((bytes) => scanTags.nameAt(bytes, 0) === name);
    if (from === -1) return false;
    const again = this.#recent.slice(from).map((bytes): Piece => ({ bytes, for: "parser" }));
    this.#begin([...again, ...this.#ahead], resumed());
    return true;
  }

  cancel(reason: unknown): Promise<void> {
    return this.#reader.cancel(reason);
  }

  #begin(pieces: readonly Piece[], resumed: string): void {
    const first: Piece[] = resumed === "" ? [] : [{ bytes: new TextEncoder().encode(resumed), for: "parser" }];
    this.#ahead = [...first, ...pieces];
    this.#recent = [];
  }

  async #fill(): Promise<void> {
    while (this.#ahead.length === 0 && !this.#isAtEnd) this.#add(await this.#reader.read());
  }

  #add({ done, value }: ReadableStreamReadResult<Uint8Array>): void {
    this.#isAtEnd = done;
    const rest = this.#tooLong && value ? this.#passOn(value) : value;
    const bytes = joined([this.#held, ...(rest ? [rest] : [])].filter(({ byteLength }) => byteLength > 0));
    const end = done ? bytes.byteLength : scanTags.settled(bytes);
    let from = 0;
    for (const { at, isNew } of scanTags.cuts(bytes.subarray(0, end), this.#counts)) {
      this.#push(bytes.subarray(from, at));
      this.#isNew ||= isNew;
      from = at;
    }
    this.#push(bytes.subarray(from, end));
    this.#held = bytes.subarray(end);
    if (this.#held.byteLength < longestTag) return;
    this.#tooLong = { quote: 0 };
    this.#held = this.#passOn(this.#held);
  }

  #push(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#ahead.push({ bytes, for: this.#isNew ? "new parser" : "parser" });
    this.#isNew = false;
  }

  /** Past no parser, to the end of the tag that is too long for one. @returns what follows. */
  #passOn(bytes: Uint8Array): Uint8Array {
    const { end, quote } = rawTagEnd(bytes, this.#tooLong!.quote);
    this.#ahead.push({ bytes: bytes.subarray(0, end ?? bytes.byteLength), for: "nobody" });
    this.#tooLong = end === undefined ? { quote } : undefined;
    this.#isNew = end !== undefined;
    return bytes.subarray(end ?? bytes.byteLength);
  }
}
