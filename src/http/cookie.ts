/** The request's `Cookie` field (RFC 6265 §5.4). */
import type { Fields } from "./fields.ts";

export interface Taken {
  /** Of every cookie of that name, in order: there are several where they were set for different paths or domains. Never empty. */
  readonly values: readonly string[];
  /** The field without any cookie of that name; "" when none is left. */
  readonly rest: string;
}

/** Takes the cookies of that name out; undefined when there is none. */
export function takeCookie(field: string, name: string): Taken | undefined {
  const pairs = field.split(";").map((pair) => pair.trim());
  const isIt = (pair: string): boolean => pair.startsWith(`${name}=`);
  const values = pairs.filter(isIt).map((pair) => pair.slice(name.length + 1));
  return values.length === 0 ? undefined : { values, rest: pairs.filter((pair) => !isIt(pair)).join("; ") };
}

/** The name in a pair of the field, or in a line of `Set-Cookie`; "" where there is none (RFC 6265bis §5.6). */
export function nameOfCookie(pair: string): string {
  const end = pair.search(/[=;]/);
  return end === -1 || pair[end] === ";" ? "" : pair.slice(0, end).trim();
}

/**
 * The field with each cookie under the name that `rename` gives it, or without it where that is undefined.
 * @returns the field itself when nothing changes, "" when none is left.
 */
export function renameCookies(field: string, rename: (name: string) => string | undefined): string {
  const pairs = field
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "");
  const kept = pairs.flatMap((pair) => {
    const name = nameOfCookie(pair);
    const renamed = rename(name);
    if (renamed === name) return [pair];
    return renamed === undefined ? [] : [renamed + pair.slice(pair.indexOf("="))];
  });
  const isSame = kept.length === pairs.length && kept.every((pair, index) => pair === pairs[index]);
  return isSame ? field : kept.join("; ");
}

/** Name → value as sent; of two with one name, the first. */
export function cookiesOf(field: string): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of field.split(";")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    if (name !== "" && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

/** Takes all cookies of these names out of the fields, in place. */
export function dropCookies(fields: Fields, names: readonly string[]): Fields {
  for (const name of names) {
    const rest = takeCookie(fields.get("cookie") ?? "", name)?.rest;
    if (rest === "") fields.delete("cookie");
    else if (rest !== undefined) fields.set("cookie", rest);
  }
  return fields;
}
