/** Entity tags of editions: the client's name one, the origin's know of none. */
import type { HeaderEdits } from "../config/model.ts";
import { editionIn, parseETagList, withEdition, withoutEdition } from "../http/etag.ts";
import type { Fields } from "../http/fields.ts";
import type { Planned } from "../visit.ts";

/** In place: the answer's entity tag names the edition that the visit gets. */
export function tagEdition({ edition }: Planned, fields: Fields): void {
  const etag = fields.get("etag");
  if (edition !== undefined && etag !== undefined) fields.set("etag", withEdition(etag, edition));
}

/** Conditions by entity tags, and whether tags of other editions may stand in them: what is to be changed is the same in all. */
const conditions = { "if-none-match": false, "if-range": false, "if-match": true } as const;

const names = Object.keys(conditions) as (keyof typeof conditions)[];

/** What of a visit an origin gets to see. */
interface Asking {
  readonly visit: Planned;
  readonly edits: HeaderEdits;
}

/** The visit and the edits of its fields with entity tags as the origin wrote them; conditions on other editions are left out. */
export function asOriginTags({ visit, edits }: Asking): Asking {
  const { edition } = visit;
  const isThere = names.some((name) => visit.fields.get(name)?.includes("~e"));
  const fields = isThere || edition !== undefined ? tagged(visit.fields, edition) : visit.fields;
  if (edition === undefined) return { visit: fields === visit.fields ? visit : { ...visit, fields }, edits };
  const set = edits.set.map(([name, text]) => {
    const isOne = Object.hasOwn(conditions, name);
    return isOne
      ? ([name, (of) => originTags(name as Condition, text(of), edition) ?? ""] as const)
      : ([name, text] as const);
  }) satisfies HeaderEdits["set"];
  return { visit: { ...visit, fields }, edits: { ...edits, set } };
}

type Condition = keyof typeof conditions;

function tagged(fields: Fields, edition: string | undefined): Fields {
  const told = fields.copy();
  for (const name of names) {
    const value = told.get(name);
    if (value === undefined) continue;
    const tags = originTags(name, value, edition);
    if (tags !== undefined) told.set(name, tags);
    else told.delete(name);
    // A part of another edition would be put to what isn't its own.
    if (tags === undefined && name === "if-range") told.delete("range");
  }
  return told;
}

/** Undefined when none of the tags is of this edition. What is none, such as "*" or a date, stays. */
function originTags(name: Condition, value: string, edition: string | undefined): string | undefined {
  const tags = value.includes('"') ? parseETagList(value) : "*";
  if (tags === "*") return value;
  const known = tags.filter((tag) => conditions[name] || editionIn(tag) === edition);
  return known.length === 0 ? undefined : known.map(withoutEdition).join(", ");
}
