/** The key that an answer is stored under: what makes two requests ask for the same thing. */
import type { KeyParts } from "../config/model.ts";
import { visitedAddress } from "../http/address.ts";
import { deviceOf } from "../http/device.ts";
import { isNamed } from "../http/named.ts";
import { normalPath } from "../http/path.ts";
import { parameterName, sorted } from "../http/query.ts";
import { isRobotsPath } from "../http/robots.ts";
import type { Routed } from "../visit.ts";

/**
 * The primary key (RFC 9111 §2): visited scheme and host, the target as the origin is asked for it, and what rules add.
 * Variants by `Vary` come on top of it, in `vary.ts`.
 */
export function keyOf(visit: Routed): string {
  const { key } = visit.caching;
  return (
    visit.url.origin +
    withQuery(visit.target, key) +
    poolPart(visit) +
    robotsPart(visit) +
    imagePart(visit) +
    experimentsPart(visit) +
    shapesPart(visit) +
    extraParts(visit, key)
  );
}

/** The key of another URL of the same site, such as the `Location` of an answer that changed something (RFC 9111 §4.4). */
export function keyOfSibling(visit: Routed, url: URL): string {
  return keyOf({ ...visit, url: visitedAddress(url.href)!, target: normalPath(url.pathname) + url.search });
}

/** The key of the same URL without a query; the key itself when it has none. */
export function withoutQuery(key: string): string {
  const start = key.indexOf("?");
  if (start === -1) return key;
  const end = key.indexOf(" ", start);
  return key.slice(0, start) + (end === -1 ? "" : key.slice(end));
}

/** The URL that a key begins with: it is the same for all keys of that URL, by whatever else rules tell requests apart. */
export function urlOf(key: string): string {
  return key.split(" ", 1)[0]!;
}

/** What stands for the URLs of a key's path with any query, where queries share answers. No URL is spelled so. */
export function sharedUrlOf(key: string): string {
  return `${urlOf(withoutQuery(key))} `;
}

/** A rule that sends some visits to other origins makes another answer of the same URL. */
function poolPart({ pool, site }: Routed): string {
  return pool === site.origins ? "" : part("origins", pool.map(({ name }) => name).join(","));
}

/** What the edge writes into it is the policy's: by another policy it is another answer. */
function robotsPart({ site, url }: Routed): string {
  const policy = site.ai?.robots;
  return policy && isRobotsPath(url.pathname) ? part("robots", policy.id) : "";
}

/** In another size or format it is another answer: who takes no AVIF never gets one out of the store. */
function imagePart({ image }: Routed): string {
  return image
    ? part(
        "image",
        Object.entries(image.options)
          .map(([name, value]) => `${name}:${value}`)
          .join(","),
      )
    : "";
}

/**
 * Whoever is under other shapes has another answer, whatever it is that puts a visit under them. Those after the store count,
 * too: what they are for is kept whole.
 */
function shapesPart({ shapes }: Routed): string {
  return shapes.length === 0 ? "" : part("shapes", shapes.map(({ id }) => id).join(","));
}

/**
 * By what is seen, and not by who sees it. That of a control is apart from what those get who take no part, though it may be the
 * same: else it would be found stored more often than the variants that it is to be compared with.
 */
function experimentsPart({ experiments }: Routed): string {
  return experiments
    .map(({ experiment, key }) => (key === undefined ? "" : part(`experiment-${experiment}`, key)))
    .join("");
}

function extraParts({ fields, client }: Routed, { headers, cookies, country, device }: KeyParts): string {
  if (headers.length === 0 && cookies.length === 0 && !country && !device) return "";
  return [
    ...headers.map((name) => part(`header-${name}`, fields.get(name) ?? "")),
    ...cookies.map((name) => part(`cookie-${name}`, cookieOf(fields.get("cookie") ?? "", name))),
    ...(country ? [part("country", client.country ?? "")] : []),
    ...(device ? [part("device", deviceOf(fields))] : []),
  ].join("");
}

/** A space can stand in no URL, so no URL can be spelled to look like another one with parts. */
function part(name: string, value: string): string {
  return ` ${name}=${encodeURIComponent(value.toWellFormed())}`;
}

/** The target with what the key takes of its query. Twice is the same as once. */
export function withQuery(target: string, { query, sort }: Pick<KeyParts, "query" | "sort">): string {
  if (query === "all" && !sort) return target;
  const at = target.indexOf("?");
  if (at === -1) return target;
  const path = target.slice(0, at);
  if (query === "none") return path;
  const pairs = target.slice(at + 1).split("&");
  const kept = query === "all" ? pairs : pairs.filter((pair) => keeps(query, parameterName(pair)));
  const ordered = sort ? sorted(kept) : kept;
  return ordered.length === 0 ? path : `${path}?${ordered.join("&")}`;
}

type Choice = { readonly only: readonly string[] } | { readonly except: readonly string[] };

function keeps(wanted: Choice, name: string): boolean {
  return "only" in wanted ? isNamed(wanted.only, name) : !isNamed(wanted.except, name);
}

function cookieOf(header: string, name: string): string {
  const pair = header.split(";").find((cookie) => cookie.split("=", 1)[0]!.trim() === name);
  return pair === undefined ? "" : pair.slice(pair.indexOf("=") + 1).trim();
}
