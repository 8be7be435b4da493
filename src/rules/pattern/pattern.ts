/** Door of the patterns: regular expressions that no text makes slow. */
import { createMatcher } from "./automaton.ts";
import { PatternFlaw } from "./flaw.ts";
import { neededWord } from "./needed.ts";
import { programOf } from "./program.ts";
import { readPattern } from "./syntax.ts";

export type Pattern =
  /** `test`: whether the text has it in it. Takes time that grows with the text's length, and no faster. */
  | { readonly kind: "pattern"; readonly test: (text: string) => boolean }
  /** Why it can't be had: words that follow a colon. */
  | { readonly kind: "flaw"; readonly flaw: string };

/**
 * Those that RE2 has, too (which CEL goes by), read as ECMA-262 reads them: without references to what a group found, without
 * looking ahead or behind, and without flags. "." and the classes are of UTF-16 code units.
 */
export function compilePattern(text: string): Pattern {
  try {
    const { tree } = readPattern(text);
    const [program, word] = [programOf(tree), neededWord(tree)];
    // Not every pattern of a config is asked about a text that it could be in.
    let matcher: ReturnType<typeof createMatcher> | undefined;
    return {
      kind: "pattern",
      test: (asked) => asked.includes(word) && (matcher ??= createMatcher(program))(asked),
    };
  } catch (error) {
    if (error instanceof PatternFlaw) return { kind: "flaw", flaw: error.message };
    throw error;
  }
}
