/** What a rule may put in the place of texts in bodies. */
import * as v from "valibot";
import {
  compileReplacing,
  compileTerms,
  readBodyPattern,
  type BodyPattern,
  type Replacing,
} from "../../rules/rules.ts";
import { mediaType, whole } from "../forms.ts";
import { textual } from "../textual.ts";
import { about, agreeing, cel, distinct, oneOrMore, table, type Clash, type Known } from "./parts.ts";

/** Bytes of all literals of a rule, each of which takes up to a few hundred in memory. */
const most = 16 << 10;

const pattern = v.pipe(
  v.string(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): BodyPattern => {
    const read = readBodyPattern(value);
    if (typeof read !== "string") return read;
    addIssue({ message: `a pattern that can be had: ${read}` });
    return NEVER;
  }),
);

export function textSchema(known: Known) {
  const edit = table({
    find: about(v.exactOptional(v.pipe(v.string(), v.minLength(1, "a text that isn't empty"))), "The text to replace."),
    pattern: about(
      v.exactOptional(pattern),
      "In place of `find`: a regular expression without looking ahead or behind.",
    ),
    with: about(
      cel(compileReplacing, known),
      "What to put in its place. With a pattern, $0 is what it found, $1 and $<name> are its groups, and $$ is a dollar.",
    ),
    ignoreCase: about(v.exactOptional(v.boolean(), false), "Whether A to Z are the same as a to z."),
    times: about(v.exactOptional(whole(0, 1_000_000), 0), "How often in one body, from its beginning; 0: always."),
    types: about(
      v.exactOptional(distinct(mediaType), [...textual]),
      'Media types of the bodies it is for; "text/*" stands for all that begin so, "*+json" for all that end so.',
    ),
  });
  return v.pipe(
    oneOrMore(
      v.pipe(
        edit,
        agreeing((input: v.InferOutput<typeof edit>) => findClashes(input)),
      ),
    ),
    v.check((edits) => sizeOf(edits) <= most, `a list whose texts have at most ${most} bytes`),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
      const terms = compileTerms(
        value.map(({ find, pattern, ignoreCase }) => ({ find: pattern ?? find!, ignoreCase })),
      );
      if (terms.kind === "terms") return { edits: value, terms };
      addIssue({ message: `a list that can be had: together ${terms.flaw}` });
      return NEVER;
    }),
  );
}

interface EditInput {
  readonly find?: string;
  readonly pattern?: BodyPattern;
  readonly with: Replacing;
}

function findClashes({ find, pattern: wanted, with: { plain, parts } }: EditInput): readonly Clash[] {
  if ((find === undefined) === (wanted === undefined)) {
    return [{ at: ["find"], value: find, message: "alone: an edit has either find or pattern" }];
  }
  const groups = wanted?.groups ?? [];
  const names = new Set(["0", ...groups.filter((name) => name !== ""), ...groups.map((_, index) => String(index + 1))]);
  const unknown = parts.find((part) => typeof part === "object" && !names.has(part.group));
  if (!wanted || typeof unknown !== "object") return [];
  const said = typeof plain === "string" ? plain : `$${unknown.group}`;
  return [
    { at: ["with"], value: said, message: `a text of groups that the pattern has: it has no "${unknown.group}"` },
  ];
}

function sizeOf(edits: readonly { readonly find?: string }[]): number {
  return edits.reduce((sum, { find = "" }) => sum + new TextEncoder().encode(find).byteLength, 0);
}
