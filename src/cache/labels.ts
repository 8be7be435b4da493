/** What the origin calls its answers, so that they can be purged together: tags, and cache groups (RFC 9875). */
import { parseList } from "structured-headers";
import type { Fields } from "../http/fields.ts";

/** The fields that hold tags: they are for caches, not for clients. */
export const tagFields = ["cache-tag", "surrogate-key"] as const;

/** Characters of a tag or group, and how many of them one answer may have. RFC 9875 §2 asks for 32 of 32 at least. */
const longest = 256;
const most = 128;

/**
 * The answer's tags in lower case, as an entry keeps them: spaces between them, where the origin puts commas too. True when
 * there are more, or longer ones, than are kept: then a purge of any tag covers the answer, rather than one that should be
 * missing it. Undefined without any.
 */
export function tagsOf(fields: Fields): string | true | undefined {
  const tags = tagFields.flatMap(
    (name) =>
      fields
        .get(name)
        ?.toLowerCase()
        .match(/[^\s,]+/g) ?? [],
  );
  if (tags.length > most || tags.some((tag) => tag.length > longest)) return true;
  return tags.length === 0 ? undefined : tags.join(" ");
}

/** What {@link tagsOf} gave, for marks to look at. */
export function tagList(tags: ReturnType<typeof tagsOf>): readonly string[] | "any" {
  return tags === true ? "any" : (tags?.split(" ") ?? []);
}

/** The groups that a field names, as marks name them: groups of other origins are others (RFC 9875 §2.1). */
export function groupsOf(fields: Fields, name: "cache-groups" | "cache-group-invalidation", origin: string): string[] {
  return stringsOf(fields.get(name))
    .filter((group) => group.length <= longest)
    .slice(0, most)
    .map((group) => `${origin} ${group}`);
}

/** The Strings of a List (RFC 9651 §3.1), without parameters; none of a field that isn't such a list. */
function stringsOf(field: string | undefined): readonly string[] {
  if (field === undefined) return [];
  try {
    const items = parseList(field).map(([item]) => item);
    return items.every((item) => typeof item === "string") ? items : [];
  } catch {
    return [];
  }
}
