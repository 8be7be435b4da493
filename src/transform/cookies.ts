/** The answer's cookies as rules let the client have them. */
import type { CookieChange } from "../config/cookies.ts";
import { nameOfCookie } from "../http/cookie.ts";
import type { Fields } from "../http/fields.ts";
import { isNamed } from "../http/named.ts";
import { setCookieAttributes } from "../http/set-cookie.ts";

/** A browser takes these for a prefix however they are spelled (RFC 6265bis §5.7). */
const prefixed = /^__(?:secure|host)-/i;

/**
 * In place.
 * @param own the edge's own cookie, which is none of the origin's.
 */
export function changeCookies(fields: Fields, changes: readonly CookieChange[], own: string | undefined): void {
  if (changes.length === 0 || fields.cookies.length === 0) return;
  fields.cookies = fields.cookies.flatMap((line) => {
    const name = nameOfCookie(line);
    if (name === own) return [line];
    const changed = changes.reduce<string | undefined>(
      (each, change) => (each === undefined || !isMeant(change, name) ? each : apply(each, name, change)),
      line,
    );
    return changed === undefined ? [] : [changed];
  });
}

function isMeant({ names }: CookieChange, name: string): boolean {
  return names === undefined || isNamed(names, name);
}

function apply(line: string, name: string, { remove, attributes, prefix }: CookieChange): string | undefined {
  if (remove) return undefined;
  const set = setCookieAttributes(line, attributes);
  return prefix === undefined || prefixed.test(name) ? set : prefix + set.trimStart();
}
