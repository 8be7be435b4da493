/** What a rule may do to HTML pages. */
import * as v from "valibot";
import { compileWording } from "../../rules/rules.ts";
import { about, cel, oneOrMore, table, type Known } from "./parts.ts";

export function htmlSchema(known: Known) {
  const text = cel(compileWording, known);
  return oneOrMore(
    v.pipe(
      table({
        at: about(v.pipe(v.string(), v.regex(/\S/, "a CSS selector")), "Which elements, as a CSS selector."),
        before: about(v.exactOptional(text), "HTML to put before the element."),
        prepend: about(v.exactOptional(text), "HTML to put at its beginning."),
        content: about(v.exactOptional(text), "HTML to put in place of what is in it."),
        append: about(v.exactOptional(text), "HTML to put at its end."),
        after: about(v.exactOptional(text), "HTML to put after it."),
        replace: about(v.exactOptional(text), "HTML to put in its place."),
        remove: about(v.exactOptional(v.literal(true)), "Take it away, and all that is in it."),
      }),
      v.check((edit) => Object.keys(edit).length > 1, "an edit that does something"),
    ),
  );
}
