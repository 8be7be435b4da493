/** The key that an answer is stored under: what makes two requests ask for the same thing. */
import type { KeyParts } from "../config/model.ts";
import type { Routed } from "../visit.ts";

/**
 * The primary key (RFC 9111 §2): visited scheme and host, the target as the origin is asked for it, and what rules add.
 * Variants by `Vary` come on top of it, in `vary.ts`.
 */
export function keyOf(visit: Routed): string {
  const { key } = visit.caching;
  return visit.url.origin + withQuery(visit.target, key.query) + poolPart(visit) + extraParts(visit, key);
}

/** The key of another URL of the same site, such as the `Location` of an answer that changed something (RFC 9111 §4.4). */
export function keyOfSibling(visit: Routed, url: URL): string {
  return keyOf({ ...visit, target: url.pathname + url.search });
}

/** A rule that sends some visits to other origins makes another answer of the same URL. */
function poolPart({ pool, site }: Routed): string {
  return pool === site.origins ? "" : part("origins", pool.map(({ name }) => name).join(","));
}

function extraParts({ fields, client }: Routed, { headers, cookies, country }: KeyParts): string {
  if (headers.length === 0 && cookies.length === 0 && !country) return "";
  return [
    ...headers.map((name) => part(`header-${name}`, fields.get(name) ?? "")),
    ...cookies.map((name) => part(`cookie-${name}`, cookieOf(fields.get("cookie") ?? "", name))),
    ...(country ? [part("country", client.country ?? "")] : []),
  ].join("");
}

/** A space can stand in no URL, so no URL can be spelled to look like another one with parts. */
function part(name: string, value: string): string {
  return ` ${name}=${encodeURIComponent(value.toWellFormed())}`;
}

/** The target with what the key takes of its query. */
export function withQuery(target: string, wanted: KeyParts["query"]): string {
  if (wanted === "all") return target;
  const at = target.indexOf("?");
  if (at === -1) return target;
  const path = target.slice(0, at);
  if (wanted === "none") return path;
  const kept = target
    .slice(at + 1)
    .split("&")
    .filter((pair) => keeps(wanted, pair.split("=", 1)[0]!));
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}

function keeps(wanted: { readonly only: readonly string[] } | { readonly except: readonly string[] }, name: string) {
  const plain = decoded(name);
  return "only" in wanted ? wanted.only.includes(plain) : !wanted.except.includes(plain);
}

/** As an origin reads a parameter's name, so that `utm%5Fsource` is dropped like `utm_source`. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll("+", " "));
  } catch {
    return name;
  }
}

function cookieOf(header: string, name: string): string {
  const pair = header.split(";").find((cookie) => cookie.split("=", 1)[0]!.trim() === name);
  return pair === undefined ? "" : pair.slice(pair.indexOf("=") + 1).trim();
}
