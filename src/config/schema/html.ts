/** What a rule may do to HTML pages. */
import * as v from "valibot";
import { compileAttribute, compileMarkup, compilePlain, compileWording } from "../../rules/rules.ts";
import { selectorMistake } from "../selector.ts";
import type { HtmlEdit, HtmlPlace, Wording } from "../shape.ts";
import { about, agreeing, issueOf, oneOrMore, pathOf, table, type Clash, type Compile, type Known } from "./parts.ts";

/** A selector that the platform's parser takes. */
const selector = v.pipe(
  v.string(),
  v.maxLength(1000, "a CSS selector of at most 1000 characters"),
  v.rawCheck(({ dataset, addIssue }) => {
    const mistake = dataset.typed ? selectorMistake(dataset.value) : undefined;
    if (!mistake || !dataset.typed) return;
    addIssue(issueOf({ what: dataset.value, among: [], ...mistake }, dataset.value));
  }),
);

const attributeName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_:@][\w:.@-]*$/, "the name of an attribute"),
  v.toLowerCase(),
);

const isThere = v.exactOptional(v.literal(true));
const html = v.exactOptional(v.string());

const fields = table({
  at: about(selector, "Which elements, as a CSS selector."),
  first: about(isThere, "Only the first such element of a page."),
  before: about(html, "HTML to put before the element."),
  prepend: about(html, "HTML to put at its beginning."),
  content: about(html, "HTML to put in place of what is in it."),
  text: about(html, "Text to put in place of what is in it: what is markup in HTML stands for itself."),
  append: about(html, "HTML to put at its end."),
  after: about(html, "HTML to put after it."),
  replace: about(html, "HTML to put in its place."),
  wrap: about(
    v.exactOptional(v.strictTuple([v.string(), v.string()], 'a list of two, such as ["<div>", "</div>"]')),
    "HTML to put before and after it, in a list of two.",
  ),
  unwrap: about(isThere, "Take it away, and leave what is in it."),
  remove: about(isThere, "Take it away, and all that is in it."),
  attributes: about(
    v.exactOptional(
      v.record(
        attributeName,
        v.union([v.string(), v.boolean()], "a text, or true for an empty one, or false for none"),
      ),
    ),
    'Attributes to set, or with false to take away: { rel = "nofollow", onclick = false }.',
  ),
  raw: about(isThere, "What its `${…}` give is HTML, and is put in as it is. Not for what comes from a request."),
});

type Input = v.InferOutput<typeof fields>;

/** What takes the element away. */
const endings = ["remove", "unwrap", "replace"] as const;
/** What would be done to what is gone. */
const within = ["prepend", "content", "text", "append", "attributes"] as const;

function clashes(edit: Input): readonly Clash[] {
  const taken = endings.filter((name) => edit[name] !== undefined);
  const lost = within.filter((name) => edit[name] !== undefined && taken.some((end) => end !== "unwrap"));
  const twice = edit.text !== undefined && edit.content !== undefined ? (["text"] as const) : [];
  return [
    ...taken.slice(1).map((name) => clash(name, edit, `what can stand beside ${taken[0]}`)),
    ...lost.map((name) => clash(name, edit, `what can be done to an element that ${taken[0]} takes away`)),
    ...twice.map((name) => clash(name, edit, "what can stand beside content")),
  ];
}

function clash(name: keyof Input, edit: Input, message: string): Clash {
  return { at: [name], value: edit[name], message };
}

/** One text of an edit: where it stands in the config, where it is put, and how it is read. */
interface Part {
  readonly path: readonly [string, ...string[]];
  readonly source: string;
  readonly compile: Compile<Wording>;
  readonly put: HtmlPlace | { readonly attribute: string };
}

function partsOf({ wrap, attributes = {}, raw, ...edit }: Input): readonly Part[] {
  const markup = raw ? compileWording : compileMarkup;
  const places = ["before", "prepend", "content", "append", "after", "replace"] as const;
  const part = (name: keyof Input, source: string | undefined, how: Omit<Part, "path" | "source">): Part[] =>
    source === undefined ? [] : [{ path: [name], source, ...how }];
  return [
    ...Object.entries(attributes).flatMap(([name, value]): Part[] => {
      if (value === false) return [];
      const compile: Compile<Wording> = (source, language) =>
        raw ? compileWording(source, language) : compileAttribute(name, source, language);
      return [{ path: ["attributes", name], source: value === true ? "" : value, compile, put: { attribute: name } }];
    }),
    ...part("wrap", wrap?.[0], { compile: markup, put: "before" }),
    ...part("wrap", wrap?.[1], { compile: markup, put: "after" }),
    ...places.flatMap((name) => part(name, edit[name], { compile: markup, put: name === "replace" ? "before" : name })),
    ...part("text", edit.text, { compile: compilePlain, put: "content" }),
  ];
}

/** The edit with its texts compiled. */
function toEdit(edit: Input, texts: readonly (readonly [Part["put"], Wording])[]): HtmlEdit {
  const removed = Object.entries(edit.attributes ?? {}).filter(([, value]) => value === false);
  return {
    at: edit.at,
    first: edit.first === true,
    attributes: [
      ...removed.map(([name]) => [name, false] as const),
      ...texts.flatMap(([put, text]) => (typeof put === "string" ? [] : [[put.attribute, text] as const])),
    ],
    put: texts.flatMap(([put, text]) => (typeof put === "string" ? [[put, text] as const] : [])),
    ending: edit.remove || edit.replace !== undefined ? "removed" : edit.unwrap ? "unwrapped" : "kept",
    raw: edit.raw === true,
  };
}

export function htmlSchema({ language }: Known) {
  return oneOrMore(
    v.pipe(
      fields,
      v.check((edit) => Object.keys(edit).some((name) => !conditions.has(name)), "an edit that does something"),
      agreeing(clashes),
      v.rawTransform(({ dataset: { value }, addIssue, NEVER }): HtmlEdit => {
        const texts: (readonly [Part["put"], Wording])[] = [];
        for (const { path, source, compile, put } of partsOf(value)) {
          const compiled = compile(source, language);
          if (compiled.kind === "compiled") texts.push([put, compiled.run]);
          else addIssue({ ...issueOf(compiled.mistake, source), path: pathOf(path) });
        }
        return texts.length === partsOf(value).length ? toEdit(value, texts) : NEVER;
      }),
    ),
  );
}

/** What an edit says that does nothing by itself. */
const conditions: ReadonlySet<string> = new Set(["at", "first", "raw"]);
