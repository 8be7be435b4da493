/** What a page is put together from, by its tags. */
import { escapeHtml } from "../../http/html-text.ts";
import { holds } from "./expression.ts";
import type { Attributes, Token } from "./tokens.ts";
import { substitute, valueOf, type Asked } from "./variables.ts";

/** One part of the page, in its order. */
export type Piece =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** A fragment, and the one that stands in for it. */
  | { readonly kind: "fragment"; readonly src: string; readonly alt: string | undefined }
  /** Pieces all of whose fragments must do, and what stands in for them. */
  | { readonly kind: "attempt"; readonly pieces: readonly Piece[]; readonly otherwise: readonly Piece[] };

/** Elements within each other; deeper ones are as if they weren't there. */
const deepest = 64;
/** Bytes that an attempt holds back: the rest of a longer one goes out as it comes. */
const longestAttempt = 256 << 10;

/** An element that was opened. */
interface Frame {
  readonly name: string;
  /** Whether what is in it is a part of the page. */
  readonly shows: boolean;
  /** Whether variables in it stand for their values. */
  readonly fills: boolean;
  /** Of `choose` and `try`: whether one of its branches may show, and the pieces of those that did. */
  readonly choice?: Choice;
  readonly into: Piece[];
}

interface Choice {
  readonly mayShow: boolean;
  isMade: boolean;
  /** Bytes that the attempt holds back. */
  held: number;
  readonly attempt: Piece[];
  readonly otherwise: Piece[];
}

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
    while (this.#frames.length > 0) this.#leave();
    return this.#flush();
  }

  #flush(): readonly Piece[] {
    return this.#page.splice(0); // open elements hold on to the list itself
  }

  get #inner(): Pick<Frame, "shows" | "fills"> & { readonly choice?: Choice } {
    return this.#frames.at(-1) ?? { shows: true, fills: false };
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

  #put(piece: Piece): void {
    (this.#frames.at(-1)?.into ?? this.#page).push(piece);
    if (piece.kind !== "bytes") return;
    for (const { name, choice, into } of this.#frames) {
      if (name === "try" && choice && (choice.held += piece.bytes.byteLength) > longestAttempt) release(choice, into);
    }
  }

  #enter({ name, attributes, isEmpty }: Extract<Token, { kind: "open" }>): void {
    if (name === "include") this.#include(attributes);
    if (isEmpty || name === "include" || this.#frames.length >= deepest) return;
    const outer = this.#inner;
    const frame = entering[name]?.(outer, { attributes, test: (source) => this.#test(source) }) ?? outer;
    const into = intoOf(name, outer.choice) ?? this.#frames.at(-1)?.into ?? this.#page;
    this.#frames.push({ fills: outer.fills, into, name, ...frame });
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
    while (this.#leave() !== name);
  }

  #leave(): string {
    const { name, choice, into } = this.#frames.pop()!;
    if (name !== "try" || !choice) return name;
    if (choice.isMade) release(choice, into);
    else into.push({ kind: "attempt", pieces: choice.attempt, otherwise: choice.otherwise });
    return name;
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

interface Entering {
  readonly attributes: Attributes;
  readonly test: (source: string) => boolean;
}

type Outer = Pick<Frame, "shows" | "fills"> & { readonly choice?: Choice };

/** Element → how what is in it is taken; what is not here is taken as what is around it. */
const entering: Readonly<Record<string, (outer: Outer, entering: Entering) => Partial<Frame> & { shows: boolean }>> = {
  remove: () => ({ shows: false }),
  comment: () => ({ shows: false }),
  vars: ({ shows }) => ({ shows, fills: true }),
  choose: ({ shows }) => ({ shows: false, choice: newChoice(shows) }),
  when: ({ choice }, { attributes, test }) => ({ shows: chosen(choice, () => test(attributes.get("test") ?? "")) }),
  otherwise: ({ choice }) => ({ shows: chosen(choice, () => true) }),
  try: ({ shows }) => ({ shows: false, choice: newChoice(shows) }),
  attempt: ({ choice }) => ({ shows: choice?.mayShow ?? false }),
  except: ({ choice }) => ({ shows: choice?.mayShow ?? false }),
};

function newChoice(mayShow: boolean): Choice {
  return { mayShow, isMade: false, held: 0, attempt: [], otherwise: [] };
}

/** Whether this branch is the one that shows. */
function chosen(choice: Choice | undefined, test: () => boolean): boolean {
  if (!choice?.mayShow || choice.isMade || !test()) return false;
  choice.isMade = true;
  return true;
}

/** The attempt is shown as it is, whatever its fragments do. */
function release(choice: Choice, into: Piece[]): void {
  into.push(...choice.attempt.splice(0));
  choice.isMade = true;
  choice.held = 0;
}

function intoOf(name: string, choice: Choice | undefined): Piece[] | undefined {
  if (name === "attempt") return choice?.attempt;
  return name === "except" ? choice?.otherwise : undefined;
}
