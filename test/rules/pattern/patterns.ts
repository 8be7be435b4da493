/** Regular expressions of every kind that can be had, and texts to try them on. */
import * as fc from "fast-check";

const single = [
  "a",
  "b",
  "ab",
  ".",
  "\\.",
  "1",
  "_",
  "-",
  " ",
  "\n",
  "é",
  "😀",
  "\\x61",
  "\\u0062",
  "\\/",
  "\\0",
  "\\t",
];
const sets = [
  "\\d",
  "\\D",
  "\\w",
  "\\W",
  "\\s",
  "\\S",
  "[a-c]",
  "[^a]",
  "[^\\d-]",
  "[]",
  "[^]",
  "[\\b]",
  "[a-]",
  "[-a]",
  "[\\w-a]",
];
const places = ["\\b", "\\B", "^", "$"];
/** What only looks like a repetition. */
const braces = ["{", "}", "]", "a{", "{1", "x{,2}"];
const repetitions = ["", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{0}", "{1,3}?"];

export const patterns: fc.Arbitrary<string> = fc.letrec<{ whole: string; group: string; part: string }>((tie) => ({
  whole: fc
    .array(
      fc.array(tie("part"), { maxLength: 4 }).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 3 },
    )
    .map((choices) => choices.join("|")),
  group: fc.tuple(fc.constantFrom("(", "(?:", "(?<name>"), tie("whole")).map(([open, inner]) => `${open}${inner})`),
  part: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...single, ...sets, ...places, ...braces),
    fc
      .tuple(fc.oneof(fc.constantFrom(...single, ...sets), tie("group")), fc.constantFrom(...repetitions))
      .map((parts) => parts.join("")),
  ),
})).whole;

export const texts: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom("a", "b", "c", "1", "_", "-", " ", "\n", "\0", "\t", ".", "/", "é", "😀", "{", "x"),
  maxLength: 12,
});
