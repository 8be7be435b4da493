/** What may stand in REDIRECTS. */
import * as v from "valibot";
import { redirectStatuses, toEntry, type Entry, type Redirect } from "../../redirects/redirects.ts";
import { isTable } from "../read.ts";
import { sourceSchema, type Stores } from "./list.ts";
import { about, chosen, table } from "./parts.ts";

/** Whoever moves many pages moves them for good. */
const usualStatus = 301;

const line = 'a redirect such as "/old /new" or "/blog/:year/* /news/:splat 302"';

/** One redirect, or where a table of them is. */
export function redirectSchema(stores: Stores) {
  return chosen(
    [asText, asTable, sourceSchema(stores, "perigee redirects build")],
    `${line}, a table { from, to, status, query }, or where a table is, such as { kv = "STORE", key = "moved" }`,
    (value) => (typeof value === "string" ? 0 : isTable(value) && ("kv" in value || "r2" in value) ? 2 : 1),
  );
}

const asText = v.pipe(
  v.string(line),
  v.regex(/^\s*\S+\s+\S+(?:\s+\d{3})?\s*$/, line),
  v.transform((text): Redirect => {
    const [from, to, status] = text.trim().split(/\s+/);
    return { from: from!, to: to!, status: status === undefined ? usualStatus : Number(status), query: true };
  }),
  entry(),
);

const asTable = v.pipe(
  table({
    from: about(
      v.string(),
      'What was visited: a path, "/old", or a host and a path; ":name" stands for something in a segment, and one "*" for whatever follows.',
    ),
    to: about(v.string(), 'Where that is now: a path or a URL, with ":name", and ":splat" for what the "*" stood for.'),
    status: about(
      v.exactOptional(v.picklist(redirectStatuses, `one of ${redirectStatuses.join(", ")}`), usualStatus),
      "With which status.",
    ),
    query: about(v.exactOptional(v.boolean(), true), "Whether the visited query goes along."),
  }),
  v.transform((written): Redirect => written),
  entry(),
);

/** As it is looked for. */
function entry() {
  return v.rawTransform<Redirect, Entry>(({ dataset: { value }, addIssue, NEVER }) => {
    const found = toEntry(value);
    if (!("flaw" in found)) return found;
    addIssue({ message: `${meant[found.field]}: ${found.flaw}`, input: String(value[found.field]) });
    return NEVER;
  });
}

const meant = { from: "what can be redirected", to: "where a redirect can lead", status: "a status of redirects" };
