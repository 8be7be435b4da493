/** The tests of `<esi:when>` (ESI 1.0 §3.3): comparisons of variables and literals, joined by `&`, `|` and `!`. */
import { valueOf, type Asked } from "./variables.ts";

/** Characters; a longer test is none. */
const longest = 2 << 10;
/** How deep parentheses and negations may nest. */
const deepest = 32;

/** What a test is made of: variables, texts in quotes, numbers, operators and words; the first that fits counts. */
const lexemes = {
  variable: /\$\(([^()]*)\)/y,
  quoted: /'([^']*)'/y,
  number: /(-?\d[\d.]*)/y,
  operator: /(&&|\|\||[=!<>]=|[<>!&|()])/y,
  word: /([a-z]{1,8})/y,
} as const satisfies Record<string, RegExp>;

const kinds = Object.keys(lexemes) as (keyof typeof lexemes)[];
const space = /\s*/y;

interface Lexeme {
  readonly kind: "value" | "operator";
  readonly text: string;
}

/** Whether the test holds; undefined for what is no test. */
export function holds(source: string, visit: Asked): boolean | undefined {
  const read = source.length > longest ? undefined : lexemesOf(source, visit);
  if (!read) return undefined;
  const reader = new Reader(read);
  try {
    const value = reader.either();
    return reader.isAtEnd ? isTrue(value) : undefined;
  } catch (error) {
    if (error instanceof NoTest) return undefined;
    throw error;
  }
}

class NoTest extends Error {}

function lexemesOf(source: string, visit: Asked): readonly Lexeme[] | undefined {
  const text = source.trimEnd();
  const found: Lexeme[] = [];
  for (let at = 0; at < text.length;) {
    at = endOf(space, text, at)!;
    const kind = kinds.find((each) => endOf(lexemes[each], text, at) !== undefined);
    if (!kind) return undefined;
    lexemes[kind].lastIndex = at;
    found.push(toLexeme(kind, lexemes[kind].exec(text)![1]!, visit));
    at = lexemes[kind].lastIndex;
  }
  return found;
}

/** Where what the pattern fits at that place ends; undefined when it doesn't fit there. */
function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function toLexeme(kind: keyof typeof lexemes, text: string, visit: Asked): Lexeme {
  if (kind === "variable") return { kind: "value", text: valueOf(text, visit) ?? "" };
  const isOperator = kind === "operator" || (kind === "word" && !values.has(text));
  return { kind: isOperator ? "operator" : "value", text };
}

/** Words that are no operators; any other but "has" ends in no test. */
const values: ReadonlySet<string> = new Set(["true", "false"]);

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** Reads by descent; `|` binds least, then `&`, comparisons, and `!` most. Values are texts, "true" and "false" too. */
class Reader {
  readonly #read: readonly Lexeme[];
  #at = 0;
  #depth = 0;

  constructor(read: readonly Lexeme[]) {
    this.#read = read;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#read.length;
  }

  either(): string {
    let value = this.#both();
    while (this.#take("|", "||")) value = said([value, this.#both()].some(isTrue));
    return value;
  }

  #both(): string {
    let value = this.#compared();
    while (this.#take("&", "&&")) value = said([value, this.#compared()].every(isTrue));
    return value;
  }

  #compared(): string {
    const left = this.#one();
    const operator = this.#take(...Object.keys(comparisons), "has");
    if (operator === undefined) return left;
    const right = this.#one();
    return said(operator === "has" ? left.includes(right) : comparisons[operator]!(order(left, right)));
  }

  #one(): string {
    if (++this.#depth > deepest) throw new NoTest();
    const value = this.#unary();
    this.#depth--;
    return value;
  }

  #unary(): string {
    if (this.#take("!")) return said(!isTrue(this.#one()));
    if (this.#take("(")) {
      const value = this.either();
      if (!this.#take(")")) throw new NoTest();
      return value;
    }
    const next = this.#read[this.#at];
    if (next?.kind !== "value") throw new NoTest();
    this.#at++;
    return next.text;
  }

  #take(...operators: readonly string[]): string | undefined {
    const next = this.#read[this.#at];
    if (next?.kind !== "operator" || !operators.includes(next.text)) return undefined;
    this.#at++;
    return next.text;
  }
}

function said(is: boolean): string {
  return is ? "true" : "false";
}

function isTrue(value: string): boolean {
  return value !== "" && value !== "false";
}

/** As numbers where both are, else as texts. */
function order(one: string, other: string): number {
  const [left, right] = [Number(one), Number(other)];
  const areNumbers = one.trim() !== "" && other.trim() !== "" && !Number.isNaN(left) && !Number.isNaN(right);
  if (areNumbers) return left - right;
  return one < other ? -1 : Number(one > other);
}
