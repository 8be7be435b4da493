/** What a rule may ask the origin for in place of what was visited. */
import * as v from "valibot";
import { parsePathPattern } from "../../http/path-pattern.ts";
import { matcherOf } from "../../http/path-trie.ts";
import { compileFilledText, compileText, type Compiled } from "../../rules/rules.ts";
import type { FilledText, Rewrite, TextQueryEdits } from "../rewrite.ts";
import { about, chosen, issueOf, oneOrMore, table, type Known } from "./parts.ts";

const parameters = oneOrMore(v.pipe(v.string(), v.nonEmpty("the name of a parameter")));

const pathText = v.pipe(v.string(), v.regex(/^(?:\/|\$\{)/, 'a path that begins with "/"'));

const queryEdits = v.pipe(
  table({
    keep: about(v.exactOptional(parameters), 'Only these stay; a trailing "*" matches the rest of a name.'),
    remove: about(v.exactOptional(parameters), "These go."),
    set: about(
      v.exactOptional(v.record(v.string(), v.string())),
      "Parameters and their values, which may hold CEL; an empty one takes it away.",
    ),
    sort: about(v.exactOptional(v.boolean(), false), "Whether they are put in the order of their names."),
  }),
  v.check(
    ({ keep, remove, set, sort }) => Boolean(keep ?? remove ?? set) || sort,
    "a table with keep, remove, set or sort",
  ),
);

const fields = table({
  match: about(
    v.exactOptional(v.string()),
    'A pattern of the visited path, such as "/p/:id/*". Nothing is rewritten of a path that it doesn\'t fit.',
  ),
  to: about(
    v.exactOptional(pathText),
    'The path to ask the origin for, with ":id" and ":splat" for what the pattern took.',
  ),
  path: about(v.exactOptional(pathText), "The path to ask the origin for, where there is no pattern."),
  query: about(
    v.exactOptional(
      chosen([v.string(), queryEdits], "a text, or a table { keep, remove, set, sort }", (value) =>
        Number(typeof value === "object"),
      ),
    ),
    'The query to ask the origin for, without "?"; or what is changed of it.',
  ),
});

type Input = v.InferOutput<typeof fields>;

export function rewriteSchema(known: Known) {
  return v.pipe(
    fields,
    v.check(({ path, query, to }) => (path ?? query ?? to) !== undefined, "a table with match and to, path, or query"),
    v.check(({ match, to }) => to === undefined || match !== undefined, "a table in which to stands beside match"),
    v.check(
      ({ match, path, to }) => match === undefined || (path === undefined && !to?.includes("?")),
      "a table in which the path stands in to, beside match, and the query in query",
    ),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Rewrite => {
      const said: Said = (at, { input = lookUp(value, at), ...issue }) =>
        addIssue({ ...issue, input, path: pathOf(at) });
      return compile(value, known, said) ?? NEVER;
    }),
  );
}

/** Says what is wrong with a field. */
type Said = (
  at: readonly string[],
  issue: { readonly message: string; readonly expected?: string; readonly input?: unknown },
) => void;

function lookUp(input: unknown, at: readonly string[]): unknown {
  return at.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], input);
}

function pathOf(at: readonly string[]): [v.ObjectPathItem, ...v.ObjectPathItem[]] {
  const items = at.map((key): v.ObjectPathItem => ({
    type: "object",
    origin: "value",
    input: {},
    key,
    value: undefined,
  }));
  return items as [v.ObjectPathItem, ...v.ObjectPathItem[]];
}

/** Undefined when something is wrong, which has been said. */
function compile({ match, to, path = to, query }: Input, { language }: Known, said: Said): Rewrite | undefined {
  const pattern = match === undefined ? undefined : parsePathPattern(match);
  if (pattern && "flaw" in pattern) {
    said(["match"], { message: `a pattern such as "/p/:id/*": ${pattern.flaw}` });
    return undefined;
  }
  let isRight = true;
  const textOf: TextOf = (source, at) => {
    const compiled: Compiled<FilledText> = pattern
      ? compileFilledText(source, language, pattern.names)
      : compileText(source, language);
    if (compiled.kind === "compiled") return compiled.run;
    isRight = false;
    said(at, issueOf(compiled.mistake, source));
    return () => "";
  };
  const rewrite: Rewrite = {
    ...(pattern && { match: matcherOf(pattern) }),
    path: path === undefined ? undefined : textOf(path, [to === undefined ? "path" : "to"]),
    query: typeof query === "string" ? textOf(query, ["query"]) : query && toQueryEdits(query, textOf),
  };
  return isRight ? rewrite : undefined;
}

/** What a text is compiled to, and where it stands. */
type TextOf = (source: string, at: readonly string[]) => FilledText;

function toQueryEdits(
  { keep, remove = [], set = {}, sort }: v.InferOutput<typeof queryEdits>,
  textOf: TextOf,
): TextQueryEdits {
  const values = Object.entries(set).map(([name, text]) => [name, textOf(text, ["query", "set", name])] as const);
  return { keep, remove, set: values, sort };
}
