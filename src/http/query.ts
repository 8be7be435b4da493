/** The query of a URL (RFC 3986 §3.4), as parameters that "&" separates, as they are written. */
import type { Address } from "./address.ts";
import { isNamed } from "./named.ts";

/** The value of the first parameter of that name, without its escapes; undefined when there is none. */
export function parameter({ search }: Pick<Address, "search">, name: string): string | undefined {
  if (!search.includes(name)) return undefined;
  const found = search
    .slice(1)
    .split("&")
    .find((pair) => pair.startsWith(`${name}=`));
  if (found === undefined) return undefined;
  try {
    return decodeURIComponent(found.slice(name.length + 1));
  } catch {
    return undefined;
  }
}

/** The URL without parameters of those names; all others stay as they are written, and so does a fragment. */
export function withoutParameters<A extends Address>(url: A, names: readonly string[]): A {
  const kept = url.search
    .slice(1)
    .split("&")
    .filter((pair) => !names.includes(pair.split("=", 1)[0]!));
  const rest = kept.join("&");
  const search = rest === "" ? "" : `?${rest}`;
  // What is normal stays so when parts are taken out: no need to ask the platform's parser, which takes longer than all else here.
  const [, before, fragment] = /^([^?#]*)(?:\?[^#]*)?(#.*)?$/s.exec(url.href)!;
  return { ...url, search, href: `${before}${search}${fragment ?? ""}` };
}

/** Of the parameters, in this order: what stays, what goes, what is set, and whether they are put in the order of their names. */
export interface QueryEdits {
  /** Undefined: all. */
  readonly keep: readonly string[] | undefined;
  readonly remove: readonly string[];
  /** An empty value takes the parameter away. */
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly sort: boolean;
}

/** @param search with its "?", or "". What isn't edited stays as it is written. */
export function editQuery(search: string, { keep, remove, set, sort }: QueryEdits): string {
  const stays = (name: string): boolean => (!keep || isNamed(keep, name)) && !isNamed(remove, name);
  const pairs = search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "");
  let kept = pairs.filter((pair) => stays(parameterName(pair)));
  for (const [name, value] of set) kept = setParameter(kept, name, value);
  const ordered = sort ? sorted(kept) : kept;
  return ordered.length === 0 ? "" : `?${ordered.join("&")}`;
}

/** In the place of the first of that name, or at the end; there is one of it then. */
function setParameter(pairs: readonly string[], name: string, value: string): string[] {
  const at = pairs.findIndex((pair) => parameterName(pair) === name);
  const written = value === "" ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`];
  const others = (part: readonly string[]): string[] => part.filter((pair) => parameterName(pair) !== name);
  return at === -1 ? [...pairs, ...written] : [...pairs.slice(0, at), ...written, ...others(pairs.slice(at))];
}

/** Those of one name stay in their order: an origin may take the first, the last, or all of them. */
export function sorted(pairs: readonly string[]): string[] {
  return pairs.toSorted((one, other) => compare(parameterName(one), parameterName(other)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Of a parameter as it is written, as an origin reads it: `utm%5Fsource` is `utm_source`. */
export function parameterName(pair: string): string {
  const [name = ""] = pair.split("=", 1);
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
}
