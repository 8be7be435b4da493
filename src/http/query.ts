/** The query of a URL (RFC 3986 §3.4), as parameters that "&" separates, as they are written. */
import type { Address } from "./address.ts";

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
