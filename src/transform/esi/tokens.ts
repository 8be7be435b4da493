/** Finds the tags of Edge Side Includes in a body, as it streams by, wherever it is cut. */
import { joined } from "../../http/stream.ts";

/** What a body is made of. `bytes` are as they came. */
export type Token =
  | { readonly kind: "text"; readonly bytes: Uint8Array }
  | { readonly kind: "open"; readonly name: string; readonly attributes: Attributes; readonly isEmpty: boolean }
  | { readonly kind: "close"; readonly name: string }
  /** `$(…)`, which means something within some elements, and is text elsewhere. */
  | { readonly kind: "variable"; readonly source: string; readonly bytes: Uint8Array };

/** By name in lower case; entities undone. */
export type Attributes = ReadonlyMap<string, string>;

/** Bytes of a tag or variable; what is longer is text. */
const longest = 8 << 10;

/** What ends each, and what it may be in the middle of when the bytes at hand are used up. */
interface Mode {
  readonly pattern: RegExp;
  readonly marks: readonly string[];
}

/** Comments and CDATA sections are as nobody but their reader sees them: what looks like a tag in them is none. */
const modes = {
  text: {
    pattern: /<\/?esi:|<!--esi(?![\w-])|<!--|<!\[CDATA\[|\$\(|-->/g,
    marks: ["<esi:", "</esi:", "<!--esi", "<![CDATA[", "$(", "-->"],
  },
  comment: { pattern: /-->/g, marks: ["-->"] },
  cdata: { pattern: /\]\]>/g, marks: ["]]>"] },
} as const satisfies Record<string, Mode>;

/** Bytes as text of as many characters: what is looked for is ASCII, which in UTF-8 is nothing else. */
const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** Reads one body. */
export class Tokenizer {
  #left: Uint8Array = new Uint8Array(0);
  #mode: keyof typeof modes = "text";
  /** Within `<!--esi … -->`, whose marks alone are taken away. */
  #isUncommented = false;

  /** The tokens that the next bytes complete. */
  push(chunk: Uint8Array): readonly Token[] {
    return this.#read(this.#left.byteLength === 0 ? chunk : joined([this.#left, chunk]), false);
  }

  /** What is left when no more come: a tag that never ended is text. */
  end(): readonly Token[] {
    return this.#read(this.#left, true);
  }

  #read(bytes: Uint8Array, isLast: boolean): readonly Token[] {
    const text = latin1.decode(bytes);
    const tokens: Token[] = [];
    let from = 0;
    let at = 0;
    const upTo = (end: number): void => {
      if (end > from) tokens.push({ kind: "text", bytes: bytes.subarray(from, end) });
    };
    for (;;) {
      const { pattern, marks } = modes[this.#mode];
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      const held = isLast ? text.length : heldFrom(text, Math.max(at, from), marks);
      if (!found || found.index >= held) {
        upTo(held);
        this.#left = bytes.slice(held);
        return tokens;
      }
      const step = this.#step(text, found, isLast);
      if (step === "more") {
        upTo(found.index);
        this.#left = bytes.slice(found.index);
        return tokens;
      }
      at = step.end;
      if (step.token === undefined) continue;
      upTo(found.index);
      from = step.end;
      const { kind } = step.token;
      if (kind === "mark") continue;
      tokens.push(kind === "variable" ? { ...step.token, bytes: bytes.subarray(found.index, step.end) } : step.token);
    }
  }

  /** What begins there, and where it ends; no token for what is text; "more" when that can't be told yet. */
  #step(text: string, { 0: mark, index }: RegExpExecArray, isLast: boolean): Step | "more" {
    const after = index + mark.length;
    if (this.#mode !== "text") {
      this.#mode = "text";
      return { end: after };
    }
    if (mark === "<!--" || mark === "<![CDATA[") {
      this.#mode = mark === "<!--" ? "comment" : "cdata";
      return { end: after };
    }
    if (mark === "<!--esi") {
      this.#isUncommented = true;
      return { end: after, token: { kind: "mark" } };
    }
    if (mark === "-->") {
      if (!this.#isUncommented) return { end: after };
      this.#isUncommented = false;
      return { end: after, token: { kind: "mark" } };
    }
    const end = endOf(text, after, mark === "$(" ? ")" : ">");
    if (end === undefined) return isLast || text.length - index > longest ? { end: after } : "more";
    return { end, token: mark === "$(" ? variable(text, after, end) : tag(text, index, end) };
  }
}

interface Step {
  readonly end: number;
  readonly token?: Exclude<Token, { kind: "text" | "variable" }> | Unplaced | { readonly kind: "mark" };
}

interface Unplaced {
  readonly kind: "variable";
  readonly source: string;
}

/** Where the text ends in what may be the beginning of a mark. */
function heldFrom(text: string, from: number, marks: readonly string[]): number {
  const most = Math.max(...marks.map(({ length }) => length));
  for (let at = Math.max(from, text.length - most); at < text.length; at++) {
    if (marks.some((mark) => mark.startsWith(text.slice(at)))) return at;
  }
  return text.length;
}

/** Behind the character that closes, outside of quotes; undefined when it isn't there, or too far away. */
function endOf(text: string, from: number, close: string): number | undefined {
  let quote = "";
  const last = Math.min(text.length, from + longest);
  for (let at = from; at < last; at++) {
    const character = text[at]!;
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === close) return at + 1;
  }
  return undefined;
}

function variable(text: string, from: number, end: number): Unplaced {
  return { kind: "variable", source: asUtf8(text.slice(from, end - 1)) };
}

function tag(text: string, from: number, end: number): Exclude<Token, { kind: "text" | "variable" }> {
  const isClosing = text[from + 1] === "/";
  const source = asUtf8(text.slice(from + (isClosing ? 6 : 5), end - 1));
  const name = (/^[\w-]*/.exec(source)?.[0] ?? "").toLowerCase();
  if (isClosing) return { kind: "close", name };
  return { kind: "open", name, attributes: attributesOf(source.slice(name.length)), isEmpty: source.endsWith("/") };
}

/** The characters are bytes. */
function asUtf8(text: string): string {
  return utf8.decode(Uint8Array.from(text, (character) => byteOf(character)));
}

/** The platform's latin1 is Windows-1252 (Encoding §4.2): 27 bytes come out as characters beyond it. */
const beyond: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 32 }, (_, index) => [latin1.decode(Uint8Array.of(128 + index)), 128 + index] as const),
);

function byteOf(character: string): number {
  return beyond.get(character) ?? character.charCodeAt(0);
}

/** A quoted value; what is between two of them names the latter. */
const quoted = /"[^"]*"|'[^']*'/g;

function attributesOf(source: string): Attributes {
  const attributes = new Map<string, string>();
  let from = 0;
  for (const { 0: value, index } of source.matchAll(quoted)) {
    const name = nameIn(source.slice(from, index));
    from = index + value.length;
    if (name !== undefined && !attributes.has(name)) attributes.set(name, withoutEntities(value.slice(1, -1)));
  }
  return attributes;
}

/** The last word, before an equals sign. */
function nameIn(text: string): string | undefined {
  const before = text.trimEnd();
  return before.endsWith("=") ? before.slice(0, -1).trim().split(/\s/).at(-1)!.toLowerCase() : undefined;
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&#39;": "'",
};

function withoutEntities(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|apos|#39);/g, (entity) => entities[entity]!);
}
