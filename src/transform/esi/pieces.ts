/** What a page is put together from, by its tags. */
import { escapeHtml } from "../../http/html-text.ts";
import { holds } from "./expression.ts";
import {
  branchOf,
  entering,
  hiding,
  intoOf,
  longestHeld,
  release,
  type Frame,
  type Outer,
  type Piece,
} from "./elements.ts";
import type { Attributes, Token } from "./tokens.ts";
import { substitute, valueOf, type Asked } from "./variables.ts";

/** Elements within each other; deeper ones are as if they weren't there. */
const deepest = 64;
/** Reads the tokens of one page, for one visit. */
export class Composer {
  readonly #visit: Asked;
  readonly #note: (flaw: string) => void;
  readonly #frames: Frame[] = [];
  readonly #page: Piece[] = [];

  /** @param note is told what is wrong with the page, in a word. */
  constructor(visit: Asked, note: (flaw: string) => void) {
    this.#visit = visit;
    this.#note = note;
  }

  /** The pieces that the tokens complete. */
  push(tokens: readonly Token[]): readonly Piece[] {
    for (const token of tokens) this.#read(token);
    return this.#flush();
  }

  /** What is left of elements that were never closed. */
  end(): readonly Piece[] {
    while (this.#frames.length > 0) this.#leave(false);
    return this.#flush();
  }

  #flush(): readonly Piece[] {
    return this.#page.splice(0); // open elements hold on to the list itself
  }

  get #inner(): Outer {
    return this.#frames.at(-1) ?? { name: "", shows: true, fills: false, into: this.#page };
  }

  #read(token: Token): void {
    if (token.kind === "open") this.#enter(token);
    else if (token.kind === "close") this.#close(token.name);
    else this.#show(token);
  }

  #show(token: Extract<Token, { bytes: Uint8Array }>): void {
    const { shows, fills } = this.#inner;
    if (!shows) return;
    const value = token.kind === "variable" && fills ? valueOf(token.source, this.#visit) : undefined;
    const bytes = value === undefined ? token.bytes : new TextEncoder().encode(asText(value));
    this.#put({ kind: "bytes", bytes });
  }

  #put(piece: Exclude<Piece, { kind: "attempt" }>): void {
    let { into } = this.#inner;
    into.push(piece);
    const size = piece.kind === "bytes" ? piece.bytes.byteLength : piece.src.length;
    for (let at = this.#frames.length - 1; at >= 0; at--) {
      const frame = this.#frames[at]!;
      const { choice, draft } = frame;
      if (!draft) continue;
      if (frame.into === into && (draft.bytes += size) > longestHeld) draft.outer.push(...into.splice(0));
      into = draft.outer;
      if (frame.name === "try" && choice && (choice.held += size) > longestHeld) release(choice, into);
    }
  }

  #enter({ name, attributes, isEmpty }: Extract<Token, { kind: "open" }>): void {
    if (name === "include") this.#include(attributes);
    if (isEmpty || name === "include" || this.#frames.length >= deepest) return;
    const outer = this.#inner;
    const choice = branchOf[name] === outer.name ? outer.choice : undefined;
    if (name in branchOf && !choice) this.#note(`stray-${name}`);
    const { shows, fills } = outer;
    const frame = entering[name]?.({ shows, choice }, { attributes, test: (source) => this.#test(source) });
    const into = (choice && intoOf(name, choice)) ?? (choice && outer.draft?.outer) ?? outer.into;
    const draft = hiding.has(name) ? { outer: into, bytes: 0 } : undefined;
    this.#frames.push({ name, shows, fills, into: draft ? [] : into, ...(draft && { draft }), ...frame });
  }

  #include(attributes: Attributes): void {
    if (!this.#inner.shows) return;
    const address = (name: string): string | undefined => {
      const written = attributes.get(name);
      return written && substitute(written, this.#visit, encodeURIComponent);
    };
    const src = address("src");
    if (src) this.#put({ kind: "fragment", src, alt: address("alt") });
    else this.#note("include-without-src");
  }

  #test(source: string): boolean {
    const is = holds(source, this.#visit);
    if (is === undefined) this.#note("no-test");
    return is ?? false;
  }

  /** What closes nothing is nothing; what was opened within it, and never closed, ends with it. */
  #close(name: string): void {
    if (!this.#frames.some((frame) => frame.name === name)) return;
    while (this.#frames.at(-1)!.name !== name) this.#leave(false);
    this.#leave(true);
  }

  #leave(isClosed: boolean): void {
    const { name, shows, choice, into, draft } = this.#frames.pop()!;
    const isTooLong = draft !== undefined && draft.bytes > longestHeld;
    if (isTooLong) this.#note(`too-long-${name}`);
    else if (!isClosed && (draft || !shows)) this.#note(`unclosed-${name}`);
    if (name === "try" && choice?.isMade) release(choice, draft!.outer);
    else if (name === "try" && choice) {
      draft!.outer.push({ kind: "attempt", pieces: choice.attempt, otherwise: choice.otherwise });
    }
    if (draft && (!isClosed || isTooLong)) draft.outer.push(...into);
  }
}

/** An address that begins so is a script. */
const script = /^(?:javascript|vbscript|data):/i;

/**
 * What a request says is text, whatever it looks like, between tags and in quotes. No address begins with it that is a script, and no
 * quote of a script is escaped by it.
 */
function asText(value: string): string {
  // Browsers pass over these in a scheme (URL §4.4).
  // oxlint-disable-next-line no-control-regex -- they do
  const isScript = script.test(value.replace(/[\0-\x20]/g, ""));
  return isScript ? "" : escapeHtml(value).replaceAll("\\", "&#92;");
}
