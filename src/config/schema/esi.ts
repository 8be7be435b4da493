/** What a rule may say of Edge Side Includes. */
import * as v from "valibot";
import { whole } from "../forms.ts";
import { duration } from "../quantity.ts";
import { about, table } from "./parts.ts";

const fields = table({
  timeout: about(
    v.exactOptional(v.pipe(duration, v.minValue(1, "a duration above zero")), "5s"),
    "How long a fragment may take to answer, and from some of its bytes to the next; a later one is left out, and one that stalls ends there.",
  ),
  fragments: about(
    v.exactOptional(whole(1, 1000), 32),
    "How many fragments a page may have, those of its fragments among them; each takes subrequests of the platform's.",
  ),
  depth: about(v.exactOptional(whole(1, 10), 5), "How deep fragments may lie in fragments."),
});

export const esiSchema = v.pipe(
  v.union([v.literal(true), fields], "true or a table { timeout, fragments, depth }"),
  v.transform((said) => (said === true ? v.parse(fields, {}) : said)),
);
