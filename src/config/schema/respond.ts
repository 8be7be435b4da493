/** What a rule may answer at once. */
import * as v from "valibot";
import { essence, isOfType } from "../../http/media-type.ts";
import { compileMarkup, compileWording } from "../../rules/rules.ts";
import { fieldName, fieldValue, whole } from "../forms.ts";
import type { Text } from "../model.ts";
import type { Wording } from "../shape.ts";
import { about, issueOf, pathOf, table, type Compile, type Known } from "./parts.ts";

const fields = table({
  status: v.exactOptional(whole(200, 599), 200),
  body: about(
    v.exactOptional(v.string(), ""),
    "What it says. Where its content-type is HTML or XML, what its `${…}` give is escaped.",
  ),
  headers: v.exactOptional(v.record(fieldName, fieldValue), {}),
  raw: about(
    v.exactOptional(v.literal(true)),
    "What the body's `${…}` give is markup, and is put in as it is. Not for what comes from a request.",
  ),
});

type Input = v.InferOutput<typeof fields>;

/** Types of what browsers may read markup in. */
const markup = ["text/html", "text/xml", "application/xml", "*+xml"];

/** What is made for a visit stays text in markup, unless the config says that it is some; a type that is made so itself may be any. */
function compileBody({ headers, raw }: Input): Compile<Wording> {
  const type = headers["content-type"] ?? "";
  return !raw && (type.includes("${") || isOfType(markup, essence(type))) ? compileMarkup : compileWording;
}

export function respondSchema({ language }: Known) {
  return v.pipe(
    fields,
    v.rawTransform(({ dataset: { value }, addIssue }) => {
      const compiled = (path: readonly [string, ...string[]], source: string, compile = compileWording): Text => {
        const made = compile(source, language);
        if (made.kind === "mistake") addIssue({ ...issueOf(made.mistake, source), path: pathOf(path) });
        const said = made.kind === "mistake" ? "" : made.run;
        return typeof said === "string" ? () => said : said;
      };
      const headers = Object.entries(value.headers).map(
        ([name, text]) => [name, compiled(["headers", name], text)] as const,
      );
      return { status: value.status, body: compiled(["body"], value.body, compileBody(value)), headers };
    }),
  );
}
