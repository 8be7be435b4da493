/** The CSS selectors that the platform's HTML parser knows, checked where there is no such parser: when a config is loaded. */

/** Where a selector goes wrong. */
export interface SelectorMistake {
  /** "a selector without …". */
  readonly expected: string;
  /** Index of the character. */
  readonly at: number;
}

const escape = String.raw`\\(?:[\da-fA-F]{1,6}\s?|[^\n\r\f\da-fA-F])`;
const nameStart = String.raw`(?:--|-?(?:[A-Za-z_\u0080-\uffff]|${escape}))`;
const name = String.raw`${nameStart}(?:[\w\u0080-\uffff-]|${escape})*`;
/** Where a name may begin, and nothing says that it does, as # would: there, --> is a mark of its own (CSS Syntax §4.3.1). */
const bareName = `(?!-->)${name}`;
const string = String.raw`(?:"(?:[^"\\\n\r\f\0]|\\[^\0])*"|'(?:[^'\\\n\r\f\0]|\\[^\0])*')`;
const value = String.raw`(?:${name}(?:\s+[isIS])?|${string}\s*[isIS]?)`;
const steps = String.raw`(?:odd|even|[+-]?\d+|[+-]?\d*n(?:\s*[+-]\s*\d+)?)`;

/** What an element is called by: only in front of the rest. */
const type = sticky(String.raw`(?:${bareName}|\*)`);
/** All else that is said of one element: its id, a class, an attribute, its place among others. */
const quality = sticky(
  [
    `#${name}`,
    String.raw`\.${bareName}`,
    String.raw`\[\s*${name}\s*(?:[~|^$*]?=\s*${value}\s*)?\]`,
    String.raw`:first-(?:child|of-type)(?![\w\\(\u0080-\uffff-])`,
    String.raw`:nth-(?:child|of-type)\(\s*${steps}\s*\)`,
  ].join("|"),
);
const negation = sticky(String.raw`:not\(\s*`);
const comma = sticky(String.raw`\s*,\s*`);
const closing = sticky(String.raw`\s*\)`);
const combinator = sticky(String.raw`\s*>\s*|\s+(?![\s,+~]|$)`);
const space = sticky(String.raw`\s*`);

/** What a rest that fits nothing begins with → what was expected. */
const expectations: readonly (readonly [RegExp, string])[] = [
  [/^\s*[+~]/, "a selector without sibling combinators, such as + and ~"],
  [/^:(?::|before|after|first-l)/i, "a selector of elements: it has no pseudo-elements"],
  [
    /^:/,
    "a selector whose pseudo-classes are :first-child, :first-of-type, :nth-child(2n+1), :nth-of-type(2) and :not(…) around what is said of one element",
  ],
  [/^\[/, 'a selector whose attributes are written as in [name], [name="value"] or [name^="value" i]'],
  [/^\s*$/, "a selector that is complete"],
];

/** The first mistake; undefined when the parser takes the selector. */
export function selectorMistake(selector: string): SelectorMistake | undefined {
  const reader = new Reader(selector);
  reader.take(space);
  if (reader.takeList(() => reader.takePath()) && reader.take(space) && reader.isAtEnd) return undefined;
  const rest = selector.slice(reader.at);
  const [, expected = "a CSS selector"] = expectations.find(([pattern]) => pattern.test(rest)) ?? [];
  return { expected, at: reader.at };
}

/** Reads on as far as it can; where it stands when it can't is where the mistake is. */
class Reader {
  readonly #source: string;
  at = 0;
  /** Nothing was begun that could not be read to its end. */
  #isSound = true;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.at === this.#source.length;
  }

  take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.#source)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  takeList(takeOne: () => boolean): boolean {
    do if (!takeOne()) return false;
    while (this.take(comma));
    return true;
  }

  /** Elements within elements. */
  takePath(): boolean {
    do if (!this.#takeElement()) return false;
    while (this.take(combinator));
    return true;
  }

  #takeElement(): boolean {
    const from = this.at;
    this.take(type);
    while (this.take(quality) || this.#takeNegation());
    return this.at > from && this.#isSound;
  }

  #takeNegation(): boolean {
    if (!this.take(negation)) return false;
    this.#isSound = this.takeList(() => this.#takeElement()) && this.take(closing);
    return this.#isSound;
  }
}

function sticky(source: string): RegExp {
  return new RegExp(source, "iy");
}
