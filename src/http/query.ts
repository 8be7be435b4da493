/** The query of a URL (RFC 3986 §3.4), as parameters that "&" separates, as they are written. */
import { parseAddress, type Address } from "./address.ts";

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

/** The URL without parameters of those names; all others stay as they are written. */
export function withoutParameters(url: Address, names: readonly string[]): Address {
  const kept = url.search
    .slice(1)
    .split("&")
    .filter((pair) => !names.includes(pair.split("=", 1)[0]!));
  const changed = new URL(url.href);
  const rest = kept.join("&");
  // Of a text that begins with "?", the platform takes that for the query's own.
  changed.search = rest === "" ? "" : `?${rest}`;
  return parseAddress(changed.href)!;
}
