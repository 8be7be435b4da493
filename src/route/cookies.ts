/** The request's cookies as rules let the origin have them. */
import type { CookieEdits } from "../config/cookies.ts";
import type { Rule } from "../config/model.ts";
import { renameCookies } from "../http/cookie.ts";
import { isNamed } from "../http/named.ts";
import type { Routed, Visit } from "../visit.ts";

/**
 * Fields with the cookies that are left, when rules change them. Later rooms see no others: a cookie that no origin gets makes no answer
 * another one, and keeps none from being stored.
 */
export function editCookies(
  { fields }: Pick<Visit, "fields">,
  rules: readonly Rule[],
): Partial<Pick<Routed, "fields" | "visitedCookies">> {
  const visited = fields.get("cookie");
  if (visited === undefined) return {};
  const edited = rules.reduce((field, { cookies }) => (cookies ? edit(field, cookies) : field), visited);
  if (edited === visited) return {};
  const others = fields.copy();
  return { fields: edited === "" ? others.delete("cookie") : others.set("cookie", edited), visitedCookies: visited };
}

function edit(field: string, { keep, remove, set }: CookieEdits): string {
  return renameCookies(field, (name) => {
    const known = set.reduce<string | undefined>(withoutPrefix, name);
    if (known === undefined || (keep && !isNamed(keep, known)) || isNamed(remove, known)) return undefined;
    return known;
  });
}

/** What should have a prefix and has none may be from somebody who could not have set it with one: it is dropped. */
function withoutPrefix(
  name: string | undefined,
  { names = [], prefix }: CookieEdits["set"][number],
): string | undefined {
  if (name === undefined || prefix === undefined) return name;
  if (isNamed(names, name)) return undefined;
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return isNamed(names, bare) ? bare : name;
}
