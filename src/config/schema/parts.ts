/** What the schemas are built of. The message of a schema says what was expected, for `describe.ts` to make a sentence of. */
import * as v from "valibot";
import type { Compiled, Language, Mistake } from "../../rules/rules.ts";

/** What the rest of a config makes known: the names that may be referred to. Undefined names are not checked. */
export interface Known {
  readonly language: Language;
  readonly origins: readonly string[] | undefined;
  readonly sites: readonly string[] | undefined;
  /** The rate-limit bindings. */
  readonly limiters: readonly string[] | undefined;
  /** The bindings by which an origin can be asked. */
  readonly fetchers: readonly string[] | undefined;
  readonly secrets: readonly string[] | undefined;
}

/** As many fields of a table are named where something else stands in its place. */
const mostNamed = 6;

/**
 * A table whose other keys are problems, every one of them; the field names are what is expected instead. A list is none,
 * though the language takes it for one. The message is "a table { by, per }".
 */
export function table<const E extends v.ObjectEntries>(entries: E): v.StrictObjectSchema<E, string> {
  const names = Object.keys(entries);
  const other = { ...v.never(), expects: names.map((name) => JSON.stringify(name)).join(" | ") };
  const message = `a table { ${names.slice(0, mostNamed).join(", ")}${names.length > mostNamed ? ", …" : ""} }`;
  // A strictObject would stop at the first unknown key. What comes out is the same: nothing passes as another key.
  const fields = v.objectWithRest(entries, other, message);
  const run: (typeof fields)["~run"] = (dataset, config) =>
    fields["~run"](Array.isArray(dataset.value) ? { value: null } : dataset, config);
  return { ...fields, "~run": run } as unknown as v.StrictObjectSchema<E, string>;
}

/** A union of which a value itself says which is meant, so that of that one alone it is told what is wrong. */
export function chosen<const S extends v.UnionOptions>(
  options: S,
  message: string,
  choose: (value: unknown) => number,
): v.UnionSchema<S, string> {
  const run: v.GenericSchema["~run"] = (dataset, config) => options[choose(dataset.value)]!["~run"](dataset, config);
  return { ...v.union(options, message), "~run": run };
}

/** With what it is for. That stands before any transformation, or the JSON Schema, which ends there, would not have it. */
export function about<const S extends v.GenericSchema>(schema: S, description: string): S {
  const [first, ...others] = "pipe" in schema ? (schema.pipe as [v.GenericSchema, ...v.GenericSchema[]]) : [schema];
  const chain = v.pipe as (...items: readonly unknown[]) => unknown;
  return chain(first, v.description(description), ...others) as S;
}

/** The name of something else in the config. */
export function nameOf(what: string, names: readonly string[] | undefined) {
  return v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed || !names || names.includes(dataset.value)) return;
      addIssue({ message: what, expected: names.map((name) => JSON.stringify(name)).join(" | ") });
    }),
  );
}

/** A list that must not be empty. */
export function oneOrMore<const S extends v.GenericSchema>(item: S) {
  return v.pipe(v.array(item), v.nonEmpty("a list with at least one member"));
}

/** The same, with nothing in it twice. */
export function distinct<const S extends v.GenericSchema>(item: S) {
  return v.pipe(
    oneOrMore(item),
    v.rawCheck((context) => findRepeats(context)),
  );
}

function findRepeats<T>({ dataset, addIssue }: v.RawCheckContext<T[]>): void {
  if (!dataset.typed) return;
  const input = dataset.value;
  const first = new Map<T, number>();
  for (const [key, value] of input.entries()) {
    const before = first.get(value);
    if (before === undefined) first.set(value, key);
    else {
      const path: [v.ArrayPathItem] = [{ type: "array", origin: "value", input, key, value }];
      addIssue({ message: `new to the list: its [${before}] is the same`, input: value, path });
    }
  }
}

/** A field that is wrong beside what other fields say. */
export interface Clash {
  /** The way to it. */
  readonly at: readonly [string, ...(string | number)[]];
  readonly value: unknown;
  readonly message: string;
}

/** That the fields of a table go together, each of which is right by itself. */
export function agreeing<T extends object>(find: (input: T) => readonly Clash[]) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const { at, value, message } of find(dataset.value)) {
      const item = (key: string): v.ObjectPathItem => ({ type: "object", origin: "value", input: {}, key, value });
      const member = (key: string | number): v.IssuePathItem =>
        typeof key === "string" ? item(key) : { type: "array", origin: "value", input: [], key, value };
      addIssue({ message, input: value, path: [item(at[0]), ...at.slice(1).map(member)] });
    }
  });
}

/** Makes something of a text with CEL in it. */
export type Compile<T> = (source: string, language: Language) => Compiled<T>;

/** A text that CEL is compiled from. */
export function cel<T>(compile: Compile<T>, { language }: Known) {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }): T => {
      const compiled = compile(value, language);
      if (compiled.kind === "compiled") return compiled.run;
      addIssue(issueOf(compiled.mistake, value));
      return NEVER;
    }),
  );
}

/** What a mistake in CEL, or in another language of the config, is told by. @param source the text that it is in. */
export function issueOf({ what, expected, among, at }: Mistake, source: string) {
  const place = what === source ? `, at character ${at + 1}` : ` (character ${at + 1} of ${JSON.stringify(source)})`;
  return { input: what, message: expected + place, expected: among.map((word) => JSON.stringify(word)).join(" | ") };
}

/** The way to a text in a table, for an issue. */
export function pathOf(keys: readonly [string, ...string[]]): [v.ObjectPathItem, ...v.ObjectPathItem[]] {
  const item = (key: string): v.ObjectPathItem => ({
    type: "object",
    origin: "value",
    input: {},
    key,
    value: undefined,
  });
  return [item(keys[0]), ...keys.slice(1).map(item)];
}
