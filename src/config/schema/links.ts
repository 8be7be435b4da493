/** What a rule may say of the links of pages. */
import * as v from "valibot";
import { about, distinct, table } from "./parts.ts";

const scriptType = v.pipe(
  v.string(),
  v.regex(
    /^(?:importmap|speculationrules|[\w.+-]+\/(?:[\w.-]+\+)?json)$/i,
    'the type of a script that holds JSON, such as "application/ld+json" or "importmap"',
  ),
  v.toLowerCase(),
);

export const linksSchema = table({
  scripts: about(
    distinct(scriptType),
    "The types of scripts that hold JSON: a string in it that is an address of an origin's, and nothing else, is mapped as links are.",
  ),
});
